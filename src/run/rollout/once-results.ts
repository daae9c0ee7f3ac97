import type { OnceResult } from '../../model/coordinator.ts'
import { type Position, positionKey } from '../../model/position.ts'
import type { HostProgress } from './host-progress.ts'

/** Who of a batch runs a `run_once` task: the first host, or when that has left before, the first that still comes by. */
export class OnceResults {
  readonly #hosts: readonly HostProgress[]
  readonly #results = new Map<string, OnceResult>()
  // For each position, the first host that may still come there: those before it are past it for good.
  readonly #first = new Map<string, number>()
  readonly #waiting = new Map<string, (() => void)[]>()

  constructor(hosts: readonly HostProgress[]) {
    this.#hosts = hosts
  }

  /** It is this host's to run, or the result of who ran it; a promise: to be asked again when it resolves. */
  turn(position: Position, me: HostProgress): 'mine' | OnceResult | Promise<void> {
    const result = this.#results.get(positionKey(position))
    if (result !== undefined) return result
    const first = this.#firstAt(position)
    if (first === me || first === undefined) return 'mine'
    return Promise.race([first.passes(position), this.#shared(position)])
  }

  share(position: Position, result: OnceResult): void {
    const key = positionKey(position)
    this.#results.set(key, result)
    for (const wake of this.#waiting.get(key) ?? []) wake()
    this.#waiting.delete(key)
  }

  #shared(position: Position): Promise<void> {
    const key = positionKey(position)
    return new Promise(resolve => {
      const others = this.#waiting.get(key)
      if (others === undefined) this.#waiting.set(key, [resolve])
      else others.push(resolve)
    })
  }

  #firstAt(position: Position): HostProgress | undefined {
    const key = positionKey(position)
    let at = this.#first.get(key) ?? 0
    while (this.#hosts[at]?.isPast(position) === true) at++
    this.#first.set(key, at)
    return this.#hosts[at]
  }
}
