import type { Status, TaskEvent } from '../model/event.ts'
import { withoutHost } from './host-placeholder.ts'

/** Hosts to which the same happened, but for their names in it: the first event tells what. */
export interface Outcome {
  readonly event: TaskEvent
  readonly hosts: string[]
}

// Weakest first: of a loop's items, the strongest outcome is the host's.
const STATUSES: readonly Status[] = [
  'skipped',
  'ok',
  'unknown',
  'changed',
  'rescued',
  'ignored',
  'failed',
  'unreachable',
]
// Hosts that differ in each outcome would fill the memory with diffs that nobody reads.
const MOST_OUTCOMES = 10

/** What one task did on many hosts: counted as events come, a byte for each host, and each distinct change kept once. */
export class TaskTally {
  readonly id: string
  readonly name: string
  readonly handler: boolean
  /** The task's type, when some host has told of it. */
  type = ''
  /** Hosts by their outcome. */
  readonly counts: Record<Status, number> = {
    skipped: 0,
    ok: 0,
    unknown: 0,
    changed: 0,
    rescued: 0,
    ignored: 0,
    failed: 0,
    unreachable: 0,
  }
  /** Hosts at it now. */
  running = 0
  /** Hosts that went on to another task, or went on no more. */
  closed = 0
  /** Hosts that were lost before they came to it. */
  missed: number
  /** Outcomes that were too many to keep. */
  more = 0
  #states: Uint8Array
  readonly #outcomes = new Map<string, Outcome>()

  constructor(of: {
    readonly id: string
    readonly name: string
    readonly handler: boolean
    readonly hosts: number
    readonly missed: number
  }) {
    this.id = of.id
    this.name = of.name
    this.handler = of.handler
    this.missed = of.missed
    this.#states = new Uint8Array(of.hosts)
  }

  /** Whether a host has told of it. */
  has(host: number): boolean {
    return (this.#states[host] ?? 0) > 0
  }

  /** No host will come to it any more. */
  get complete(): boolean {
    return this.closed + this.missed >= this.#states.length
  }

  note(host: number, event: TaskEvent): void {
    this.type = event.type
    const strength = STATUSES.indexOf(event.status) + 1
    const before = this.#states[host] ?? 0
    if (strength > before) {
      const old = STATUSES[before - 1]
      if (old !== undefined) this.counts[old]--
      this.counts[event.status]++
      this.#states[host] = strength
    }
    const says = event.status === 'ok' || event.status === 'unknown' || event.status === 'skipped'
    if (event.status === 'changed' || (says && event.message !== undefined)) this.#keep(event)
  }

  #keep(event: TaskEvent): void {
    const whats = event.changes.map(change => change.what)
    const all = [event.status, event.item, event.diff, event.message, ...whats].join('\0')
    const key = withoutHost(all, event.host)
    const known = this.#outcomes.get(key)
    if (known !== undefined) known.hosts.push(event.host)
    else if (this.#outcomes.size < MOST_OUTCOMES) this.#outcomes.set(key, { event, hosts: [event.host] })
    else this.more++
  }

  get outcomes(): readonly Outcome[] {
    return [...this.#outcomes.values()]
  }

  /** Hosts on which it failed, and that go on all the same. */
  get forgiven(): number {
    return this.counts.ignored + this.counts.rescued
  }

  /** The strongest thing that happened to any host. */
  get status(): Status {
    return STATUSES.findLast(status => this.counts[status] > 0) ?? 'skipped'
  }

  /** What only the task's own line needs: the counts stay. */
  release(): void {
    this.#states = new Uint8Array(0)
    this.#outcomes.clear()
  }
}
