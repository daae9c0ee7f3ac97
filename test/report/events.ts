import type { Event, HostTotals, SummaryEvent, TaskEvent } from '../../src/model/event.ts'
import type { ReportOptions } from '../../src/report/report.ts'

export const task = (more: Partial<TaskEvent> = {}): TaskEvent => ({
  event: 'task',
  play: 'web',
  host: 'web1',
  id: more.task ?? 'config',
  task: 'config',
  type: 'copy',
  status: 'ok',
  changes: [],
  ms: 12,
  ...more,
})

export const changes = (...whats: readonly string[]) => whats.map(what => ({ what, before: null, after: 'x' }))

export const totals = (more: Partial<HostTotals> = {}): HostTotals => ({
  ...{
    ok: 0,
    changed: 0,
    unknown: 0,
    skipped: 0,
    failed: 0,
    unreachable: 0,
    ignored: 0,
    rescued: 0,
    round_trips: 1,
    verified: 0,
    failed_after_change: 0,
  },
  ...more,
})

export const summary = (hosts: SummaryEvent['hosts'], more: Partial<SummaryEvent> = {}): SummaryEvent => ({
  ...{ event: 'summary', check: false, hosts, pending_handlers: {}, exit_code: 0, ms: 3200 },
  ...more,
})

export const run = (check = false): Event => ({ event: 'run', playbooks: ['site.yml'], check, hosts: 1 })
export const play = (...hosts: readonly string[]): Event => ({ event: 'play', play: 'web', hosts })
export const start = (host: string, name = 'config'): Event => ({
  event: 'start',
  play: 'web',
  host,
  id: name,
  task: name,
  type: 'copy',
})

/** Options that keep what is written. */
export function capture(more: Partial<ReportOptions> = {}) {
  const written: string[] = []
  const write = (text: string) => void written.push(text)
  const options = { write, colour: false, columns: 80, rows: 24, diff: false, verbosity: 0, ...more }
  return { options, text: () => written.join(''), writes: () => written.length }
}
