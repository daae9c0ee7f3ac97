import type { Host } from '../../model/inventory.ts'
import { overBudget } from '../../schedule/failure-budget.ts'
import type { Places } from '../../schedule/places.ts'
import { EndHost, HostStopped, Interrupted } from '../../shell/interrupted.ts'
import { Slots } from '../state/semaphore.ts'
import { Walker } from './host-progress.ts'
import { Lockstep } from './linear-barrier.ts'
import { RunOnce } from './once.ts'

export interface BatchOptions {
  readonly hosts: readonly Host[]
  readonly linear: boolean
  readonly places: Places
  /** Hosts at work at once. */
  readonly forks: number
  /** More hosts are on their way in lockstep than can be connected at once: each lets go of its connections after a task. */
  readonly crowded?: boolean
  /** `max_fail_percentage`, when the play says so. */
  readonly percentage: number | undefined
  readonly signal: AbortSignal
}

/** What the hosts of one batch share: how far each has come, who is lost, and whether the others go on. */
export class Batch {
  readonly #options: BatchOptions
  readonly walkers: readonly Walker[]
  readonly once: RunOnce
  readonly slots: Slots
  readonly #lockstep: Lockstep | undefined
  readonly #throttles = new Map<number, Slots>()
  readonly #byName: ReadonlyMap<string, Walker>
  readonly lost = new Map<string, 'failed' | 'unreachable'>()
  /** Why all hosts of the batch stop, and at which place it was decided. */
  stopped: { readonly why: string; readonly place: number } | undefined
  /** `meta: end_batch` and `end_play`: all is well, and that is enough. */
  ended: 'batch' | 'play' | undefined

  constructor(options: BatchOptions) {
    this.#options = options
    this.walkers = options.hosts.map(host => new Walker(host))
    this.#byName = new Map(this.walkers.map(walker => [walker.host.name, walker]))
    this.once = new RunOnce(this.walkers, wait => this.meanwhile(wait))
    this.slots = new Slots(options.forks)
    this.#lockstep = options.linear ? new Lockstep(options.hosts.length) : undefined
  }

  get hosts(): readonly Host[] {
    return this.#options.hosts
  }

  get crowded(): boolean {
    return this.#options.crowded === true
  }

  get places(): Places {
    return this.#options.places
  }

  get linear(): boolean {
    return this.#options.linear
  }

  get over(): boolean {
    return this.stopped !== undefined || this.ended !== undefined || this.#options.signal.aborted
  }

  /** Before a step. `closing`: an `always` or a forced handler, which runs although the batch stops. */
  async reach(walker: Walker, place: number, closing: boolean): Promise<void> {
    this.check(place, closing)
    // Said before it waits: who waits for this host at a place that it has left out must not wait for ever.
    walker.arrive(place)
    if (this.#lockstep === undefined) return
    await this.#lockstep.reach(place)
    this.check(place, closing)
  }

  check(place: number, closing: boolean): void {
    if (this.#options.signal.aborted) throw new Interrupted()
    if (closing) return
    // In lockstep the step that was fatal comes to its end on all hosts first.
    if (this.stopped !== undefined && !(this.linear && place <= this.stopped.place)) throw new HostStopped()
    if (this.ended !== undefined) throw new EndHost()
  }

  leave(walker: Walker): void {
    walker.leave()
    this.#lockstep?.leave()
  }

  /** A host is lost for good: the others may have to stop on its account. */
  lose(host: string, loss: Loss): void {
    if (this.lost.has(host)) return
    this.lost.set(host, loss.how)
    const { hosts, percentage } = this.#options
    if (loss.fatal) this.#stop(`${host} ${wordsFor(loss.how)}, and any_errors_fatal is set`, loss.place)
    else if (percentage !== undefined && overBudget(this.lost.size, hosts.length, percentage))
      this.#stop(
        `${this.lost.size} of ${hosts.length} hosts failed or were unreachable, more than max_fail_percentage: ${percentage} allows`,
        loss.place,
      )
  }

  /** At most `limit` hosts at this place at once; 0 is no limit. */
  async throttled<T>(place: number, limit: number | undefined, action: () => Promise<T>): Promise<T> {
    if (limit === undefined || limit === 0) return await action()
    const slots = this.#throttles.get(place) ?? new Slots(limit)
    this.#throttles.set(place, slots)
    return await slots.use(action)
  }

  /** While a host waits for another one, its slot is for others: they may be the ones that it waits for. */
  async meanwhile<T>(wait: () => Promise<T>): Promise<T> {
    return this.linear ? await wait() : await this.slots.yielding(wait)
  }

  /** The host of that name, where it is of this batch. */
  walkerOf(name: string): Walker | undefined {
    return this.#byName.get(name)
  }

  /** In lockstep a host takes a slot for each task, as it must not hold one while it waits for the others. */
  async working<T>(action: () => Promise<T>): Promise<T> {
    return this.linear ? await this.slots.use(action) : await action()
  }

  #stop(why: string, place: number): void {
    this.stopped ??= { why, place }
  }
}

export interface Loss {
  readonly how: 'failed' | 'unreachable'
  readonly fatal: boolean
  readonly place: number
}

export const wordsFor = (how: Loss['how']): string => (how === 'failed' ? 'failed' : 'could not be reached')
