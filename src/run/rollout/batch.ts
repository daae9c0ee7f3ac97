import type { AtStep, Coordinator, Halt, Loss, OnceResult, OnceTurn } from '../../model/coordinator.ts'
import { isBefore, type Position, positionKey } from '../../model/position.ts'
import { overBudget } from '../../schedule/failure-budget.ts'
import { lossWords } from '../state/loss-words.ts'
import { Semaphore } from '../state/semaphore.ts'
import { HostProgress } from './host-progress.ts'
import { LinearBarrier } from './linear-barrier.ts'
import { OnceResults } from './once-results.ts'

export interface BatchOptions {
  /** Names of the hosts in the order in which they are taken. */
  readonly hosts: readonly string[]
  readonly linear: boolean
  /** Hosts at work at once. */
  readonly forks: number
  /** `max_fail_percentage`, when the play says so. */
  readonly percentage: number | undefined
  readonly signal: AbortSignal
}

/** The coordinator of a batch whose hosts are all in this process. */
export class Batch implements Coordinator {
  readonly #options: BatchOptions
  readonly #progress: ReadonlyMap<string, HostProgress>
  readonly #once: OnceResults
  readonly #forks: Semaphore
  readonly #barrier: LinearBarrier | undefined
  readonly #throttles = new Map<string, Semaphore>()
  /** What a host that is at work holds, until it exits. */
  readonly #held = new Map<string, readonly Semaphore[]>()
  readonly #lost = new Map<string, Loss['how']>()
  #stopped: { readonly why: string; readonly position: Position } | undefined
  #ended: 'batch' | 'play' | undefined

  constructor(options: BatchOptions) {
    this.#options = options
    this.#progress = new Map(options.hosts.map(host => [host, new HostProgress()]))
    this.#once = new OnceResults([...this.#progress.values()])
    this.#forks = new Semaphore(options.forks)
    this.#barrier = options.linear ? new LinearBarrier(options.hosts.length) : undefined
  }

  /** Names of the hosts that failed or could not be reached, in the order in which they were taken. */
  get lost(): readonly string[] {
    return this.#options.hosts.filter(host => this.#lost.has(host))
  }

  /** Why all hosts of the batch stop, if they do. */
  get stopped(): string | undefined {
    return this.#stopped?.why
  }

  get ended(): 'batch' | 'play' | undefined {
    return this.#ended
  }

  /** No further host may begin. */
  get over(): boolean {
    return this.#stopped !== undefined || this.#ended !== undefined || this.#options.signal.aborted
  }

  /** A host's whole turn. In step with the others it takes a place for each task, else one for its whole way. */
  async turn(action: () => Promise<void>): Promise<void> {
    return this.#options.linear ? await action() : await this.#forks.use(action)
  }

  async reach({ host, position, closing }: AtStep): Promise<Halt | undefined> {
    const why = this.#halt(position, closing)
    if (why !== undefined) return why
    // Before it waits: a host that waits for this one at a step that it has skipped must not wait for ever.
    this.#of(host).arrive(position)
    if (this.#barrier === undefined) return undefined
    await this.#barrier.reach(position)
    return this.#halt(position, closing)
  }

  async enter({ host, position, closing, limit }: AtStep & { readonly limit: number }): Promise<Halt | undefined> {
    const places = [
      ...(limit === 0 ? [] : [this.#throttle(position, limit)]),
      ...(this.#options.linear ? [this.#forks] : []),
    ]
    for (const place of places) await place.enter()
    this.#held.set(host, places)
    const why = this.#halt(position, closing)
    if (why !== undefined) this.exit(host)
    return why
  }

  exit(host: string): void {
    const held = this.#held.get(host) ?? []
    this.#held.delete(host)
    for (const place of held.toReversed()) place.exit()
  }

  async once({ host, position, closing }: AtStep): Promise<OnceTurn> {
    for (;;) {
      const turn = this.#once.turn(position, this.#of(host))
      if (turn === 'mine') return { kind: 'mine' }
      if (!(turn instanceof Promise)) return { kind: 'shared', result: turn }
      await this.#meanwhile(() => turn)
      const why = this.#halt(position, closing)
      if (why !== undefined) return { kind: 'halt', why }
    }
  }

  shareOnce(position: Position, result: OnceResult): void {
    this.#once.share(position, result)
  }

  isBehind(other: string, host: string): boolean {
    const awaited = this.#progress.get(other)
    return awaited !== undefined && other !== host && awaited.isBehind(this.#of(host))
  }

  async awaitHost(other: string, host: string): Promise<void> {
    const awaited = this.#progress.get(other)
    if (awaited !== undefined) await this.#meanwhile(() => awaited.catchesUp(this.#of(host)))
  }

  lose({ host, how, fatal, position }: Loss): void {
    if (this.#lost.has(host)) return
    this.#lost.set(host, how)
    const { hosts, percentage } = this.#options
    if (fatal) this.#stop(`${host} ${lossWords(how)}, and any_errors_fatal is set`, position)
    else if (percentage !== undefined && overBudget(this.#lost.size, hosts.length, percentage))
      this.#stop(
        `${this.#lost.size} of ${hosts.length} hosts failed or were unreachable, more than max_fail_percentage: ${percentage} allows`,
        position,
      )
  }

  clearLosses(): void {
    this.#lost.clear()
  }

  end(what: 'batch' | 'play'): void {
    this.#ended = what === 'play' ? 'play' : (this.#ended ?? 'batch')
  }

  leave(host: string): void {
    this.#of(host).leave()
    this.#barrier?.leave()
  }

  /** A host that never began: nobody may wait for it. */
  skip(host: string): void {
    this.#of(host).leave()
  }

  #halt(position: Position, closing: boolean): Halt | undefined {
    const { signal, linear } = this.#options
    if (signal.aborted) return 'interrupted'
    if (closing) return undefined
    // In step with each other, the step that was fatal comes to its end on all hosts first.
    const through = linear && this.#stopped !== undefined && !isBefore(this.#stopped.position, position)
    if (this.#stopped !== undefined && !through) return 'stopped'
    return this.#ended === undefined ? undefined : 'ended'
  }

  #stop(why: string, position: Position): void {
    this.#stopped ??= { why, position }
  }

  #throttle(position: Position, limit: number): Semaphore {
    const key = positionKey(position)
    const throttle = this.#throttles.get(key) ?? new Semaphore(limit)
    this.#throttles.set(key, throttle)
    return throttle
  }

  /** While a host waits for another one, its place is for others: they may be the ones that it waits for. */
  async #meanwhile(wait: () => Promise<void>): Promise<void> {
    return this.#options.linear ? await wait() : await this.#forks.yielding(wait)
  }

  #of(host: string): HostProgress {
    const progress = this.#progress.get(host)
    if (progress === undefined) throw new RangeError(`${host} is not of this batch`)
    return progress
  }
}
