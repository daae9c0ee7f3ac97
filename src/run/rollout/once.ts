import type { Ended } from '../task/registered.ts'
import type { Walker } from './host-progress.ts'

/** What the host that ran a `run_once` task for all came to. */
export interface Shared {
  readonly host: string
  readonly ended: readonly Ended[]
  readonly how: 'done' | 'failed' | 'unreachable'
}

/** How a host waits: others may work in its stead. */
type Meanwhile = (wait: () => Promise<void>) => Promise<void>

/** Who of a batch runs a `run_once` task: the first host, or when that has left before, the first that still comes by. */
export class RunOnce {
  readonly #walkers: readonly Walker[]
  readonly #meanwhile: Meanwhile
  readonly #shared = new Map<number, Shared>()
  // For each place, the first host that may still come there: those before it are past it for good.
  readonly #first = new Map<number, number>()
  readonly #waiting = new Map<number, (() => void)[]>()

  constructor(walkers: readonly Walker[], meanwhile: Meanwhile = wait => wait()) {
    this.#walkers = walkers
    this.#meanwhile = meanwhile
  }

  /** Waits until it is known: it is this host's to run (`mine`), or what another came to. */
  async turn(place: number, me: Walker, check: () => void): Promise<'mine' | Shared> {
    for (;;) {
      const shared = this.#shared.get(place)
      if (shared !== undefined) return shared
      const first = this.#firstAt(place)
      if (first === me || first === undefined) return 'mine'
      await this.#meanwhile(() => Promise.race([first.passes(place), this.#published(place)]))
      check()
    }
  }

  publish(place: number, shared: Shared): void {
    this.#shared.set(place, shared)
    for (const wake of this.#waiting.get(place) ?? []) wake()
    this.#waiting.delete(place)
  }

  #published(place: number): Promise<void> {
    return new Promise(resolve => {
      const others = this.#waiting.get(place)
      if (others === undefined) this.#waiting.set(place, [resolve])
      else others.push(resolve)
    })
  }

  #firstAt(place: number): Walker | undefined {
    let at = this.#first.get(place) ?? 0
    while (this.#walkers[at]?.past(place) === true) at++
    this.#first.set(place, at)
    return this.#walkers[at]
  }
}
