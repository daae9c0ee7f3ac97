import { dirname, resolve } from 'node:path'
import type { Event, SummaryEvent } from '../model/event.ts'
import { afterRun, lastRunFile, readLastRun, writeLastRun } from '../run/last-run.ts'
import { plural } from '../text/plural.ts'

/** Where it is kept what a run of these playbooks on these inventories left. */
export function recordOf(paths: readonly string[], inventory: readonly string[] | undefined): string {
  const cwd = process.cwd()
  // `a,b` are hosts and no file.
  const sources = (inventory ?? []).map(source => (source.includes(',') ? source : resolve(cwd, source)))
  return lastRunFile(
    paths.map(path => resolve(cwd, path)),
    sources,
  )
}

/** The summary of a run that was not dry is kept for `-l @failed`, and says so where a host is not well. */
export function remembered(event: Event, record: string): Event {
  if (event.event !== 'summary' || event.check) return event
  try {
    const last = afterRun(readLastRun(record), event)
    writeLastRun(record, last)
    return { ...event, ...retryOf(event) }
  } catch (error) {
    // The run is what counts; where its folder cannot be written to, there is nothing to run again by.
    const why = `${dirname(record)}: ${(error as Error).message}`
    return { ...event, retry: `-l @failed will not know this run (${why})` }
  }
}

function retryOf({ hosts, stopped = [], untouched = [] }: SummaryEvent): { readonly retry?: string } {
  const lost = Object.values(hosts).filter(its => its.failed > 0 || its.unreachable > 0).length
  const rest = stopped.length + untouched.length
  const again =
    lost === 0
      ? []
      : [`-l @failed runs again for ${lost === 1 ? 'the host that is' : `the ${lost} hosts that are`} lost`]
  const all = rest === 0 ? [] : [`-l @rest for all ${plural(lost + rest, 'host')} that are not done`]
  const told = [...again, ...all]
  return told.length === 0 ? {} : { retry: told.join(', ') }
}
