import type { HostTotals, SummaryEvent } from '../model/event.ts'
import type { Colour, Paint } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { verdict } from './verdict.ts'
import { someOf } from './words.ts'

// More than a person reads line by line.
const HOSTS_SHOWN = 10
const NAMES_SHOWN = 5

const COUNTS: readonly (readonly [keyof HostTotals, Colour])[] = [
  ['ok', 'green'],
  ['changed', 'yellow'],
  ['verified', 'green'],
  ['skipped', 'cyan'],
  ['failed', 'red'],
  ['unreachable', 'red'],
  ['ignored', 'magenta'],
  ['rescued', 'magenta'],
]

interface Group {
  readonly label: string
  readonly names: readonly string[]
  readonly totals: readonly HostTotals[]
}

/** What came of each host, which handlers are owed, and the whole run in one sentence. */
export function recap(summary: SummaryEvent, paint: Paint): string {
  const groups = groupsOf(summary)
  const width = Math.max(0, ...groups.map(({ label }) => label.length))
  const owed = Object.entries(summary.owed).filter(([, handlers]) => handlers.length > 0)
  return [
    paint('bold', 'RECAP'),
    ...groups.map(group => groupLine(group, { paint, width })),
    ...owed.map(
      ([host, handlers]) =>
        `${paint('yellow', 'owed')} ${visibleLine(host)} : ${handlers.map(visibleLine).join(', ')} (notified, not run)`,
    ),
    '',
    verdict(summary, paint),
  ].join('\n')
}

function groupsOf({ hosts }: SummaryEvent): readonly Group[] {
  const all = Object.entries(hosts)
  if (all.length <= HOSTS_SHOWN)
    return all.map(([name, totals]) => ({ label: visibleLine(name), names: [], totals: [totals] }))
  const alike = new Map<string, [string, HostTotals][]>()
  for (const entry of all) {
    // Round trips differ with chance; the outcome is what makes hosts equal.
    const outcome = COUNTS.map(([name]) => entry[1][name]).join()
    const members = alike.get(outcome)
    if (members === undefined) alike.set(outcome, [entry])
    else members.push(entry)
  }
  return [...alike.values()].map(members => {
    const names = members.map(([name]) => visibleLine(name))
    const totals = members.map(([, its]) => its)
    return names.length === 1
      ? { label: names.join(), names: [], totals }
      : { label: `${names.length} hosts`, names, totals }
  })
}

function groupLine({ label, names, totals }: Group, look: { readonly paint: Paint; readonly width: number }): string {
  const { paint, width } = look
  const first = totals[0]!
  const lost = first.failed > 0 || first.unreachable > 0
  const colour = lost ? 'red' : first.changed > 0 ? 'yellow' : 'green'
  const counts = COUNTS.map(([name, its]) => paint(first[name] === 0 ? 'dim' : its, `${name}=${first[name]}`))
  const trips = totals.map(its => its.round_trips)
  const [least, most] = [Math.min(...trips), Math.max(...trips)]
  const all = [...counts, `round trips=${least === most ? most : `${least}..${most}`}`].join(' ')
  // Of the hosts that need care, every name counts.
  const members = names.length === 0 ? '' : `  (${someOf(names, lost ? names.length : NAMES_SHOWN)})`
  return `${paint(colour, label.padEnd(width))} : ${all}${members}`
}
