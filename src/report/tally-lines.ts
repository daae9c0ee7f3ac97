import type { Status, TaskEvent } from '../model/event.ts'
import { paintWith } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { withoutHost } from './host-placeholder.ts'
import { compactHosts } from './host-ranges.ts'
import { COLOURS, changeTexts, type DisplayOptions, diffLines, messageLines, statusWord } from './task-lines.ts'
import type { OutcomeGroup, TaskTally } from './task-tally.ts'

const COUNTED: readonly Status[] = [
  'ok',
  'changed',
  'unknown',
  'skipped',
  'failed',
  'unreachable',
  'ignored',
  'rescued',
]
const RANGES_SHOWN = 8

/** Lines for a task that many hosts have completed: one with counts, then each distinct change with its hosts. */
export function tallyLines(tally: TaskTally, look: DisplayOptions): readonly string[] {
  const { status } = tally
  const text = `${visibleLine(tally.name)}${tally.handler ? ' (handler)' : ''}`
  const counts = COUNTED.filter(name => tally.counts[name] > 0)
    .map(
      name =>
        `${tally.counts[name]} ${name === 'changed' && look.check ? statusWord('changed', true, tally.type).trimEnd() : name === 'unknown' ? 'not known yet' : name}`,
    )
    .join(', ')
  const paint = paintWith(look.colour)
  const word = statusWord(status, look.check, tally.type)
  const head =
    status === 'ok' || status === 'skipped'
      ? paint('dim', `  ${word}  ${text}  ${counts}`)
      : `  ${paint(COLOURS[status], word)}  ${text}  ${paint('dim', counts)}`
  const more = tally.omitted === 0 ? [] : [`and ${plural(tally.omitted, 'outcome')} more like these (-v shows all)`]
  return [
    head,
    ...[...tally.outcomes.flatMap(outcome => outcomeLines(outcome, look)), ...more].map(line => `    ${line}`),
  ]
}

function outcomeLines({ event: first, hosts }: OutcomeGroup, look: DisplayOptions): readonly string[] {
  const event = hosts.length === 1 ? first : withoutHostName(first)
  const item = event.item === undefined ? '' : ` [${visibleLine(event.item)}]`
  const whats = changeTexts(event, look).join('; ')
  const names = `${compactHosts(hosts.map(visibleLine), RANGES_SHOWN)}${hosts.length > 1 ? ` (${hosts.length} hosts)` : ''}`
  return [
    `${names}${item}${whats === '' ? '' : `: ${whats}`}`,
    ...[...messageLines(event, look), ...diffLines(event, look)].map(line => `  ${line}`),
  ]
}

// A text shown for several hosts must not contain the name of one of them.
const withoutHostName = (event: TaskEvent): TaskEvent => {
  const text = (its: string | undefined) => (its === undefined ? undefined : withoutHost(its, event.host))
  return {
    ...event,
    item: text(event.item),
    message: text(event.message),
    diff: text(event.diff),
    changes: event.changes.map(change => ({ ...change, what: withoutHost(change.what, event.host) })),
  }
}
