import { Float, float, isDict, plain, repr, show, Tuple, typeName, Undefined } from './values.ts'

const isNumber = (value: unknown): value is number | boolean | Float =>
  typeof value === 'number' || typeof value === 'boolean' || value instanceof Float
const num = (value: number | boolean | Float): number => Number(plain(value))
const isFloat = (value: unknown): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))

const refuse = (sign: string, a: unknown, b: unknown): never => {
  throw new TypeError(`'${typeName(a)}' ${sign} '${typeName(b)}' has no meaning`)
}

const numeric =
  (sign: string, calculate: (a: number, b: number) => number) =>
  (a: unknown, b: unknown): unknown => {
    if (!isNumber(a) || !isNumber(b)) return refuse(sign, a, b)
    const result = calculate(num(a), num(b))
    if (isFloat(a) || isFloat(b)) return float(result)
    // Python's whole numbers have no end; better none than a wrong one.
    if (Number.isInteger(result) ? !Number.isSafeInteger(result) : !Number.isFinite(result))
      throw new RangeError('the number is too large')
    return result
  }

const divisor = (value: number): number => {
  if (value === 0) throw new TypeError('division by zero')
  return value
}

const plus = numeric('+', (a, b) => a + b)
const times = numeric('*', (a, b) => a * b)
const modulo = numeric('%', (a, b) => a - Math.floor(a / divisor(b)) * b)
const MOST = 16 * 1024 * 1024

/** Python's arithmetic on Jinja2's values, by the type name of the node. */
export const operators: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  Add: (a, b) => {
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (a instanceof Tuple && b instanceof Tuple) return Tuple.of_(...a, ...b)
    if (a instanceof Tuple !== b instanceof Tuple) return refuse('+', a, b)
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
    return plus(a, b)
  },
  Sub: numeric('-', (a, b) => a - b),
  Mul: (a, b) => {
    const [what, count] = isNumber(a) && !isNumber(b) ? [b, a] : [a, b]
    if ((typeof what === 'string' || Array.isArray(what)) && isNumber(count)) {
      const times_ = Math.max(0, num(count))
      if (what.length * times_ > MOST) throw new RangeError('the result is too long')
      return typeof what === 'string' ? what.repeat(times_) : Array.from({ length: times_ }, () => what).flat(1)
    }
    return times(a, b)
  },
  Div: (a, b) => (isNumber(a) && isNumber(b) ? float(num(a) / divisor(num(b))) : refuse('/', a, b)),
  FloorDiv: numeric('//', (a, b) => Math.floor(a / divisor(b))),
  Mod: (a, b) => (typeof a === 'string' ? percent(a, b) : modulo(a, b)),
  Pow: numeric('**', (a, b) => a ** b),
  Concat: (a, b) => show(a) + show(b),
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
  const number = Number(plain(value))
  if (Number.isNaN(number) || typeof value === 'string')
    throw new TypeError(`%${kind} takes a number, not '${typeName(value)}'`)
  if (kind === 'd' || kind === 'i') return String(Math.trunc(number))
  if (kind === 'f') return number.toFixed(digits === undefined ? 6 : Number(digits))
  if (kind === 'e')
    return number.toExponential(digits === undefined ? 6 : Number(digits)).replace(/e([+-])(\d)$/, 'e$10$2')
  if (kind === 'g') return String(Number(number.toPrecision(digits === undefined ? 6 : Number(digits) || 1)))
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
