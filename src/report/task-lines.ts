import type { Status, TaskEvent } from '../model/event.ts'
import { type Colour, paintWith } from '../text/colour.ts'
import { showAt } from '../text/position.ts'
import { colourDiff } from '../text/unified-diff.ts'
import { visible, visibleLine, visibleLines } from '../text/visible.ts'
import { plural, tookAWhile } from './duration.ts'
import { cut, pad } from './text-width.ts'

/** How tasks are shown. */
export interface Look {
  readonly colour: boolean
  readonly diff: boolean
  readonly verbosity: number
  readonly check: boolean
  /** Of the column with the hosts' names. */
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
const WENT_WRONG: ReadonlySet<Status> = new Set(['failed', 'unreachable', 'ignored', 'rescued'])
const COMMANDS: ReadonlySet<string> = new Set(['command', 'shell'])
const CHANGES_SHOWN = 5
const SCRIPT_SHOWN = 72
// Of a longer diff the beginning tells what it is about.
const DIFF_SHOWN = 60
// The cause of a failure stands at the end of what a command said.
const OUTPUT_SHOWN = 30

/** A task that ended on a host: one line, and below it what a person needs to understand it. */
export const taskLines = (event: TaskEvent, look: Look): readonly string[] => [
  taskLine(event, look),
  ...[...messageLines(event, look), ...outputLines(event, look), ...diffLines(event, look)].map(line => `    ${line}`),
]

/** Only that a task ended on a host, and how. */
export function taskLine(event: TaskEvent, look: Look): string {
  const paint = paintWith(look.colour)
  const status = statusWord(event.status, look.check, event.type)
  const host = pad(visibleLine(event.host), look.width)
  const tail = [` ${visibleLine(event.task)}`, itemOf(event), changesOf(event, look)]
    .filter(text => text !== '')
    .join(' ')
  const took = tookAWhile(event.ms)
  const after = took === '' ? '' : `  ${took}`
  if (event.status === 'ok') return paint('dim', `  ${status}  ${host} ${tail}${after}`)
  return `  ${paint(COLOURS[event.status], status)}  ${host} ${tail}${paint('dim', after)}`
}

/** The word in the first column. */
export const statusWord = (status: Status, check: boolean, type = ''): string => {
  // What a command would change is not known: only that it would run.
  const would = COMMANDS.has(type) ? 'would run' : 'would change'
  return (check && status === 'changed' ? would : status).padEnd(check ? 12 : 11)
}

const itemOf = (event: TaskEvent): string =>
  [event.item === undefined ? '' : `[${visibleLine(event.item)}]`, event.handler === true ? '(handler)' : '']
    .filter(text => text !== '')
    .join(' ')

function changesOf(event: TaskEvent, look: Look): string {
  const whats = whatsOf(event, look)
  return whats.length === 0 ? '' : ` (${whats.join('; ')})`
}

/** The first few changes of a task, or all of them. */
export function whatsOf({ changes, type }: TaskEvent, { verbosity }: Look): readonly string[] {
  const limit = verbosity > 0 || changes.length === CHANGES_SHOWN + 1 ? changes.length : CHANGES_SHOWN
  const whats = changes.slice(0, limit).map(change => {
    const what = visibleLine(change.what)
    // A script's text is in the playbook; the task's name says what it is for.
    return verbosity < 1 && COMMANDS.has(type) ? cut(what, SCRIPT_SHOWN) : what
  })
  const more = changes.length - limit
  return more > 0 ? [...whats, `and ${more} more`] : whats
}

/** What a task says, and where it stands. */
export function messageLines(event: TaskEvent, look: Look): readonly string[] {
  const paint = paintWith(look.colour)
  const lines = visibleLines(event.message ?? '')
  const wrong = WENT_WRONG.has(event.status)
  return [
    ...(wrong ? lines.map(line => paint(COLOURS[event.status], line)) : lines),
    ...(event.at === undefined ? [] : [paint('dim', `at ${visibleLine(showAt(event.at))}`)]),
  ]
}

function outputLines(event: TaskEvent, look: Look): readonly string[] {
  if (!WENT_WRONG.has(event.status) && look.verbosity < 1) return []
  return (['stdout', 'stderr'] as const).flatMap(name => {
    const lines = visibleLines(event[name] ?? '')
    if (lines.length === 0) return []
    const hidden = look.verbosity > 0 || lines.length <= OUTPUT_SHOWN + 1 ? 0 : lines.length - OUTPUT_SHOWN
    const note = hidden === 0 ? '' : ` (${plural(hidden, 'earlier line')} left out, -v shows all)`
    return [paintWith(look.colour)('dim', `${name}:${note}`), ...lines.slice(hidden).map(line => `  ${line}`)]
  })
}

/** The diff, safe for a terminal. */
export function diffLines(event: TaskEvent, look: Look): readonly string[] {
  if (!look.diff || event.diff === undefined || event.diff === '') return []
  const safe = visible(event.diff.replace(/\n$/, ''))
  const lines = (look.colour ? colourDiff(safe) : safe).split('\n')
  if (look.verbosity > 0 || lines.length <= DIFF_SHOWN + 1) return lines
  const note = `... ${plural(lines.length - DIFF_SHOWN, 'more line')} of this diff (-v shows all)`
  return [...lines.slice(0, DIFF_SHOWN), paintWith(look.colour)('dim', note)]
}
