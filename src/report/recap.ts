import type { HostTotals, SummaryEvent } from '../model/event.ts'
import type { Colour, Paint } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { failureLines } from './failure-lines.ts'
import { compactHosts } from './host-ranges.ts'
import { resultLine } from './result-line.ts'
import type { RunDigest } from './run-digest.ts'
import { pad, textWidth } from './text-width.ts'

// With more hosts the recap groups them by outcome.
const HOSTS_SHOWN = 10
const RANGES_SHOWN = 3
// More ranges are shown for failed hosts, as someone has to look at each of them.
const FAILED_RANGES_SHOWN = 40
// Longer labels are shown in full, but do not widen the column.
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

// Shown even when zero; other counts are left out when zero, so that a line fits the terminal.
const ALWAYS: ReadonlySet<keyof HostTotals> = new Set(['ok', 'changed', 'failed'])

interface Group {
  readonly label: string
  readonly totals: readonly HostTotals[]
}

interface Style {
  readonly paint: Paint
  readonly columns: number
}
interface RecapOptions {
  readonly paint: Paint
  readonly digest?: RunDigest
  /** Width of the terminal; undefined when the output is no terminal. */
  readonly columns?: number
}

/** The end of the report: counts for each host, pending handlers, and the result of the run in one line. */
export function recap(
  summary: SummaryEvent,
  { paint, digest, columns = Number.POSITIVE_INFINITY }: RecapOptions,
): string {
  const groups = groupsOf(summary)
  const many = Object.keys(summary.hosts).length > HOSTS_SHOWN
  const width = Math.min(WIDEST, Math.max(0, ...groups.map(({ label }) => textWidth(label))))
  return [
    // With few hosts the failures are still visible just above.
    ...(many && digest !== undefined ? failureLines(digest, paint) : []),
    paint('bold', 'RECAP'),
    ...groups.flatMap(group => groupLine(group, { paint, width, columns })),
    ...pendingHandlerLines(summary, paint),
    ...unfinishedLines(summary, paint),
    ...maybeRunningLines(digest, paint),
    '',
    resultLine(summary, paint),
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
      `${paint('yellow', 'pending handlers')} ${compactHosts(hosts, FAILED_RANGES_SHOWN)} : ${what} (notified, not run)`,
  )
}

function maybeRunningLines(digest: RunDigest | undefined, paint: Paint): readonly string[] {
  return [...(digest?.maybeRunning ?? [])].map(
    ([task, hosts]) =>
      `${paint('yellow', 'may still run')} ${compactHosts(hosts.map(visibleLine), FAILED_RANGES_SHOWN)} : ${visibleLine(task)} (interrupted, and the host did not answer)`,
  )
}

// These hosts have no totals, or totals without a failure: only these lines say that they did not finish.
function unfinishedLines({ untouched = [], stopped = [] }: SummaryEvent, paint: Paint): readonly string[] {
  const line = (word: string, names: readonly string[], why: string) =>
    names.length === 0
      ? []
      : [
          `${paint('yellow', word)} ${compactHosts(names.map(visibleLine), FAILED_RANGES_SHOWN)} (${plural(names.length, 'host')}) : ${why}`,
        ]
  return [
    ...line('stopped', stopped, 'did not finish'),
    ...line('not touched', untouched, 'the run ended before their turn'),
  ]
}

function groupsOf({ hosts }: SummaryEvent): readonly Group[] {
  const all = Object.entries(hosts)
  if (all.length <= HOSTS_SHOWN) return all.map(([name, totals]) => ({ label: visibleLine(name), totals: [totals] }))
  const alike = new Map<string, [string, HostTotals][]>()
  for (const entry of all) {
    // Hosts are grouped by outcome; the number of round trips may differ by chance.
    const outcome = COUNTS.map(([name]) => entry[1][name]).join()
    const members = alike.get(outcome)
    if (members === undefined) alike.set(outcome, [entry])
    else members.push(entry)
  }
  return [...alike.values()]
    .sort((one, other) => failedRank(other) - failedRank(one))
    .map(members => {
      const names = members.map(([name]) => visibleLine(name))
      const label = compactHosts(names, failedRank(members) > 0 ? FAILED_RANGES_SHOWN : RANGES_SHOWN)
      return {
        label: names.length === 1 ? label : `${label} (${names.length} hosts)`,
        totals: members.map(([, its]) => its),
      }
    })
}

const failedRank = ([first]: readonly (readonly [string, HostTotals])[]): number =>
  first !== undefined && (first[1].failed > 0 || first[1].unreachable > 0) ? 1 : 0

function groupLine(
  { label, totals }: Group,
  { paint, width, columns }: Style & { readonly width: number },
): readonly string[] {
  const first = totals[0]!
  const failed = first.failed > 0 || first.unreachable > 0
  const colour = failed ? 'red' : first.changed > 0 ? 'yellow' : 'green'
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
  // A line that is too long for the terminal is broken before the counts.
  return textWidth(pad(label, width)) + 3 + bare.length > columns
    ? [`${paint(colour, label)} :`, `    ${all}`]
    : [`${paint(colour, pad(label, width))} : ${all}`]
}
