import type { Status, TaskEvent } from '../model/event.ts'
import { type Colour, paintWith } from '../text/colour.ts'
import { formatPosition } from '../text/position.ts'
import { colourDiff } from '../text/unified-diff.ts'
import { visible, visibleLine, visibleLines } from '../text/visible.ts'
import { durationIfLong, plural } from './duration.ts'
import { cut, pad } from './text-width.ts'

/** What to show of a task, and how. */
export interface DisplayOptions {
  readonly colour: boolean
  readonly diff: boolean
  readonly verbosity: number
  readonly check: boolean
  /** Width of the column with the host names. */
  readonly width: number
}

export const COLOURS: Readonly<Record<Status, Colour>> = {
  ok: 'dim',
  changed: 'yellow',
  unknown: 'blue',
  skipped: 'cyan',
  failed: 'red',
  unreachable: 'red',
  ignored: 'magenta',
  rescued: 'magenta',
}
const FAILURES: ReadonlySet<Status> = new Set(['failed', 'unreachable', 'ignored', 'rescued'])
const COMMANDS: ReadonlySet<string> = new Set(['command', 'shell'])
const CHANGES_SHOWN = 5
const SCRIPT_SHOWN = 72
// Longer diffs are cut after this many lines.
const DIFF_SHOWN = 60
// Longer output is cut at its beginning: the cause of a failure is usually at the end.
const OUTPUT_SHOWN = 30

/** Lines for a task that finished on a host: its status, then message, output and diff. */
export const taskLines = (event: TaskEvent, look: DisplayOptions): readonly string[] => [
  taskLine(event, look),
  ...[...messageLines(event, look), ...outputLines(event, look), ...diffLines(event, look)].map(line => `    ${line}`),
]

/** The status line of a task that finished on a host. */
export function taskLine(event: TaskEvent, look: DisplayOptions): string {
  const paint = paintWith(look.colour)
  const status = statusWord(event.status, look.check, event.type)
  const host = pad(visibleLine(event.host), look.width)
  const tail = [` ${visibleLine(event.task)}`, itemText(event), changesText(event, look)]
    .filter(text => text !== '')
    .join(' ')
  const took = durationIfLong(event.ms)
  const after = took === '' ? '' : `  ${took}`
  if (event.status === 'ok') return paint('dim', `  ${status}  ${host} ${tail}${after}`)
  return `  ${paint(COLOURS[event.status], status)}  ${host} ${tail}${paint('dim', after)}`
}

/** The status in the first column, padded. */
export const statusWord = (status: Status, check: boolean, type = ''): string => {
  // A dry run does not know what a command would change, only that it would run.
  const would = COMMANDS.has(type) ? 'would run' : 'would change'
  return (check && status === 'changed' ? would : status).padEnd(check ? 12 : 11)
}

const itemText = (event: TaskEvent): string =>
  [event.item === undefined ? '' : `[${visibleLine(event.item)}]`, event.handler === true ? '(handler)' : '']
    .filter(text => text !== '')
    .join(' ')

function changesText(event: TaskEvent, look: DisplayOptions): string {
  const whats = changeTexts(event, look)
  return whats.length === 0 ? '' : ` (${whats.join('; ')})`
}

/** Texts of the first few changes of a task, or of all with -v. */
export function changeTexts({ changes, type }: TaskEvent, { verbosity }: DisplayOptions): readonly string[] {
  const limit = verbosity > 0 || changes.length === CHANGES_SHOWN + 1 ? changes.length : CHANGES_SHOWN
  const whats = changes.slice(0, limit).map(change => {
    const what = visibleLine(change.what)
    // A long script is cut: its text is in the playbook.
    return verbosity < 1 && COMMANDS.has(type) ? cut(what, SCRIPT_SHOWN) : what
  })
  const more = changes.length - limit
  return more > 0 ? [...whats, `and ${more} more`] : whats
}

/** The message of a task, and its position in the playbook. */
export function messageLines(event: TaskEvent, look: DisplayOptions): readonly string[] {
  const paint = paintWith(look.colour)
  const lines = visibleLines(event.message ?? '')
  const wrong = FAILURES.has(event.status)
  return [
    ...(wrong ? lines.map(line => paint(COLOURS[event.status], line)) : lines),
    ...(event.at === undefined ? [] : [paint('dim', `at ${visibleLine(formatPosition(event.at))}`)]),
  ]
}

function outputLines(event: TaskEvent, look: DisplayOptions): readonly string[] {
  if (!FAILURES.has(event.status) && look.verbosity < 1) return []
  return (['stdout', 'stderr'] as const).flatMap(name => {
    const lines = visibleLines(event[name] ?? '')
    if (lines.length === 0) return []
    const hidden = look.verbosity > 0 || lines.length <= OUTPUT_SHOWN + 1 ? 0 : lines.length - OUTPUT_SHOWN
    const note = hidden === 0 ? '' : ` (${plural(hidden, 'earlier line')} left out, -v shows all)`
    return [paintWith(look.colour)('dim', `${name}:${note}`), ...lines.slice(hidden).map(line => `  ${line}`)]
  })
}

/** The diff, safe for a terminal. */
export function diffLines(event: TaskEvent, look: DisplayOptions): readonly string[] {
  if (!look.diff || event.diff === undefined || event.diff === '') return []
  const safe = visible(event.diff.replace(/\n$/, ''))
  const lines = (look.colour ? colourDiff(safe) : safe).split('\n')
  if (look.verbosity > 0 || lines.length <= DIFF_SHOWN + 1) return lines
  const note = `... ${plural(lines.length - DIFF_SHOWN, 'more line')} of this diff (-v shows all)`
  return [...lines.slice(0, DIFF_SHOWN), paintWith(look.colour)('dim', note)]
}
