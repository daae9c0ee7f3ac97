import type { HostTotals, Status } from '../../model/event.ts'
import type { Host } from '../../model/inventory.ts'
import type { ItemRecord } from '../../model/record.ts'
import type { Shell } from '../../shell/shell.ts'
import { Semaphore } from './semaphore.ts'

/** Counts how often a host left the run or came back, so that lists of who is there need not be made anew each time. */
export interface PresenceCounter {
  changes: number
}

/** What is known of one host for the length of a run, over all its plays. */
export class HostState {
  readonly host: Host
  facts: Readonly<Record<string, unknown>> | undefined
  /** `set_fact` and `register`: data, never rendered again. */
  readonly results: Record<string, unknown> = Object.create(null)
  readonly shells = new Map<string, Promise<Shell>>()
  readonly open: Shell[] = []
  /** What a play's wish for a shell came to, so that variables need not be asked at each task. */
  readonly ways = new WeakMap<object, Map<string, Promise<Shell>>>()
  readonly counts: Record<Status, number> = {
    ok: 0,
    changed: 0,
    unknown: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    ignored: 0,
    rescued: 0,
  }
  verified = 0
  failedAfterChange = 0
  /** A dry run could not tell whether some task would change it. */
  mayChange = false
  /** It failed or could not be reached in some play: the exit code tells. */
  lost: 'failed' | 'unreachable' | undefined
  /** How its last play ended for it; `undefined` before its first. */
  left: 'ended' | 'failed' | 'unreachable' | 'stopped' | undefined
  /** A task of it met with a bug in mlplay. */
  bug = false
  pendingHandlers: string[] = []
  /** How often `meta: clear_host_errors` was meant for it. */
  cleared = 0
  /** How often others changed it by `delegate_to`: what was seen before that is old. */
  touched = 0
  readonly #roster: PresenceCounter
  #dropped = false
  #through = false
  #turns: Semaphore | undefined

  constructor(host: Host, roster: PresenceCounter) {
    this.host = host
    this.#roster = roster
  }

  /** Out of the run: it failed or could not be reached, and `meta: clear_host_errors` did not take it in again. */
  get dropped(): boolean {
    return this.#dropped
  }

  get totals(): HostTotals {
    const roundTrips = this.open.reduce((sum, shell) => sum + shell.roundTrips, 0)
    return {
      ...this.counts,
      round_trips: roundTrips,
      verified: this.verified,
      failed_after_change: this.failedAfterChange,
    }
  }

  /** It takes part in the play that is under way: neither lost nor let go by `meta: end_host`. */
  get present(): boolean {
    return !this.#dropped && !this.#through
  }

  /** `meta: end_host` lets it go for the rest of the play; a new play takes it in again. */
  set through(through: boolean) {
    if (this.#through !== through) this.#roster.changes++
    this.#through = through
  }

  /** Counts what became of an item. */
  take({ status, made, verified, mayChange, bug }: ItemRecord): void {
    // A rescue is counted once, when it begins: a loop may have failed many times.
    if (status !== 'rescued') this.counts[status]++
    if (verified) this.verified++
    if (made > 0 && (status === 'failed' || status === 'ignored')) this.failedAfterChange++
    if (mayChange) this.mayChange = true
    if (bug) this.bug = true
  }

  lose(how: 'failed' | 'unreachable'): void {
    // Who failed once is a failure for good, wherever else the host may be lost afterwards.
    this.lost = this.lost === 'failed' ? 'failed' : how
    this.#drop(true)
  }

  /** Takes the host into the run again. */
  clear(): void {
    this.cleared++
    this.#drop(false)
  }

  #drop(dropped: boolean): void {
    if (this.#dropped !== dropped) this.#roster.changes++
    this.#dropped = dropped
  }

  /** The shell known by a key, opened when it is first wanted; one that could not be opened is tried anew next time. */
  shell(key: string, open: () => Shell | Promise<Shell>): Promise<Shell> {
    const known = this.shells.get(key)
    if (known !== undefined) return known
    const opened = Promise.resolve()
      .then(open)
      .then(shell => {
        this.open.push(shell)
        return shell
      })
    this.shells.set(key, opened)
    opened.catch(() => this.shells.delete(key))
    return opened
  }

  /** One at a time looks and acts here, as soon as hosts act on each other: between a look and a change nobody comes. */
  async alone<T>(visitor: boolean, action: () => Promise<T>): Promise<T> {
    if (visitor) this.#turns ??= new Semaphore(1)
    return this.#turns === undefined ? await action() : await this.#turns.use(action)
  }

  /** Closes the connections when whoever acts on the host now is through. */
  async leave(): Promise<void> {
    await this.alone(false, () => this.close())
  }

  /** Lets go of the host's connections; a shell that is used again opens anew. */
  async close(): Promise<void> {
    await Promise.all(this.open.map(shell => shell.close()))
  }
}
