import { BigInteger, ExactNumber, float, integer } from '../text/exact-number.ts'
import { general } from './format.ts'
import { addTimes, Temporal } from './moment.ts'
import type { BinaryOperator } from './tree.ts'
import { isDict, plain, repr, show, Tuple, typeName, Undefined, unfit } from './values.ts'

type Numeric = number | boolean | ExactNumber

const isNumber = (value: unknown): value is Numeric =>
  typeof value === 'number' || typeof value === 'boolean' || value instanceof ExactNumber
const num = (value: Numeric): number => Number(plain(value))
const isFloat = (value: unknown): boolean => typeName(value) === 'float'
const whole = (value: Numeric): bigint => BigInt(plain(value) as number | bigint | boolean)

const refuse = (sign: string, a: unknown, b: unknown): never => {
  throw unfit(`'${typeName(a)}' ${sign} '${typeName(b)}' has no meaning`, a, b)
}

interface Calculation {
  readonly float: (a: number, b: number) => number
  /** For integers whose result a JavaScript number does not hold. */
  readonly big: (a: bigint, b: bigint) => bigint
}

// Python's integers have no end; a text of more digits than this is not written.
const MOST_BITS = 14_300

const numeric =
  (sign: string, calculate: Calculation) =>
  (a: unknown, b: unknown): unknown => {
    if (!isNumber(a) || !isNumber(b)) return refuse(sign, a, b)
    if (isFloat(a) || isFloat(b)) return float(calculate.float(num(a), num(b)))
    if (!(a instanceof BigInteger) && !(b instanceof BigInteger)) {
      const result = calculate.float(num(a), num(b))
      if (Number.isSafeInteger(result) || (Number.isFinite(result) && !Number.isInteger(result))) return result
    }
    return integer(calculate.big(whole(a), whole(b)))
  }

const divisor = <T extends number | bigint>(value: T): T => {
  if (!value) throw new TypeError('division by zero')
  return value
}

const sizeOf = (value: bigint): number => value.toString(16).length * 4

const bounded = (bits: number): void => {
  if (bits > MOST_BITS) throw new RangeError('the number is too large')
}

const floorOf = (a: bigint, b: bigint): bigint => a / divisor(b) - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n)

const plus = numeric('+', { float: (a, b) => a + b, big: (a, b) => a + b })
const minus = numeric('-', { float: (a, b) => a - b, big: (a, b) => a - b })
const times = numeric('*', {
  float: (a, b) => a * b,
  big: (a, b) => {
    bounded(sizeOf(a) + sizeOf(b))
    return a * b
  },
})
const modulo = numeric('%', {
  float: (a, b) => a - Math.floor(a / divisor(b)) * b,
  big: (a, b) => a - floorOf(a, b) * b,
})
const quotient = numeric('//', { float: (a, b) => Math.floor(a / divisor(b)), big: floorOf })
const power = numeric('**', {
  float: (a, b) => a ** b,
  big: (a, b) => {
    if (b < 0n) throw new RangeError('the number is too large')
    bounded(b > 100_000n ? Number.POSITIVE_INFINITY : sizeOf(a) * Number(b))
    return a ** b
  },
})
const MOST = 16 * 1024 * 1024

const timesOf = (a: unknown, b: unknown, sign: 1 | -1): Temporal | undefined =>
  a instanceof Temporal && b instanceof Temporal ? addTimes(a, b, sign) : undefined

/** Python's arithmetic on Jinja2's values. */
export const operators: Readonly<Record<BinaryOperator, (a: unknown, b: unknown) => unknown>> = {
  '+': (a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (a instanceof Tuple && b instanceof Tuple) return Tuple.of_(...a, ...b)
    if (a instanceof Tuple !== b instanceof Tuple) return refuse('+', a, b)
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
    return timesOf(a, b, 1) ?? plus(a, b)
  },
  '-': (a, b) => timesOf(a, b, -1) ?? minus(a, b),
  '*': (a, b) => {
    const [what, count] = isNumber(a) && !isNumber(b) ? [b, a] : [a, b]
    if ((typeof what === 'string' || Array.isArray(what)) && isNumber(count)) {
      if (isFloat(count)) return refuse('*', a, b)
      const times_ = Math.max(0, num(count))
      if (what.length * times_ > MOST) throw new RangeError('the result is too long')
      return typeof what === 'string' ? what.repeat(times_) : Array.from({ length: times_ }, () => what).flat(1)
    }
    return times(a, b)
  },
  '/': (a, b) => (isNumber(a) && isNumber(b) ? float(num(a) / divisor(num(b))) : refuse('/', a, b)),
  '//': quotient,
  '%': (a, b) => (typeof a === 'string' ? percent(a, b) : modulo(a, b)),
  '**': power,
  '~': (a, b) => show(a) + show(b),
}

/** Python's `%` formatting: `'%s-%03d' % (a, b)`. */
export function percent(pattern: string, args: unknown): string {
  // Python takes a tuple apart; a list is one value.
  const list = args instanceof Tuple ? args : [args]
  let next = 0
  const text = pattern.replace(
    /%(?:\((\w+)\))?([-+ 0#]*)(\d*)(?:\.(\d+))?([sdifxXorc%eg])/g,
    (_, name: string | undefined, flags: string, width: string, digits: string | undefined, kind: string) => {
      if (kind === '%') return '%'
      const value = name === undefined ? list[next++] : (args as Record<string, unknown>)[name]
      if (value === undefined || value instanceof Undefined) throw new TypeError('not enough values for the format')
      return pad(formatOne(kind, value, digits), { flags, width: Number(width) })
    },
  )
  if (next < list.length && !isDict(args)) throw new TypeError('not all values are used by the format')
  return text
}

const formatOne = (kind: string, value: unknown, digits: string | undefined): string => {
  if (kind === 's') return digits === undefined ? show(value) : show(value).slice(0, Number(digits))
  if (kind === 'r') return repr(value)
  if (kind === 'c') return typeof value === 'number' ? String.fromCodePoint(value) : show(value)
  const bare = plain(value)
  if ((kind === 'd' || kind === 'i') && typeof bare === 'bigint') return bare.toString()
  const number = Number(bare)
  if (Number.isNaN(number) || typeof value === 'string')
    throw new TypeError(`%${kind} takes a number, not '${typeName(value)}'`)
  if (kind === 'd' || kind === 'i') return String(Math.trunc(number))
  if (kind === 'f') return number.toFixed(digits === undefined ? 6 : Number(digits))
  if (kind === 'e')
    return number.toExponential(digits === undefined ? 6 : Number(digits)).replace(/e([+-])(\d)$/, 'e$10$2')
  if (kind === 'g')
    return (number < 0 ? '-' : '') + general(Math.abs(number), digits === undefined ? 6 : Number(digits) || 1)
  const whole = Math.trunc(number).toString(kind === 'o' ? 8 : 16)
  return kind === 'X' ? whole.toUpperCase() : whole
}

const pad = (text: string, how: { readonly flags: string; readonly width: number }): string => {
  const sign = how.flags.includes('+') ? '+' : how.flags.includes(' ') ? ' ' : ''
  const signed = sign !== '' && !text.startsWith('-') ? sign + text : text
  if (how.flags.includes('-')) return signed.padEnd(how.width)
  if (!how.flags.includes('0')) return signed.padStart(how.width)
  return /^[+ -]/.test(signed)
    ? signed.charAt(0) + signed.slice(1).padStart(how.width - 1, '0')
    : signed.padStart(how.width, '0')
}
