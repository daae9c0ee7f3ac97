import { Fault } from '../model/fault.ts'
import type { Task } from '../model/playbook.ts'
import type { HostContext } from './host-context.ts'
import type { Item } from './item.ts'
import { renderDeep } from './render.ts'

/** The handlers that wait for their turn on one host. */
export class Notified {
  readonly #context: HostContext
  readonly #waiting = new Set<Task>()
  /** Begun and not well: a handler that failed is not run again, but what it was to do is still to be done. */
  readonly #unfinished = new Set<Task>()

  constructor(context: HostContext) {
    this.#context = context
  }

  /** An item changed something: whom it notifies. */
  add(item: Item): void {
    const { play } = this.#context
    for (const wanted of item.task.inherited.notify) {
      const name = String(renderDeep(wanted, item.scope, item.template))
      const found = play.handlers.filter(handler => answersTo(handler, name))
      if (found.length === 0) throw new Fault('handler', `there is no handler '${name}'`, { at: item.task.at })
      for (const handler of found) {
        if (this.#waiting.has(handler)) continue
        this.#waiting.add(handler)
        this.#tell(handler, 'pending')
      }
    }
  }

  has(handler: Task): boolean {
    return this.#waiting.has(handler)
  }

  /** Its turn has come: it does not get another one unless something notifies it anew. */
  begun(handler: Task): void {
    this.#waiting.delete(handler)
    this.#unfinished.add(handler)
  }

  ran(handler: Task): void {
    this.#unfinished.delete(handler)
  }

  /** What they were to act upon has been taken back. */
  clear(): void {
    this.#waiting.clear()
  }

  [Symbol.iterator](): Iterator<Task> {
    return this.#waiting.values()
  }

  /** The host's way ends here: who still waits is owed. */
  leave(): void {
    for (const handler of this.#context.play.handlers) {
      if (!this.#waiting.has(handler) && !this.#unfinished.has(handler)) continue
      this.#context.memory.owed.push(handler.name)
      this.#tell(handler, 'owed')
    }
  }

  #tell(handler: Task, state: 'pending' | 'owed'): void {
    const { play, memory, emit } = this.#context
    emit({ event: 'notified', play: play.name, host: memory.host.name, handler: handler.name, state })
  }
}

const answersTo = (handler: Task, name: string): boolean =>
  handler.name === name ||
  handler.listen.includes(name) ||
  (handler.role !== undefined && `${handler.role.name} : ${handler.name}` === name)
