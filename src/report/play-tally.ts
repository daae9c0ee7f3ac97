import type { Event } from '../model/event.ts'
import { TaskTally } from './task-tally.ts'

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>

/** A host that is running a task. */
export interface RunningHost {
  readonly host: string
  readonly task: string
  readonly since: number
}

interface HostEntry {
  readonly host: string
  /** Index of the host in the play's list. */
  readonly index: number
  tally: TaskTally | undefined
  startedAt: number
  lastEventAt: number
  failed: boolean
}

/** Progress of many hosts through a play. Constant work per event; only counts are kept. */
export class PlayTally {
  readonly hosts: number
  /** Every task that some host has started, in order. */
  readonly tasks: TaskTally[] = []
  failed = 0
  started = 0
  readonly #entries: ReadonlyMap<string, HostEntry>
  readonly #open = new Map<string, TaskTally>()
  // In order of their start, so the first entries have run longest.
  readonly #running = new Map<string, RunningHost>()
  readonly #now: () => number

  constructor(play: Of<'play'>, now: () => number) {
    this.#now = now
    this.hosts = play.hosts.length
    this.#entries = new Map(
      play.hosts.map((host, index) => [
        host,
        { host, index, tally: undefined, startedAt: -1, lastEventAt: 0, failed: false } satisfies HostEntry,
      ]),
    )
  }

  /** Returns the tasks that this event completed on all hosts. */
  on(event: Event): readonly TaskTally[] {
    if (event.event !== 'start' && event.event !== 'task') return []
    const entry = this.#entries.get(event.host)
    if (entry === undefined) return []
    const tally = this.#tallyOf(event)
    const left = entry.tally === tally ? undefined : this.#leave(entry)
    entry.tally = tally
    entry.lastEventAt = this.#now()
    if (entry.startedAt < 0) {
      entry.startedAt = entry.lastEventAt
      this.started++
    }
    if (event.event === 'start') this.#begin(entry, tally)
    else {
      this.#stopRunning(entry)
      tally.add(entry.index, event)
      if ((event.status === 'failed' || event.status === 'unreachable') && !entry.failed) return this.#fail(entry)
    }
    return left?.complete === true ? this.#closeTallies([left]) : []
  }

  /** The play is over: returns the tasks that not every host reached. */
  end(): readonly TaskTally[] {
    this.#running.clear()
    for (const tally of this.tasks) tally.running = 0
    return this.#closeTallies([...this.#open.values()])
  }

  /** Running hosts, longest first. */
  longestRunning(most: number): readonly RunningHost[] {
    const found: RunningHost[] = []
    for (const busy of this.#running.values()) if (found.push(busy) >= most) break
    return found
  }

  get running(): number {
    return this.#running.size
  }

  /** No event says that a host has finished, so a host that started and runs nothing now counts as done. */
  get done(): number {
    return this.started - this.#running.size
  }

  /** How long each host took, in milliseconds. */
  *times(): Iterable<readonly [host: string, ms: number]> {
    for (const { host, startedAt, lastEventAt } of this.#entries.values())
      if (startedAt >= 0) yield [host, lastEventAt - startedAt]
  }

  #tallyOf({ id, task, handler = false }: Of<'start'> | Of<'task'>): TaskTally {
    // Keyed by id: two tasks may share a name, and a templated name differs from host to host.
    const key = keyOf({ id, handler })
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const made = new TaskTally({ id, name: task, handler, hosts: this.hosts, missed: this.failed })
    this.#open.set(key, made)
    this.tasks.push(made)
    return made
  }

  #begin(entry: HostEntry, tally: TaskTally): void {
    if (this.#running.delete(entry.host)) tally.running--
    this.#running.set(entry.host, { host: entry.host, task: tally.name, since: entry.lastEventAt })
    tally.running++
  }

  #stopRunning(entry: HostEntry): void {
    if (this.#running.delete(entry.host) && entry.tally !== undefined) entry.tally.running--
  }

  #leave(entry: HostEntry): TaskTally | undefined {
    this.#stopRunning(entry)
    if (entry.tally !== undefined) entry.tally.left++
    return entry.tally
  }

  // A failed host leaves its task and will not reach the tasks that are still open.
  #fail(entry: HostEntry): readonly TaskTally[] {
    entry.failed = true
    this.failed++
    this.#leave(entry)
    entry.tally = undefined
    for (const tally of this.#open.values()) if (!tally.has(entry.index)) tally.absent++
    return this.#closeTallies([...this.#open.values()].filter(tally => tally.complete))
  }

  #closeTallies(tallies: readonly TaskTally[]): readonly TaskTally[] {
    for (const tally of tallies) this.#open.delete(keyOf(tally))
    return tallies
  }
}

const keyOf = ({ id, handler }: { readonly id: string; readonly handler: boolean }): string =>
  `${handler ? 'handler' : 'task'} ${id}`
