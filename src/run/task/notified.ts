import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import { needIn } from '../../values/need.ts'
import { faultAt, omitted, renderDeep } from '../../values/render.ts'
import type { HostContext } from '../host-context.ts'
import type { Item } from '../resolve/item.ts'
import { handlersFor, type Named } from './handlers-for.ts'

/** The handlers that wait for their turn on one host. */
export class Notified {
  readonly #context: HostContext
  readonly #waiting = new Set<Task>()
  /** Begun and not well: a handler that failed is not run again, but what it was to do is still to be done. */
  readonly #unfinished = new Set<Task>()
  /** Its name on this host was told with the notification: a template may give another one later. */
  readonly #names = new Map<Task, string>()

  constructor(context: HostContext) {
    this.#context = context
  }

  /** An item changed something: whom it notifies. */
  add(item: Item): readonly Task[] {
    const handlers = this.meant(item)
    for (const handler of handlers) this.#wait(handler)
    return handlers
  }

  #wait(handler: Task): void {
    if (this.#waiting.has(handler)) return
    this.#waiting.add(handler)
    this.#tell(handler, 'pending')
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

  has(handler: Task): boolean {
    return this.#waiting.has(handler)
  }

  /** Its turn has come: it does not get another one unless something notifies it anew. */
  begun(handler: Task): void {
    this.#waiting.delete(handler)
    this.#unfinished.add(handler)
  }

  /** It is through; what it notified itself for it has just done. */
  ran(handler: Task): void {
    this.#waiting.delete(handler)
    this.#unfinished.delete(handler)
  }

  /** Changes have been taken back: these handlers have nothing to do any more, and these are due again. */
  settle(needless: readonly Task[], again: readonly Task[]): void {
    for (const handler of needless) this.#waiting.delete(handler)
    for (const handler of again) this.#wait(handler)
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#waiting.values()
  }

  /** The host leaves the play: handlers that are still pending will not run, and the summary names them. */
  leave(): void {
    for (const handler of this.#context.play.handlers) {
      if (!this.#waiting.has(handler) && !this.#unfinished.has(handler)) continue
      this.#context.memory.pendingHandlers.push(this.#nameOf(handler))
      this.#tell(handler, 'not_run')
    }
  }

  #tell(handler: Task, state: 'pending' | 'not_run'): void {
    const { play, memory, emit } = this.#context
    emit({ event: 'notified', play: play.name, host: memory.host.name, handler: this.#nameOf(handler), state })
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
