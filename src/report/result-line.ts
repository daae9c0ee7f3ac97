import type { HostTotals, SummaryEvent } from '../model/event.ts'
import type { Paint } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { duration, plural } from './duration.ts'
import { compactHosts } from './host-ranges.ts'

const NAMES_SHOWN = 5
const CHANGES_PENDING = 5
const INTERRUPTED = 130

/** The result of the run in one line. */
export function resultLine(summary: SummaryEvent, paint: Paint): string {
  const totals = Object.values(summary.hosts)
  const changed = sum(totals, 'changed')
  const took = duration(summary.ms)
  const failures = failedHosts(summary)
  if (summary.exit_code === INTERRUPTED)
    return paint('yellow', `Interrupted after ${took}: ${[...failures, changeCounts(summary)].join(', ')}.`)
  if (failures.length > 0) return paint('red', `Failed: ${failures.join(', ')}; ${changeCounts(summary)} (${took}).`)
  if (summary.exit_code !== 0 && summary.exit_code !== CHANGES_PENDING)
    return paint('red', `Failed: exit code ${summary.exit_code}; ${changeCounts(summary)} (${took}).`)
  if (totals.length === 0) return paint('yellow', 'Nothing done: no host took part.')
  if (summary.check) return paint(changed > 0 ? 'yellow' : 'green', `Dry run: ${changeCounts(summary)}.`)
  const forgiven = toleratedPhrases(totals)
  if (changed === 0 && forgiven.length > 0)
    return paint('yellow', `Done in ${took}: ${[changeCounts(summary), ...forgiven].join('; ')}.`)
  if (changed === 0) return paint('green', `Converged: nothing to change (${roundTrips(totals)}).`)
  if (forgiven.length > 0)
    return paint('yellow', `Done in ${took}: ${[changeCounts(summary), ...forgiven].join('; ')}.`)
  return paint('green', `Done in ${took}: ${changeCounts(summary)}.`)
}

/** Ignored and rescued failures, which are mentioned though the run went on. */
const toleratedPhrases = (totals: readonly HostTotals[]): readonly string[] => {
  const [rescued, ignored] = [sum(totals, 'rescued'), sum(totals, 'ignored')]
  return [
    ...(rescued > 0 ? [`${plural(rescued, 'failure')} rescued`] : []),
    ...(ignored > 0 ? [`${plural(ignored, 'failure')} ignored`] : []),
  ]
}

const sum = (totals: readonly HostTotals[], name: keyof HostTotals): number =>
  totals.reduce((all, its) => all + its[name], 0)

/** How much was changed, or would be in a dry run. */
function changeCounts({ check, hosts }: SummaryEvent): string {
  const totals = Object.values(hosts)
  const changed = sum(totals, 'changed')
  const unknown = sum(totals, 'unknown')
  const open = unknown === 0 ? '' : `, ${unknown} not known yet`
  if (check) return `${changed === 0 ? 'nothing' : changed} would change${open}, nothing was touched`
  const verified = sum(totals, 'verified')
  const half = sum(totals, 'failed_after_change')
  const left = half === 0 ? '' : `${plural(half, 'failed task')} may have changed something`
  if (changed === 0) return left === '' ? 'nothing changed' : left
  // The effect of a command cannot be verified, so fewer changes may be verified than were made.
  return `${changed} changed, ${verified >= changed ? 'all' : verified === 0 ? 'none' : `${verified} of them`} verified`
}

function failedHosts({ hosts }: SummaryEvent): readonly string[] {
  const all = Object.entries(hosts)
  const phrase = (key: 'failed' | 'unreachable') => {
    const names = all.filter(([, its]) => its[key] > 0).map(([name]) => visibleLine(name))
    return names.length === 0
      ? []
      : [`${names.length} of ${plural(all.length, 'host')} ${key} (${compactHosts(names, NAMES_SHOWN)})`]
  }
  return [...phrase('failed'), ...phrase('unreachable')]
}

function roundTrips(totals: readonly HostTotals[]): string {
  const trips = totals.map(its => its.round_trips)
  const least = trips.reduce((one, other) => Math.min(one, other))
  const most = trips.reduce((one, other) => Math.max(one, other))
  const each = totals.length > 1 ? ' each' : ''
  return least === most ? `${plural(most, 'round trip')}${each}` : `${least} to ${most} round trips${each}`
}
