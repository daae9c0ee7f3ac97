import { Moment } from '../moment.ts'
import { solid } from '../solid.ts'
import { isDict, iterate, plain, show, typeName } from '../values.ts'

export interface JsonStyle {
  readonly indent: string | null
  readonly separators: readonly [item: string, key: string]
  readonly sortKeys: boolean
  readonly ascii: boolean
  readonly endless: boolean
}

const DEEPEST = 500

/** Python's `json.dumps`. */
export function writeJson(value: unknown, style: JsonStyle, depth = 0): string {
  if (depth > DEEPEST) throw new RangeError(`the value is nested more than ${DEEPEST} levels deep`)
  const bare = plain(solid(value))
  if (bare === null || bare === undefined) return 'null'
  if (typeof bare === 'string') return quoted(bare, style.ascii)
  if (typeof bare === 'boolean') return String(bare)
  if (typeof bare === 'number' || typeof bare === 'bigint') return number(value, style)
  if (bare instanceof Moment) return quoted(bare.toJSON(), style.ascii)
  if (!Array.isArray(bare) && !isDict(bare)) throw new TypeError(`a '${typeName(value)}' cannot be written as JSON`)
  const [item, colon] = style.separators
  const inner = (one: unknown): string => writeJson(one, style, depth + 1)
  const parts = Array.isArray(bare)
    ? iterate(bare).map(inner)
    : entries(bare, style.sortKeys).map(([key, one]) => quoted(key, style.ascii) + colon + inner(one))
  const [open, close] = Array.isArray(bare) ? '[]' : '{}'
  if (style.indent === null || parts.length === 0) return `${open}${parts.join(item)}${close}`
  const line = (levels: number): string => `\n${(style.indent ?? '').repeat(levels)}`
  return `${open}${line(depth + 1)}${parts.join(item + line(depth + 1))}${line(depth)}${close}`
}

const entries = (dict: Readonly<Record<string, unknown>>, sorted: boolean): readonly (readonly [string, unknown])[] =>
  sorted ? Object.entries(dict).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : Object.entries(dict)

const number = (value: unknown, style: JsonStyle): string => {
  const size = plain(value)
  if (typeof size === 'bigint' || Number.isFinite(size)) return show(value)
  if (!style.endless) throw new TypeError(`${show(value)} has no form in JSON`)
  return Number.isNaN(size) ? 'NaN' : Number(size) > 0 ? 'Infinity' : '-Infinity'
}

const unicode = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
const quoted = (text: string, ascii: boolean): string => {
  const made = JSON.stringify(text)
  return ascii ? made.replace(/[\u0080-\uffff]/g, unicode) : made
}

export const USUAL: JsonStyle = {
  indent: null,
  separators: [', ', ': '],
  sortKeys: false,
  ascii: true,
  endless: true,
}
