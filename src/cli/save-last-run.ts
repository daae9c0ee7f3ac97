import { dirname, resolve } from 'node:path'
import type { Event, SummaryEvent } from '../model/event.ts'
import { afterRun, lastRunFile, readLastRun, writeLastRun } from '../store/last-run.ts'
import { plural } from '../text/plural.ts'

/** Path of the file with the outcome of the last run of these playbooks on these inventories. */
export function lastRunPath(paths: readonly string[], inventory: readonly string[] | undefined): string {
  const cwd = process.cwd()
  // `a,b` is a list of hosts, not a file.
  const sources = (inventory ?? []).map(source => (source.includes(',') ? source : resolve(cwd, source)))
  return lastRunFile(
    paths.map(path => resolve(cwd, path)),
    sources,
  )
}

/** Saves the outcome of a real run for `-l @failed`, and adds a hint to the summary when some host did not finish. */
export function saveLastRun(event: Event, record: string): Event {
  if (event.event !== 'summary' || event.check) return event
  try {
    const last = afterRun(readLastRun(record), event)
    writeLastRun(record, last)
    return { ...event, ...rerunHint(event) }
  } catch (error) {
    // A folder that cannot be written to must not fail the run: only `-l @failed` will not know it.
    const why = `${dirname(record)}: ${(error as Error).message}`
    return { ...event, rerun_hint: `-l @failed will not know this run (${why})` }
  }
}

function rerunHint({ hosts, stopped = [], untouched = [] }: SummaryEvent): { readonly rerun_hint?: string } {
  const failed = Object.values(hosts).filter(its => its.failed > 0 || its.unreachable > 0).length
  const unfinished = stopped.length + untouched.length
  const hints = [
    ...(failed > 0 ? [`-l @failed runs again on ${plural(failed, 'failed or unreachable host')}`] : []),
    ...(unfinished > 0 ? [`-l @rest on all ${plural(failed + unfinished, 'host')} that did not finish`] : []),
  ]
  return hints.length === 0 ? {} : { rerun_hint: hints.join(', ') }
}
