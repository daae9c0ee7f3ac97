import type { Status, TaskEvent } from '../model/event.ts'
import { paintWith } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { withoutHost } from './host-placeholder.ts'
import { compactHosts } from './host-ranges.ts'
import { COLOURS, diffLines, type Look, messageLines, statusWord, whatsOf } from './task-lines.ts'
import type { Outcome, TaskTally } from './task-tally.ts'

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

/** A task that many hosts have left behind: one line with counts, and below it each distinct change with its hosts. */
export function tallyLines(tally: TaskTally, look: Look): readonly string[] {
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
  const more = tally.more === 0 ? [] : [`and ${plural(tally.more, 'outcome')} more like these (-v shows all)`]
  return [
    head,
    ...[...tally.outcomes.flatMap(outcome => outcomeLines(outcome, look)), ...more].map(line => `    ${line}`),
  ]
}

function outcomeLines({ event: first, hosts }: Outcome, look: Look): readonly string[] {
  const event = hosts.length === 1 ? first : ofAll(first)
  const item = event.item === undefined ? '' : ` [${visibleLine(event.item)}]`
  const whats = whatsOf(event, look).join('; ')
  const names = `${compactHosts(hosts.map(visibleLine), RANGES_SHOWN)}${hosts.length > 1 ? ` (${hosts.length} hosts)` : ''}`
  return [
    `${names}${item}${whats === '' ? '' : `: ${whats}`}`,
    ...[...messageLines(event, look), ...diffLines(event, look)].map(line => `  ${line}`),
  ]
}

// What is said of many hosts must not bear the name of one.
const ofAll = (event: TaskEvent): TaskEvent => {
  const text = (its: string | undefined) => (its === undefined ? undefined : withoutHost(its, event.host))
  return {
    ...event,
    item: text(event.item),
    message: text(event.message),
    diff: text(event.diff),
    changes: event.changes.map(change => ({ ...change, what: withoutHost(change.what, event.host) })),
  }
}
