// Python's string methods: strings of code points, with Python's definition of white space and line ends.

const BLANK = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const TRAILING = new RegExp(`[${BLANK}]$`)
const BLANKS = new RegExp(`[${BLANK}]+`)
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g

export const chars = (text: string): readonly string[] => [...text]

/** `str.strip`, `lstrip`, `rstrip`: removes white space, or the characters of a set. */
export function strip(text: string, set: string | null, sides: 'both' | 'left' | 'right' = 'both'): string {
  const all = chars(text)
  const goes = (char: string | undefined): boolean =>
    char !== undefined && (set === null ? TRAILING.test(char) : [...set].includes(char))
  let start = 0
  let end = all.length
  if (sides !== 'right') while (start < end && goes(all[start])) start++
  if (sides !== 'left') while (end > start && goes(all[end - 1])) end--
  return start === 0 && end === all.length ? text : all.slice(start, end).join('')
}

/** `str.split`: at a separator or, without one, at runs of white space; at most `most` times (-1: no limit). */
export function split(text: string, by: string | null, most: number): string[] {
  if (by === '') throw new TypeError('the separator is empty')
  const limit = most < 0 ? Number.POSITIVE_INFINITY : most
  const parts: string[] = []
  let left = by === null ? strip(text, null, 'left') : text
  if (by === null && left === '') return []
  while (parts.length < limit) {
    const found = by === null ? BLANKS.exec(left) : { index: left.indexOf(by), 0: by }
    if (found === null || found.index < 0) break
    parts.push(left.slice(0, found.index))
    left = left.slice(found.index + found[0].length)
    if (by === null && left === '') return parts
  }
  return [...parts, by === null && parts.length < limit ? strip(left, null, 'right') : left]
}

/** `str.rsplit`: from the right. */
export function rsplit(text: string, by: string | null, most: number): string[] {
  if (by === '') throw new TypeError('the separator is empty')
  const backwards = (one: string): string => [...one].reverse().join('')
  return split(backwards(text), by === null ? null : backwards(by), most)
    .map(backwards)
    .reverse()
}

/** `str.splitlines`. */
export function lines(text: string, keepEnds = false): string[] {
  const found: string[] = []
  let from = 0
  for (const end of text.matchAll(LINE_END)) {
    found.push(text.slice(from, end.index + (keepEnds ? end[0].length : 0)))
    from = end.index + end[0].length
  }
  return from < text.length ? [...found, text.slice(from)] : found
}

/** `str.capitalize`. */
export const capitalize = (text: string): string => {
  const [first = '', ...rest] = chars(text)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

/** `str.replace`; -1 replaces all. */
export function replace(text: string, from: string, by: { readonly to: string; readonly most: number }): string {
  if (by.most < 0 && from !== '') return text.split(from).join(by.to)
  const limit = by.most < 0 ? Number.POSITIVE_INFINITY : by.most
  if (from === '') {
    const all = chars(text)
    const places = Math.min(limit, all.length + 1)
    return all.map((char, i) => (i < places ? by.to + char : char)).join('') + (places > all.length ? by.to : '')
  }
  const parts = split(text, from, limit)
  return parts.join(by.to)
}

/** `str.center`, `str.ljust`, `str.rjust`: the side is where the text goes. */
export function pad(
  text: string,
  width: number,
  how: { readonly side: 'left' | 'right' | 'both'; readonly fill: string },
): string {
  if ([...how.fill].length !== 1) throw new TypeError('the fill must be one character')
  if (width > 16_000_000) throw new RangeError('that is too wide')
  const room = Math.max(0, width - chars(text).length)
  // With an odd width Python puts the odd blank on the left.
  const left = how.side === 'left' ? 0 : how.side === 'right' ? room : Math.floor(room / 2) + (room & width & 1)
  return how.fill.repeat(left) + text + how.fill.repeat(room - left)
}
