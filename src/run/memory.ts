import type { HostTotals, Status } from '../model/event.ts'
import type { Host } from '../model/inventory.ts'
import type { Shell } from '../shell/shell.ts'

/** What is known of one host for the length of a run, over all its plays. */
export class HostMemory {
  readonly host: Host
  facts: Readonly<Record<string, unknown>> | undefined
  /** `set_fact` and `register`: data, never rendered again. */
  readonly results: Record<string, unknown> = Object.create(null)
  readonly shells = new Map<string, Promise<Shell>>()
  readonly open: Shell[] = []
  readonly counts: Record<Status, number> = {
    ok: 0,
    changed: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    ignored: 0,
    rescued: 0,
  }
  verified = 0
  /** Out of the run: it failed or could not be reached. */
  dropped: 'failed' | 'unreachable' | undefined
  owed: string[] = []

  constructor(host: Host) {
    this.host = host
  }

  get totals(): HostTotals {
    const roundTrips = this.open.reduce((sum, shell) => sum + shell.roundTrips, 0)
    return { ...this.counts, round_trips: roundTrips, verified: this.verified }
  }

  async close(): Promise<void> {
    await Promise.all(this.open.map(shell => shell.close()))
  }
}
