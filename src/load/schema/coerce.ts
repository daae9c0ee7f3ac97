import { BigInteger, ExactNumber, Float } from '../../text/exact-number.ts'

/** The part of a param's JSON Schema that says which types it takes. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly items?: Schema
  readonly properties?: { readonly [name: string]: Schema }
  readonly additionalProperties?: Schema | boolean
  /** The value is taken as it stands: no number stands for this text. */
  readonly verbatim?: boolean
}

/**
 * A value as the schema wants it, where Ansible would convert it too: `"80"` for a number, `"yes"` for a boolean,
 * `"a, b"` for a list, `5` for a text. A param or key that is null is one that was not given (`undefined`), unless null
 * means something there. What cannot be converted stays as it is, for the schema to refuse.
 */
export function coerced(value: unknown, schema: Schema): unknown {
  const types = typesOf(schema)
  if (types === undefined) return value
  if (value === null) return types.has('null') ? null : undefined
  if (schema.verbatim === true || isTemplate(value)) return value
  // Where a text will do a number is written as it was; 3.0 stands for 3 where only a number will.
  if (value instanceof ExactNumber && types.has('string')) return String(value)
  if (value instanceof Float && (types.has('number') || types.has('integer'))) return value.value
  const fitting = types.has(nameOf(value)) || (types.has('number') && isWhole(value)) ? value : converted(value, types)
  if (Array.isArray(fitting)) {
    const items = branches(schema).find(one => one.items !== undefined)?.items
    return items === undefined ? fitting : fitting.map(item => (item === null ? null : coerced(item, items)))
  }
  return isMap(fitting) ? coercedMap(fitting, branches(schema)) : fitting
}

/** A text that is rendered before it is known what it is. */
export const isTemplate = (value: unknown): boolean => typeof value === 'string' && /\{[{%]/.test(value)

const coercedMap = (map: Readonly<Record<string, unknown>>, schemas: readonly Schema[]): unknown => {
  const known = schemas.find(one => one.properties !== undefined)?.properties ?? {}
  const others = schemas.find(one => typeof one.additionalProperties === 'object')?.additionalProperties
  const entries = Object.entries(map).flatMap(([name, value]) => {
    const schema = Object.hasOwn(known, name) ? known[name] : typeof others === 'object' ? others : undefined
    const fitting = schema === undefined ? value : coerced(value, schema)
    return fitting === undefined && value !== undefined ? [] : [[name, fitting] as const]
  })
  return Object.fromEntries(entries)
}

const branches = (schema: Schema): readonly Schema[] => [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]

/** Names of JSON Schema's types; nothing when any value will do. */
function typesOf(schema: Schema): ReadonlySet<string> | undefined {
  if (schema.type !== undefined) return new Set([schema.type].flat())
  if (schema.enum !== undefined) return new Set(schema.enum.map(nameOf))
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(typesOf)
  if (alternatives.length === 0 || alternatives.includes(undefined)) return undefined
  return new Set(alternatives.flatMap(one => [...(one ?? [])]))
}

const isWhole = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value)

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null &&
  typeof value === 'object' &&
  !Array.isArray(value) &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value))

const nameOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isWhole(value) || value instanceof BigInteger) return 'integer'
  if (value instanceof Float) return 'number'
  return typeof value
}

const converted = (value: unknown, types: ReadonlySet<string>): unknown => {
  if (typeof value === 'string') return ofText(value, types)
  if (typeof value === 'number' || value instanceof ExactNumber) return ofNumber(value, types)
  return value
}

const ofText = (text: string, types: ReadonlySet<string>): unknown => {
  const word = text.trim()
  if (types.has('integer') || types.has('number')) {
    const number = Number(word)
    const whole = Number.isSafeInteger(number)
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) && (whole || (types.has('number') && !isWhole(number))))
      return number
  }
  if (types.has('boolean')) {
    if (/^(yes|on|true|y|t|1)$/i.test(word)) return true
    if (/^(no|off|false|n|f|0)$/i.test(word)) return false
  }
  return types.has('array') ? text.split(',').map(item => item.trim()) : text
}

const ofNumber = (value: number | ExactNumber, types: ReadonlySet<string>): unknown => {
  if (types.has('string')) return String(value)
  if (types.has('boolean') && (value === 0 || value === 1)) return value === 1
  return types.has('array') ? [value] : value
}
