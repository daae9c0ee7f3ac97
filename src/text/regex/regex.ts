import { Matcher, type OnSteps } from './matcher.ts'
import { type Flags, parseRegex } from './parse.ts'
import { type Program, programOf } from './program.ts'
import { requiredCodes } from './required.ts'

export interface Regex {
  readonly program: Program
  /** Code points that every match contains. */
  readonly required: readonly number[]
  /** Number of capturing groups. */
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

/** A match: start and end as for `slice`, and the texts of the groups; group 0 is the whole match. */
export interface Match {
  readonly start: number
  readonly end: number
  readonly groups: readonly (string | undefined)[]
}

/** Compiles a Python regular expression. Throws a `RegexError`. */
export function compileRegex(text: string, flags: Flags = {}): Regex {
  const { tree, groups, names } = parseRegex(text, flags)
  return { program: programOf(tree, groups), required: requiredCodes(tree), groups, names }
}

export interface Search {
  /** Called with the number of steps; throws to stop the search. */
  readonly onSteps: OnSteps
  /** Match only at the beginning, as `re.match` does. */
  readonly anchored?: boolean
}

/** All non-overlapping matches: Python's `re.finditer`. */
export function* matches(regex: Regex, text: string, how: Search): Generator<Match> {
  const { codes, offsets } = codesOf(text)
  const part = (from: number, to: number): string =>
    offsets === undefined ? text.slice(from, to) : text.slice(offsets[from], offsets[to])
  const matcher = new Matcher(regex.program, codes, how.onSteps)
  const [first] = regex.program.steps
  const wanted = first?.op === 'code' ? first.code : undefined
  // No match can start after the last occurrence of a required code point: `a.*b` is tried once in a long text without b.
  const latest = Math.min(codes.length, ...regex.required.map(code => codes.lastIndexOf(code)))
  let at = 0
  let filled = false
  while (at <= latest) {
    if (wanted !== undefined && how.anchored !== true) {
      const next = codes.indexOf(wanted, at)
      if (next < 0) break
      if (next > at) filled = false
      at = next
    }
    if (matcher.at(at, { filled })) {
      const { slots } = matcher
      const to = slots[1] as number
      const groups = Array.from({ length: regex.groups + 1 }, (_, i) => {
        const [from = -1, end = -1] = slots.slice(2 * i, 2 * i + 2)
        return from < 0 || end < 0 ? undefined : part(from, end)
      })
      yield { start: offsets?.[at] ?? at, end: offsets?.[to] ?? to, groups }
      filled = to === at
      at = to
      if (how.anchored === true) break
      continue
    }
    if (how.anchored === true) break
    at++
    filled = false
  }
  matcher.reportSteps()
}

/** The code points, and their offsets when some of them take two UTF-16 units. */
const codesOf = (text: string): { readonly codes: readonly number[]; readonly offsets?: readonly number[] } => {
  const codes: number[] = []
  const offsets: number[] = []
  for (let at = 0; at < text.length; ) {
    const code = text.codePointAt(at) as number
    codes.push(code)
    offsets.push(at)
    at += code > 0xffff ? 2 : 1
  }
  offsets.push(text.length)
  return codes.length === text.length ? { codes } : { codes, offsets }
}
