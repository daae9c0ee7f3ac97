/** What a name that nothing defines evaluates to. Only `default`, `is defined` and the like may touch it. */
export class Undefined {
  readonly path: string
  readonly line: number
  readonly column: number
  readonly why: string | undefined

  constructor(path: string, place: { readonly line: number; readonly column: number; readonly why?: string }) {
    this.path = path
    this.line = place.line
    this.column = place.column
    this.why = place.why
  }
}

/** A Python float without a fraction: `4 / 2` prints `2.0`. Other floats are plain numbers. */
export class Float {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
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

export const float = (value: number): number | Float => (Number.isInteger(value) ? new Float(value) : value)

/** The plain JavaScript value: floats lose their mark. */
export const plain = (value: unknown): unknown => (value instanceof Float ? value.value : value)

export type Dict = { readonly [key: string]: unknown }

export const isDict = (value: unknown): value is Dict =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  !(value instanceof Float) &&
  !(value instanceof Undefined) &&
  !(value instanceof Uint8Array) &&
  !(value instanceof Date)

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
  if (typeof a === 'boolean' && typeof b === 'number') return Number(a) === b
  if (typeof b === 'boolean' && typeof a === 'number') return Number(b) === a
  if (a instanceof Tuple !== b instanceof Tuple) return false
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => equal(item, b[i]))
  if (isDict(a) && isDict(b)) {
    const keys = Object.keys(a)
    return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key], b[key]))
  }
  return false
}

/** Python's order: numbers with numbers, texts with texts, lists item by item; anything else is an error. */
export function compare(one: unknown, other: unknown): number {
  const a = plain(one)
  const b = plain(other)
  const numeric = (value: unknown): value is number | boolean => typeof value === 'number' || typeof value === 'boolean'
  if (numeric(a) && numeric(b)) return Number(a) - Number(b)
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) if (!equal(a[i], b[i])) return compare(a[i], b[i])
    return a.length - b.length
  }
  throw new TypeError(`'${typeName(a)}' and '${typeName(b)}' have no order`)
}

export function typeName(value: unknown): string {
  if (value === null) return 'NoneType'
  if (value instanceof Float) return 'float'
  if (value instanceof Tuple) return 'tuple'
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

const number = (value: number): string => {
  if (Number.isInteger(value)) return Math.abs(value) < 1e21 ? BigInt(value).toString() : exponent(value)
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return exponent(value)
}

const wholeFloat = (value: number): string => {
  if (Object.is(value, -0)) return '-0.0'
  if (Math.abs(value) < 1e16) return `${number(value)}.0`
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
}

// Python turns to exponents below 1e-4, JavaScript below 1e-6.
const exponent = (value: number): string =>
  (Math.abs(value) < 1e-4 ? value.toExponential() : String(value)).replace(/e([+-])(\d)$/, 'e$10$2')

/** How Jinja2 prints a value: Python's `str()`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return number(value)
  return repr(value)
}

/** Python's `repr()`. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (value instanceof Float) return wholeFloat(value.value)
  if (typeof value === 'number') return number(value)
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
