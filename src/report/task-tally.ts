import type { Status, TaskEvent } from '../model/event.ts'
import { withoutHost } from './host-placeholder.ts'

/** Hosts with the same outcome, apart from their names; `event` is the first of them. */
export interface OutcomeGroup {
  readonly event: TaskEvent
  readonly hosts: string[]
}

// Weakest first: when items of a loop differ, the strongest status counts for the host.
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
// Bounds memory when every host has a different diff.
const MAX_OUTCOMES = 10

/** Results of one task on many hosts: a byte for each host, and each distinct change once. */
export class TaskTally {
  readonly id: string
  readonly name: string
  readonly handler: boolean
  /** The task type; empty until the first result. */
  type = ''
  /** Number of hosts by status. */
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
  /** Hosts that run it now. */
  running = 0
  /** Hosts that have left the task, to another one or for good. */
  left = 0
  /** Hosts that failed before they reached the task. */
  absent: number
  /** Number of outcomes beyond those that are kept. */
  omitted = 0
  #states: Uint8Array
  readonly #outcomes = new Map<string, OutcomeGroup>()

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
    this.absent = of.missed
    this.#states = new Uint8Array(of.hosts)
  }

  /** True when the host has a result. */
  has(host: number): boolean {
    return (this.#states[host] ?? 0) > 0
  }

  /** True when no further result can come. */
  get complete(): boolean {
    return this.left + this.absent >= this.#states.length
  }

  add(host: number, event: TaskEvent): void {
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
    else if (this.#outcomes.size < MAX_OUTCOMES) this.#outcomes.set(key, { event, hosts: [event.host] })
    else this.omitted++
  }

  get outcomes(): readonly OutcomeGroup[] {
    return [...this.#outcomes.values()]
  }

  /** Number of hosts whose failure was ignored or rescued. */
  get tolerated(): number {
    return this.counts.ignored + this.counts.rescued
  }

  /** The strongest status of any host. */
  get status(): Status {
    return STATUSES.findLast(status => this.counts[status] > 0) ?? 'skipped'
  }

  /** Frees what only the task's lines needed; the counts stay. */
  release(): void {
    this.#states = new Uint8Array(0)
    this.#outcomes.clear()
  }
}
