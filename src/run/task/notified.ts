import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import { needIn } from '../../values/need.ts'
import { faultAt, omitted, renderDeep } from '../../values/render.ts'
import type { Cursor } from '../../walk/cursor.ts'
import { due, notify, unnotify } from '../../walk/walk.ts'
import type { Item } from '../resolve/item.ts'
import { handlersFor, type Named } from './handlers-for.ts'
import type { HostContext } from './host-context.ts'

/** The handlers that are due on one host. Which they are stands in the cursor of its way. */
export class Notified {
  readonly #context: HostContext
  readonly #way: { cursor: Cursor }
  /** Its name on this host was told with the notification: a template may give another one later. */
  readonly #names = new Map<Task, string>()

  constructor(context: HostContext, way: { cursor: Cursor }) {
    this.#context = context
    this.#way = way
  }

  /** An item changed something: whom it notifies. */
  add(item: Item): readonly Task[] {
    const handlers = this.meant(item)
    for (const handler of handlers) this.#wait(handler)
    return handlers
  }

  #wait(handler: Task): void {
    const { cursor } = this.#way
    this.#way.cursor = notify(cursor, this.#numberOf(handler))
    if (this.#way.cursor !== cursor) this.#tell(handler, 'pending')
  }

  /** The handlers that an item would notify; a name that no handler has is a fault. */
  meant(item: Item): readonly Task[] {
    const { task } = item
    const wanted = task.inherited.notify.flatMap(entry => namesIn(entry, item))
    if (wanted.length === 0) return []
    const handlers = this.#context.play.handlers.map(handler => this.#named(handler))
    return wanted.flatMap(name => {
      const found = handlersFor(name, task.role, handlers)
      if (found.length === 0) throw new Fault('handler', `there is no handler '${name}'`, { at: task.at })
      return found
    })
  }

  /** Changes have been taken back: these handlers have nothing to do any more, and these are due again. */
  settle(needless: readonly Task[], again: readonly Task[]): void {
    this.#way.cursor = unnotify(
      this.#way.cursor,
      needless.map(handler => this.#numberOf(handler)),
    )
    for (const handler of again) this.#wait(handler)
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#handlers(this.#way.cursor.pending).values()
  }

  /** The host leaves the play: handlers that are still due will not run, and the summary names them. */
  leave(): void {
    for (const handler of this.#handlers(due(this.#way.cursor))) {
      this.#context.memory.pendingHandlers.push(this.#nameOf(handler))
      this.#tell(handler, 'not_run')
    }
  }

  #handlers(numbers: readonly number[]): readonly Task[] {
    return numbers.map(number => this.#context.play.handlers[number] as Task)
  }

  #numberOf(handler: Task): number {
    return this.#context.play.handlers.indexOf(handler)
  }

  #tell(handler: Task, state: 'pending' | 'not_run'): void {
    const { play, memory, record } = this.#context
    record({
      record: 'handler',
      play: { address: play.address, name: play.name },
      host: memory.host.name,
      handler: { address: handler.address, name: this.#nameOf(handler) },
      state,
    })
  }

  #nameOf(handler: Task): string {
    return this.#names.get(handler) ?? handler.name
  }

  /** A handler with the names it answers to on this host. */
  #named(handler: Task): Named {
    const { name, listen } = handler
    if (!name.includes('{') && !listen.some(topic => topic.includes('{'))) return { handler, name, listen }
    const rendered = {
      handler,
      name: this.#rendered(handler, name),
      listen: listen.map(topic => this.#rendered(handler, topic)),
    }
    this.#names.set(handler, rendered.name)
    return rendered
  }

  // As in Ansible, a name that cannot be rendered here is nobody's: the handler may be meant for other hosts.
  #rendered(handler: Task, text: string): string {
    const { scopeOf, template } = this.#context
    try {
      return String(renderDeep(text, scopeOf(handler, {}), template))
    } catch (error) {
      const need = needIn(error)
      if (need !== undefined && need.kind !== 'result') throw error
      return text
    }
  }
}

/** An entry of `notify` may be a template that gives a name, a list of names, or nothing. */
const namesIn = (entry: unknown, { task, scope, template }: Item): readonly string[] => {
  try {
    const rendered = renderDeep(entry, scope, template)
    return (Array.isArray(rendered) ? rendered : [rendered])
      .filter(name => name !== null && name !== undefined && name !== '' && name !== omitted)
      .map(String)
  } catch (error) {
    throw faultAt(error, task.at)
  }
}
