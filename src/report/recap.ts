import type { HostTotals, SummaryEvent } from '../model/event.ts'
import type { Colour, Paint } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { troubleLines } from './failure-lines.ts'
import { compactHosts } from './host-ranges.ts'
import { verdict } from './result-line.ts'
import type { RunDigest } from './run-digest.ts'
import { pad, textWidth } from './text-width.ts'

// More than a person reads line by line.
const HOSTS_SHOWN = 10
const RANGES_SHOWN = 3
// Of the hosts that need care, every name counts; but nobody reads a thousand.
const RANGES_LOST = 40
// A label may be longer, but does not push the others' counts to the right.
const WIDEST = 40

const COUNTS: readonly (readonly [keyof HostTotals, Colour])[] = [
  ['ok', 'green'],
  ['changed', 'yellow'],
  ['unknown', 'blue'],
  ['verified', 'green'],
  ['skipped', 'cyan'],
  ['failed', 'red'],
  ['unreachable', 'red'],
  ['ignored', 'magenta'],
  ['rescued', 'magenta'],
]

// Only these are worth a column of zeros: a line is to fit into a terminal.
const ALWAYS: ReadonlySet<keyof HostTotals> = new Set(['ok', 'changed', 'failed'])

interface Group {
  readonly label: string
  readonly totals: readonly HostTotals[]
}

interface Paper {
  readonly paint: Paint
  readonly columns: number
}
interface RecapOptions {
  readonly paint: Paint
  readonly digest?: RunDigest
  /** Of the terminal, when it is one. */
  readonly columns?: number
}

/** What came of each host, which handlers did not run, and the whole run in one sentence. */
export function recap(
  summary: SummaryEvent,
  { paint, digest, columns = Number.POSITIVE_INFINITY }: RecapOptions,
): string {
  const groups = groupsOf(summary)
  const many = Object.keys(summary.hosts).length > HOSTS_SHOWN
  const width = Math.min(WIDEST, Math.max(0, ...groups.map(({ label }) => textWidth(label))))
  return [
    // With a few hosts their failures stand just above.
    ...(many && digest !== undefined ? troubleLines(digest, paint) : []),
    paint('bold', 'RECAP'),
    ...groups.flatMap(group => groupLine(group, { paint, width, columns })),
    ...pendingHandlerLines(summary, paint),
    ...leftLines(summary, paint),
    ...runningLines(digest, paint),
    '',
    verdict(summary, paint),
    ...(summary.rerun_hint === undefined ? [] : [paint('dim', summary.rerun_hint)]),
  ].join('\n')
}

function pendingHandlerLines({ pending_handlers }: SummaryEvent, paint: Paint): readonly string[] {
  const alike = new Map<string, string[]>()
  for (const [host, handlers] of Object.entries(pending_handlers)) {
    if (handlers.length === 0) continue
    const what = handlers.map(visibleLine).join(', ')
    const hosts = alike.get(what)
    if (hosts === undefined) alike.set(what, [visibleLine(host)])
    else hosts.push(visibleLine(host))
  }
  return [...alike].map(
    ([what, hosts]) =>
      `${paint('yellow', 'pending handlers')} ${compactHosts(hosts, RANGES_LOST)} : ${what} (notified, not run)`,
  )
}

function runningLines(digest: RunDigest | undefined, paint: Paint): readonly string[] {
  return [...(digest?.running ?? [])].map(
    ([task, hosts]) =>
      `${paint('yellow', 'may still run')} ${compactHosts(hosts.map(visibleLine), RANGES_LOST)} : ${visibleLine(task)} (interrupted, and the host did not answer)`,
  )
}

// Hosts with no totals, or totals that look well: only here is it said that they did not come to the end.
function leftLines({ untouched = [], stopped = [] }: SummaryEvent, paint: Paint): readonly string[] {
  const line = (word: string, names: readonly string[], why: string) =>
    names.length === 0
      ? []
      : [
          `${paint('yellow', word)} ${compactHosts(names.map(visibleLine), RANGES_LOST)} (${plural(names.length, 'host')}) : ${why}`,
        ]
  return [
    ...line('stopped', stopped, 'did not come to their end'),
    ...line('not touched', untouched, 'the run ended before their turn'),
  ]
}

function groupsOf({ hosts }: SummaryEvent): readonly Group[] {
  const all = Object.entries(hosts)
  if (all.length <= HOSTS_SHOWN) return all.map(([name, totals]) => ({ label: visibleLine(name), totals: [totals] }))
  const alike = new Map<string, [string, HostTotals][]>()
  for (const entry of all) {
    // Round trips differ with chance; the outcome is what makes hosts equal.
    const outcome = COUNTS.map(([name]) => entry[1][name]).join()
    const members = alike.get(outcome)
    if (members === undefined) alike.set(outcome, [entry])
    else members.push(entry)
  }
  return [...alike.values()]
    .sort((one, other) => lostOf(other) - lostOf(one))
    .map(members => {
      const names = members.map(([name]) => visibleLine(name))
      const label = compactHosts(names, lostOf(members) > 0 ? RANGES_LOST : RANGES_SHOWN)
      return {
        label: names.length === 1 ? label : `${label} (${names.length} hosts)`,
        totals: members.map(([, its]) => its),
      }
    })
}

const lostOf = ([first]: readonly (readonly [string, HostTotals])[]): number =>
  first !== undefined && (first[1].failed > 0 || first[1].unreachable > 0) ? 1 : 0

function groupLine(
  { label, totals }: Group,
  { paint, width, columns }: Paper & { readonly width: number },
): readonly string[] {
  const first = totals[0]!
  const lost = first.failed > 0 || first.unreachable > 0
  const colour = lost ? 'red' : first.changed > 0 ? 'yellow' : 'green'
  const trips = totals.map(its => its.round_trips)
  const least = trips.reduce((one, other) => Math.min(one, other))
  const most = trips.reduce((one, other) => Math.max(one, other))
  const counts = [
    ...COUNTS.filter(([name]) => first[name] > 0 || ALWAYS.has(name)).map(
      ([name, its]) => [`${name}=${first[name]}`, first[name] === 0 ? 'dim' : its] as const,
    ),
    [`round trips=${least === most ? most : `${least}..${most}`}`] as const,
  ]
  const bare = counts.map(([text]) => text).join(' ')
  const all = counts.map(([text, its]) => (its === undefined ? text : paint(its, text))).join(' ')
  // A row that would break in the middle of a count is broken before the counts.
  return textWidth(pad(label, width)) + 3 + bare.length > columns
    ? [`${paint(colour, label)} :`, `    ${all}`]
    : [`${paint(colour, pad(label, width))} : ${all}`]
}
