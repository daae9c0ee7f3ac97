import bcrypt from 'bcryptjs'
import { dump, load } from 'js-yaml'
import { unixcrypt } from '../../../text/unixcrypt.ts'
import { solid } from '../solid.ts'
import { Float, float, isDict, plain, show, truthy, typeName, Undefined } from '../values.ts'
import { arg, type FilterCall, type Filters } from './filter.ts'

const defaulted = (call: FilterCall): unknown => {
  const otherwise = arg(call, 0, 'default_value') ?? ''
  if (call.value instanceof Undefined) return otherwise
  return truthy(arg(call, 1, 'boolean') ?? false) && !truthy(call.value) ? otherwise : call.value
}

const bare = (value: unknown): unknown => {
  const flat = plain(value)
  if (Array.isArray(flat)) return flat.map(bare)
  if (isDict(flat)) return Object.fromEntries(Object.entries(flat).map(([key, item]) => [key, bare(item)]))
  return flat
}

/** Python's `json.dumps`: a space after `,` and `:`. */
const json = (value: unknown, sorted: boolean): string => {
  const flat = plain(value)
  if (value instanceof Float) return `${value.value}.0`
  if (Array.isArray(flat)) return `[${flat.map(item => json(item, sorted)).join(', ')}]`
  if (isDict(flat)) {
    const entries = Object.entries(flat)
    if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${ascii(key)}: ${json(item, sorted)}`).join(', ')}}`
  }
  return typeof flat === 'string' ? ascii(flat) : JSON.stringify(flat ?? null)
}

const ascii = (text: string): string =>
  JSON.stringify(text).replace(/[\u007f-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

const sortKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (isDict(value))
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, sortKeys(item)]),
    )
  return value
}

const toInt = (call: FilterCall): unknown => {
  const value = plain(call.value)
  const base = Number(arg(call, 1, 'base') ?? 10)
  const otherwise = arg(call, 0, 'default') ?? 0
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'number') return Math.trunc(value)
  const text = show(value).trim()
  if (base !== 10) {
    const parsed = Number.parseInt(text.replace(/^0[xob]/i, ''), base)
    return Number.isNaN(parsed) ? otherwise : parsed
  }
  return /^[+-]?\d+(_\d+)*(\.\d*)?(e[+-]?\d+)?$/i.test(text) ? Math.trunc(Number(text.replaceAll('_', ''))) : otherwise
}

const floatOf = (text: string): number => {
  const endless = /^([+-]?)inf(inity)?$/i.exec(text)
  if (endless !== null) return endless[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^[+-]?(\d[\d_]*\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN
}

const toFloat = (call: FilterCall): unknown => {
  const value = plain(call.value)
  const number = typeof value === 'string' ? floatOf(value.trim()) : value === null ? Number.NaN : Number(value)
  return Number.isNaN(number) ? (arg(call, 0, 'default') ?? new Float(0)) : float(number)
}

const numberOf = (call: FilterCall, name: string): number => {
  const value = plain(call.value)
  if (typeof value !== 'number' && typeof value !== 'boolean')
    throw new TypeError(`${name} takes a number, not '${typeName(call.value)}'`)
  return Number(value)
}

const round = (call: FilterCall): unknown => {
  const digits = Number(arg(call, 0, 'precision') ?? 0)
  if (digits >= 0 && (typeof call.value === 'boolean' || Number.isInteger(call.value))) return Number(call.value)
  numberOf(call, 'round')
  const scale = 10 ** digits
  const scaled = Number(plain(call.value)) * scale
  const way = arg(call, 1, 'method') ?? 'common'
  if (way === 'ceil') return float(Math.ceil(scaled) / scale)
  if (way === 'floor') return float(Math.floor(scaled) / scale)
  const value = Number(plain(call.value))
  // Python rounds a true half to even; 2.345 is none, its binary value lies above.
  const low = Math.floor(scaled)
  // A negative number that comes out as nothing keeps its sign, as in Python.
  const half = scaled - low === 0.5 && Number.isInteger(value * 2 ** 20)
  if (half || digits < 0) return float((half && low % 2 === 0 ? low : Math.round(scaled)) / scale)
  return float(Number(value.toFixed(digits)))
}

const address = (value: unknown): string | false => {
  const text = show(value)
  const [ip = '', size] = text.split('/')
  const parts = ip.split('.')
  if (
    parts.length === 4 &&
    parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256) &&
    (size === undefined || (/^\d+$/.test(size) && Number(size) <= 32))
  )
    return text
  return /^[0-9a-f:.]+$/i.test(ip) &&
    ip.includes(':') &&
    (ip.match(/::/g) ?? []).length <= 1 &&
    ip.split(':').length <= 8 &&
    (size === undefined || Number(size) <= 128)
    ? text
    : false
}

export const valueFilters: Filters = {
  default: defaulted,
  d: defaulted,
  mandatory: call => {
    if (call.value instanceof Undefined && call.args[0] !== undefined) throw new TypeError(show(call.args[0]))
    return solid(call.value)
  },
  ternary: call =>
    call.value === null && call.args[2] !== undefined ? call.args[2] : truthy(call.value) ? call.args[0] : call.args[1],
  bool: call => {
    const value = plain(call.value)
    return typeof value === 'string'
      ? ['yes', 'on', '1', 'true', 'y', 't'].includes(value.toLowerCase())
      : value === true || value === 1
  },
  int: toInt,
  float: toFloat,
  abs: call => {
    const size = Math.abs(numberOf(call, 'abs'))
    return call.value instanceof Float ? float(size) : size
  },
  round,
  log: call =>
    float(
      call.args[0] === undefined
        ? Math.log(Number(plain(call.value)))
        : Math.log(Number(plain(call.value))) / Math.log(Number(call.args[0])),
    ),
  pow: call => float(Number(plain(call.value)) ** Number(call.args[0])),
  to_json: call => json(call.value, truthy(call.keywords['sort_keys'] ?? false)),
  to_nice_json: call => JSON.stringify(sortKeys(bare(call.value)), null, Number(arg(call, 0, 'indent') ?? 4)),
  tojson: call => {
    const indent = arg(call, 0, 'indent')
    const text =
      indent === undefined || indent === null
        ? json(call.value, true)
        : JSON.stringify(sortKeys(bare(call.value)), null, Number(indent))
    return text.replace(/[<>&']/g, char => `\\u00${char.charCodeAt(0).toString(16)}`)
  },
  from_json: call => JSON.parse(show(call.value)) as unknown,
  to_yaml: call => dump(sortKeys(bare(call.value)), { flowLevel: 1, lineWidth: -1 }),
  to_nice_yaml: call =>
    dump(sortKeys(bare(call.value)), { indent: Number(arg(call, 0, 'indent') ?? 4), lineWidth: -1 }),
  from_yaml: call => load(show(call.value)),
  password_hash: call => {
    const scheme = String(arg(call, 0, 'hashtype') ?? 'sha512')
    const password = show(call.value)
    const salt = arg(call, 1, 'salt')
    if (scheme === 'bcrypt') return bcrypt.hashSync(password, Number(arg(call, 3, 'rounds') ?? 10))
    const id = { sha512: '6', sha256: '5' }[scheme]
    if (id === undefined) throw new TypeError(`password_hash knows sha512, sha256 and bcrypt, not '${scheme}'`)
    return unixcrypt(password, salt === undefined ? `$${id}$` : `$${id}$${show(salt)}`)
  },
  ipaddr: call => address(call.value),
  expanduser: call => show(call.value),
  pprint: call => JSON.stringify(bare(call.value), null, 2),
}
