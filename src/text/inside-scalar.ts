import type { At } from './position.ts'

/** A scalar of a YAML file: where its text starts, and its value. */
export interface Scalar {
  readonly at: At
  readonly value: string
}

/**
 * Maps a line and column of a scalar's value to a position in the file, through quotes, escapes, indentation and folded
 * lines. Returns `at` when the source does not spell the value (anchors, tags, aliases).
 */
export function insideScalar(
  source: string,
  { at, value }: Scalar,
  wanted: { readonly line: number; readonly column: number; readonly length?: number },
): At {
  const start = offsetOf(source, at.line, at.column)
  const offset = offsetOf(value, wanted.line, wanted.column)
  if (start === undefined || offset === undefined || offset > value.length) return at
  const raw = rawOffsets(source, start, value)?.[offset]
  if (raw === undefined) return at
  const before = source.slice(0, raw)
  const line = before.split('\n').length
  return {
    file: at.file,
    line,
    column: raw - before.lastIndexOf('\n'),
    length: Math.max(1, Math.min(wanted.length ?? 1, lineEnd(source, raw) - raw)),
  }
}

/** Indentation of a block scalar (`|` or `>`); further blanks belong to the text. */
const blockIndent = (source: string, start: number): number | undefined => {
  const lineStart = source.lastIndexOf('\n', start - 1) + 1
  const above = source.slice(0, lineStart).trimEnd().split('\n').at(-1) ?? ''
  const alone = source.slice(lineStart, start).trim() === ''
  return alone && /[|>][-+0-9]{0,2}\s*(#.*)?$/.test(above) ? start - lineStart : undefined
}

const lineEnd = (source: string, from: number): number => {
  const end = source.indexOf('\n', from)
  return end < 0 ? source.length : end
}

const offsetOf = (text: string, line: number, column: number): number | undefined => {
  let start = 0
  for (let i = 1; i < line; i++) {
    start = text.indexOf('\n', start) + 1
    if (start === 0) return undefined
  }
  return start + column - 1
}

/** The source offset of each character of the value and of its end. Undefined when source and value do not match. */
function rawOffsets(source: string, start: number, value: string): readonly number[] | undefined {
  const quote = source[start - 1]
  const indent = blockIndent(source, start)
  const offsets: number[] = []
  let raw = start
  let i = 0
  while (i < value.length) {
    const char = value[i] as string
    const [length, text] =
      quote === '"' ? doubled(source, raw) : quote === "'" && source.startsWith("''", raw) ? [2, "'"] : [1, source[raw]]
    if (text === '') {
      // An escaped line break adds nothing to the value.
      raw += length
      raw += blanks(source, raw)
    } else if (text === char && char !== '\n' && char !== ' ') {
      for (let n = 0; n < char.length; n++) offsets.push(raw)
      raw += length
      i++
    } else if (char === ' ' || char === '\n') {
      offsets.push(raw)
      i++
      if (text === char && length > 1) raw += length
      else if (char === ' ' && text === ' ' && !onlyBlanksAhead(source, raw)) raw++
      else {
        // A line break, folded into a blank or kept, and the indentation of the next line.
        const gap = /^[ \t]*\r?\n/.exec(source.slice(raw, raw + 400))
        if (gap === null) return undefined
        raw += gap[0].length
        raw += Math.min(blanks(source, raw), indent ?? Number.POSITIVE_INFINITY)
      }
    } else return undefined
  }
  offsets.push(raw)
  return offsets
}

const blanks = (source: string, from: number): number => /^[ \t]*/.exec(source.slice(from, from + 400))?.[0].length ?? 0

const onlyBlanksAhead = (source: string, from: number): boolean => /^[ \t]*\r?\n/.test(source.slice(from, from + 400))

const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', e: '\x1b', _: '\xa0' }

const doubled = (source: string, at: number): readonly [number, string | undefined] => {
  if (source[at] !== '\\') return [1, source[at]]
  const next = source[at + 1] ?? ''
  const digits = { x: 2, u: 4, U: 8 }[next]
  if (digits !== undefined)
    return [2 + digits, String.fromCodePoint(Number.parseInt(source.slice(at + 2, at + 2 + digits), 16) || 0)]
  if (next === '\n') return [2, '']
  return [2, simple[next] ?? next]
}
