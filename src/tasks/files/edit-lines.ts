import type { JsonObject } from '../../model/json.ts'
import type { ParamsMistake } from '../../model/task-type.ts'
import { RegexError } from '../../text/regex/node.ts'
import { compileRegex, type Match, matches, type Regex } from '../../text/regex/regex.ts'
import { replacementOf } from '../../text/regex/substitute.ts'
import type { Edited } from '../kit/edit-file.ts'

/** How one line of a file is to be, with the meaning that Ansible's lineinfile gives to each. */
export interface WantedLine {
  readonly line?: string
  /** The line that this matches, a Python regular expression, is the one that is meant; or that holds this text. */
  readonly regexp?: string
  readonly search_string?: string
  readonly state: 'present' | 'absent'
  /** `line` takes groups of the match: `\1`. */
  readonly backrefs?: boolean
  /** Where a new line goes: behind or before the last line that matches; `BOF`, `EOF`. */
  readonly insertafter?: string
  readonly insertbefore?: string
  /** The first line that matches instead of the last. */
  readonly firstmatch: boolean
}

/** What does not go together in the params as they are written. */
export function contradictions(written: JsonObject): readonly ParamsMistake[] {
  const has = (name: string) => written[name] !== undefined
  const { state } = written
  return [
    ...(has('insertbefore') && has('insertafter') ? ['insertbefore and insertafter exclude each other'] : []),
    ...(has('regexp') && has('search_string') ? ['regexp and search_string exclude each other'] : []),
    ...(written['backrefs'] === true && !has('regexp') ? ['backrefs needs regexp'] : []),
    ...((state === undefined || state === 'present') && !has('line') ? ['a line that is to be there needs line'] : []),
  ].map(message => ({ message }))
}

type Test = (line: string) => Match | boolean | undefined

/** Steps that a pattern may take on one line. */
const MOST_STEPS = 5_000_000

/** The text with the line as it is to be; all else stays to the byte. A problem is a pattern that cannot be used. */
export function editLines(old: string, wanted: WantedLine): Edited | { readonly problem: string } {
  try {
    const lines = old.match(/[^\n]*\n|[^\n]+$/g) ?? []
    return wanted.state === 'absent' ? withoutLine(lines, wanted) : withLine(lines, wanted)
  } catch (error) {
    if (error instanceof RegexError)
      return { problem: `${error.message} (at character ${error.at + 1} of the pattern)` }
    if (error instanceof TooManySteps)
      return { problem: 'a pattern needs too many steps: it tries too many ways to match' }
    throw error
  }
}

class TooManySteps extends Error {}

const ending = (line: string): string => /\r?\n$/.exec(line)?.[0] ?? ''
const bare = (line: string): string => line.slice(0, line.length - ending(line).length)

const tested = (source: string): Test => {
  const regex = compileRegex(source)
  return line => firstOf(regex, line)
}

const firstOf = (regex: Regex, text: string): Match | undefined => {
  let left = MOST_STEPS
  const onSteps = (steps: number): void => {
    left -= steps
    if (left < 0) throw new TooManySteps()
  }
  const [first] = matches(regex, text, { onSteps })
  return first
}

const finder = ({ regexp, search_string }: WantedLine): Test | undefined => {
  if (search_string !== undefined) return line => line.includes(search_string)
  return regexp === undefined ? undefined : tested(regexp)
}

const withoutLine = (lines: readonly string[], wanted: WantedLine): Edited => {
  const find = finder(wanted) ?? (line => bare(line) === wanted.line)
  const kept = lines.filter(line => !find(line))
  const count = lines.length - kept.length
  return { text: kept.join(''), did: count === 0 ? [] : [count === 1 ? 'remove a line' : `remove ${count} lines`] }
}

const withLine = (lines: readonly string[], wanted: WantedLine): Edited | { readonly problem: string } => {
  const { line, backrefs, firstmatch } = wanted
  if (line === undefined) return { problem: 'a line that is to be there needs line' }
  const find = finder(wanted)
  const found = lines.flatMap((one, at) => {
    const match = find?.(one)
    return match ? [{ at, match }] : []
  })
  const meant = firstmatch ? found[0] : found.at(-1)
  if (meant !== undefined) {
    const expand = backrefs && typeof meant.match === 'object' ? meant.match : undefined
    const text = expand === undefined ? line : replacementOf(line, compileRegex(wanted.regexp ?? ''))(expand)
    return replaced(lines, meant.at, text)
  }
  const same = lines.findLastIndex(one => bare(one) === line)
  if (same >= 0) return replaced(lines, same, line)
  return backrefs ? { text: lines.join(''), did: [] } : inserted(lines, placeFor(lines, wanted), line)
}

const replaced = (lines: readonly string[], at: number, text: string): Edited => {
  const now = `${text}${ending(lines[at] ?? '') || '\n'}`
  return { text: lines.with(at, now).join(''), did: now === lines[at] ? [] : [`replace line ${at + 1}`] }
}

const placeFor = (lines: readonly string[], { insertafter, insertbefore, firstmatch }: WantedLine): number => {
  if (insertafter === 'BOF' || insertbefore === 'BOF') return 0
  const pattern = insertafter ?? insertbefore
  if (pattern === undefined || pattern === 'EOF') return lines.length
  const test = tested(pattern)
  const at = firstmatch ? lines.findIndex(line => test(line)) : lines.findLastIndex(line => test(line))
  return at < 0 ? lines.length : insertafter === undefined ? at : at + 1
}

const inserted = (lines: readonly string[], at: number, line: string): Edited => {
  const end = ending(lines[0] ?? '') || '\n'
  // The last line may have no end, and gets one before another follows.
  const whole = lines.map(one => (ending(one) === '' && at === lines.length ? `${one}${end}` : one))
  return { text: whole.toSpliced(at, 0, `${line}${end}`).join(''), did: [`add line ${at + 1}`] }
}
