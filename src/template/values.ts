import { BigInteger, ExactNumber, Float } from '../text/exact-number.ts'
import { numberText } from '../text/number-text.ts'
import { TemplateError } from './error.ts'
import { compareTimes, Temporal } from './moment.ts'

export { BigInteger, ExactNumber, Float, float } from '../text/exact-number.ts'

/** What a name that nothing defines evaluates to. Only `default`, `is defined` and the like may touch it. */
export class Undefined {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly why: string | undefined
  /** Nothing in a text: what an inline `if` without `else` gives. */
  readonly silent: boolean

  constructor(
    path: string,
    place: {
      readonly line: number
      readonly column: number
      readonly why?: string | undefined
      readonly silent?: boolean
    },
  ) {
    this.path = path
    this.line = place.line
    this.column = place.column
    this.why = place.why
    this.silent = place.silent ?? false
  }
}

/** The value of `omit`: what holds it is left out. It stands for a whole value and cannot be a part of one. */
export class Omit {
  readonly kind = 'omit'

  toString(): string {
    throw new TypeError('omit stands for a whole value: it cannot be a part of a text')
  }
}

export const OMIT = new Omit()

/** A value that must be there. */
export function solid(value: unknown): unknown {
  if (!(value instanceof Undefined)) return value
  if (value.silent) return ''
  throw new TemplateError(`'${value.path}' is undefined${value.why === undefined ? '' : `: ${value.why}`}`, {
    line: Math.max(1, value.line),
    column: Math.max(1, value.column),
    undefinedName: value.path,
  })
}

/** A Python tuple: a list that prints with parentheses. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  static of_(...items: readonly unknown[]): Tuple {
    const tuple = new Tuple()
    tuple.push(...items)
    return tuple
  }
}

/** The plain JavaScript value: floats lose their mark, integers beyond 2^53 are bigints. What is undefined is an error. */
export const plain = (value: unknown): unknown =>
  typeof value !== 'object' ? value : value instanceof ExactNumber ? value.value : solid(value)

export type Dict = { readonly [key: string]: unknown }

export const isDict = (value: unknown): value is Dict =>
  value !== null &&
  typeof value === 'object' &&
  (Object.getPrototypeOf(value) === Object.prototype || isOtherDict(value))

const isOtherDict = (value: object): boolean =>
  !Array.isArray(value) &&
  !(value instanceof ExactNumber) &&
  !(value instanceof Undefined) &&
  !(value instanceof Omit) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof Temporal)

/** Python's truth. */
export function truthy(value: unknown): boolean {
  const bare = plain(value)
  if (Array.isArray(bare)) return bare.length > 0
  if (isDict(bare)) return Object.keys(bare).length > 0
  return Boolean(bare)
}

/** Python's `==`: no conversion but between booleans and numbers. */
export function equal(one: unknown, other: unknown): boolean {
  const a = plain(one)
  const b = plain(other)
  if (a === b) return true
  // A float may be as large as an integer beyond 2^53.
  if (typeof a === 'bigint' || typeof b === 'bigint') return isNumeric(a) && isNumeric(b) && a <= b && a >= b
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b
  if (typeof b === 'boolean' && typeof a === 'number') return Number(b) === a
  if (a instanceof Tuple !== b instanceof Tuple) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]))
  if (a instanceof Temporal && b instanceof Temporal) return a.type === b.type && compareTimes(a, b) === 0
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key], b[key]))
  }
  return false
}

const isNumeric = (value: unknown): value is number | bigint | boolean =>
  typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'

/** A text where a number is wanted beside it: `-e` and INI inventories give texts. */
export class TextForNumber extends TypeError {
  readonly side: 'left' | 'right'
  readonly told: string
  readonly text: string

  constructor(told: string, side: 'left' | 'right', text: string) {
    super(hinted(told, text))
    this.told = told
    this.side = side
    this.text = text
  }

  /** The message where it is known which variable holds the text. */
  naming(variable: string): string {
    return hinted(this.told, this.text, variable)
  }
}

const hinted = (told: string, text: string, variable?: string): string => {
  const shown = `'${text.length > 20 ? `${text.slice(0, 20)}...` : text}'`
  const how = '(-e NAME=VALUE gives texts, -e \'{"NAME": 1}\' numbers)'
  return variable === undefined
    ? `${told}: ${shown} is a text, make it a number with '| int' ${how}`
    : `${told}: ${variable} is the text ${shown}, make it a number with '${variable} | int' ${how}`
}

/** The error of two values that do not go together. */
export const unfit = (told: string, a: unknown, b: unknown): TypeError => {
  if (typeof a === 'string' && isNumeric(plain(b))) return new TextForNumber(told, 'left', a)
  if (typeof b === 'string' && isNumeric(plain(a))) return new TextForNumber(told, 'right', b)
  return new TypeError(told)
}

/** Python's order: numbers with numbers, texts with texts, lists item by item; anything else is an error. */
export function compare(one: unknown, other: unknown): number {
  const a = plain(one)
  const b = plain(other)
  if (isNumeric(a) && isNumeric(b)) return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (!equal(a[i], b[i])) return compare(a[i], b[i])
    return a.length - b.length
  }
  if (a instanceof Temporal && b instanceof Temporal) return compareTimes(a, b)
  throw unfit(`'${typeName(a)}' and '${typeName(b)}' have no order`, a, b)
}

export function typeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (value instanceof Float) return 'float'
  if (value instanceof BigInteger) return 'int'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Temporal) return value.type
  if (Array.isArray(value)) return 'list'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'string':
      return 'str'
    case 'function':
      return 'function'
    default:
      return 'dict'
  }
}

/** How Jinja2 prints a value: Python's `str()`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  return repr(value)
}

/** Python's `repr()`. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value instanceof ExactNumber || value instanceof Omit || value instanceof Temporal) return value.toString()
  if (value instanceof Undefined) return String(solid(value))
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'string') return quoted(value)
  if (value instanceof Tuple) return `(${value.map(repr).join(', ')}${value.length === 1 ? ',' : ''})`
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (typeof value === 'function') return '<function>'
  if (value instanceof Uint8Array) return `b${quoted(Buffer.from(value).toString('latin1'))}`
  return `{${Object.entries(value as Dict)
    .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
    .join(', ')}}`
}

const quoted = (text: string): string => {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = ''
  for (const char of text) {
    if (char === '\\' || char === mark) out += `\\${char}`
    else if (char === '\n') out += '\\n'
    else if (char === '\r') out += '\\r'
    else if (char === '\t') out += '\\t'
    else if (char < ' ' || char === '\x7f') out += `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
    else out += char
  }
  return mark + out + mark
}

/** The items a `for` goes over: a list's, a dict's keys, a text's characters. */
export function iterate(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  if (typeof value === 'string') return [...value]
  if (isDict(value)) return Object.keys(value)
  throw new TypeError(`'${typeName(value)}' cannot be looped over`)
}
