const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const LONG_MONTHS = 'january|february|march|april|may|june|july|august|september|october|november|december'
const DAYS = 'mon|tue|wed|thu|fri|sat|sun'
const LONG_DAYS = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday'

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '\\d{4}',
  y: '\\d\\d',
  m: '1[0-2]|0[1-9]|[1-9]',
  d: '3[01]|[12]\\d|0[1-9]|[1-9]| [1-9]',
  H: '2[0-3]|[01]\\d|\\d',
  I: '1[0-2]|0[1-9]|[1-9]',
  M: '[0-5]\\d|\\d',
  S: '6[01]|[0-5]\\d|\\d',
  f: '\\d{1,6}',
  j: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
  p: 'am|pm',
  b: MONTHS.join('|'),
  B: LONG_MONTHS,
  a: DAYS,
  A: LONG_DAYS,
  z: '[+-]\\d\\d:?[0-5]\\d|z',
  Z: 'utc|gmt',
}
const SHORT: Readonly<Record<string, string>> = { T: '%H:%M:%S', D: '%m/%d/%y', F: '%Y-%m-%d', R: '%H:%M' }

/** A date parsed by `strptime`. */
export interface ParsedDate {
  /** Seconds since 1970, taking the text as UTC. */
  readonly seconds: number
  readonly micros: number
  /** Minutes east of UTC; undefined when the text has no offset. */
  readonly offset: number | undefined
}

/** `strptime` in the C locale. Throws a `TypeError` when the text does not match, or for an unknown directive. */
export function strptime(text: string, format: string): ParsedDate {
  const letters: string[] = []
  const source = format
    .replace(/%([TDFR])/g, (_, letter: string) => SHORT[letter] as string)
    .replace(/%(.?)|\s+|[^%\s]/gs, (all, letter: string | undefined) => {
      if (letter === undefined) return /^\s/.test(all) ? '\\s+' : all.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
      if (letter === '%') return '%'
      const pattern = PATTERNS[letter]
      if (pattern === undefined) throw new TypeError(`'%${letter}' is no part of a date's format`)
      if (letters.includes(letter)) throw new TypeError(`'%${letter}' is twice in the format '${format}'`)
      letters.push(letter)
      return `(${pattern})`
    })
  const match = new RegExp(`^${source}$`, 'i').exec(text)
  if (match === null) throw new TypeError(`'${text}' does not have the format '${format}'`)
  const part = (letter: string): string | undefined => {
    const at = letters.indexOf(letter)
    return at < 0 ? undefined : match[at + 1]?.toLowerCase()
  }
  const number = (letter: string): number | undefined => {
    const found = part(letter)
    return found === undefined ? undefined : Number(found)
  }
  const name = part('b') ?? part('B')?.slice(0, 3)
  const month = name !== undefined ? MONTHS.indexOf(name) + 1 : number('m')
  const short = number('y')
  const year = number('Y') ?? (short === undefined ? 1900 : short + (short < 69 ? 2000 : 1900))
  const yearday = number('j')
  const day = number('d') ?? 1
  const midnight = new Date(0)
  if (yearday !== undefined && month === undefined) midnight.setUTCFullYear(year, 0, yearday)
  else {
    midnight.setUTCFullYear(year, (month ?? 1) - 1, day)
    if (midnight.getUTCDate() !== day) throw new TypeError(`'${text}': the month has no day ${day}`)
  }
  const twelve = number('I')
  const hour = twelve === undefined ? (number('H') ?? 0) : (twelve % 12) + (part('p') === 'pm' ? 12 : 0)
  return {
    seconds: midnight.getTime() / 1000 + hour * 3600 + (number('M') ?? 0) * 60 + (number('S') ?? 0),
    micros: Number((part('f') ?? '').padEnd(6, '0')),
    offset: offsetOf(part('z')),
  }
}

const offsetOf = (zone: string | undefined): number | undefined => {
  if (zone === undefined) return undefined
  if (zone === 'z') return 0
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
}
