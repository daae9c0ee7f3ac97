import { integer } from '../../text/exact-number.ts'
import { parseJson } from '../../text/python-json.ts'
import { writeYaml, type YamlTree } from '../../text/write-yaml.ts'
import { Moment } from '../moment.ts'
import { anything, flag, nullable, optional, text, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { solid } from '../solid.ts'
import { Float, float, isDict, iterate, plain, show, typeName } from '../values.ts'
import { readYaml, readYamlDocuments } from './read-yaml.ts'
import { type JsonStyle, USUAL, writeJson } from './write-json.ts'

const indentOf = (given: unknown): string | null => {
  if (given === null) return null
  return typeof given === 'string' ? given : ' '.repeat(Math.max(0, whole.read(given)))
}

const separatorsOf = (given: unknown, indent: string | null): JsonStyle['separators'] => {
  if (given === null) return indent === null ? USUAL.separators : [',', ': ']
  const [item, key, ...more] = iterate(given).map(show)
  if (item === undefined || key === undefined || more.length > 0)
    throw new TypeError("separators takes two texts, such as (',', ':')")
  return [item, key]
}

const jsonOptions = {
  ensure_ascii: optional(flag, true),
  allow_nan: optional(flag, true),
}

const yamlOptions = {
  default_flow_style: optional(nullable(flag), null),
  indent: nullable(whole),
  width: nullable(whole),
  sort_keys: optional(flag, true),
  explicit_start: optional(flag, false),
  explicit_end: optional(flag, false),
}

interface YamlWish {
  readonly default_flow_style: boolean | null
  readonly indent: number | null
  readonly width: number | null
  readonly sort_keys: boolean
  readonly explicit_start: boolean
  readonly explicit_end: boolean
}

const yaml = (value: unknown, wish: YamlWish): string => {
  const indent = wish.indent !== null && wish.indent >= 2 && wish.indent <= 9 ? wish.indent : 2
  const width = wish.width === null || (wish.width >= 0 && wish.width <= 2 * indent) ? 80 : wish.width
  return writeYaml(treeOf(value, wish.sort_keys, 0), {
    indent,
    width: width < 0 ? Number.POSITIVE_INFINITY : width,
    flow: wish.default_flow_style,
    explicitStart: wish.explicit_start,
    explicitEnd: wish.explicit_end,
  })
}

const treeOf = (given: unknown, sorted: boolean, depth: number): YamlTree => {
  if (depth > 500) throw new RangeError('the value is nested more than 500 levels deep')
  const value = solid(given)
  const scalar = (written: string): YamlTree => ({ kind: 'scalar', text: written, isText: false })
  if (value === null || value === undefined) return scalar('null')
  if (typeof value === 'string') return { kind: 'scalar', text: value, isText: true }
  if (typeof value === 'boolean') return scalar(String(value))
  if (Array.isArray(value)) return { kind: 'list', items: value.map(item => treeOf(item, sorted, depth + 1)) }
  if (isDict(value)) {
    const entries = Object.entries(value)
    if (sorted) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return {
      kind: 'dict',
      entries: entries.map(([key, item]) => [
        { kind: 'scalar', text: key, isText: true },
        treeOf(item, sorted, depth + 1),
      ]),
    }
  }
  if (value instanceof Moment) return scalar(value.toString())
  const bare = plain(value)
  if (typeof bare !== 'number' && typeof bare !== 'bigint')
    throw new TypeError(`a '${typeName(value)}' cannot be written as YAML`)
  if (typeof bare === 'number' && !Number.isFinite(bare))
    return scalar(Number.isNaN(bare) ? '.nan' : bare > 0 ? '.inf' : '-.inf')
  // YAML 1.1 reads 1e+20 as a text.
  return scalar(
    value instanceof Float || typeof value === 'number' ? show(value).replace(/^(-?\d+)e/, '$1.0e') : show(value),
  )
}

/** Filters that write and read JSON and YAML. */
export const serialFilters: Routines = {
  to_json: routine(
    {
      a: anything,
      indent: optional(anything, null),
      separators: optional(anything, null),
      sort_keys: optional(flag, false),
      ...jsonOptions,
    },
    ({ a, indent, separators, sort_keys, ensure_ascii, allow_nan }) => {
      const by = indentOf(indent)
      return writeJson(a, {
        indent: by,
        separators: separatorsOf(separators, by),
        sortKeys: sort_keys,
        ascii: ensure_ascii,
        endless: allow_nan,
      })
    },
  ),
  to_nice_json: routine(
    { a: anything, indent: optional(anything, 4), sort_keys: optional(flag, true), ...jsonOptions },
    ({ a, indent, sort_keys, ensure_ascii, allow_nan }) =>
      writeJson(a, {
        indent: indentOf(indent),
        separators: [',', ': '],
        sortKeys: sort_keys,
        ascii: ensure_ascii,
        endless: allow_nan,
      }),
  ),
  tojson: routine({ value: anything, indent: optional(anything, null) }, ({ value, indent }) => {
    const by = indentOf(indent)
    const made = writeJson(value, { ...USUAL, indent: by, separators: separatorsOf(null, by), sortKeys: true })
    return made.replace(/[<>&']/g, char => `\\u00${char.charCodeAt(0).toString(16)}`)
  }),
  from_json: routine({ a: text }, ({ a }) =>
    parseJson(a, { whole: digits => integer(BigInt(digits)), fraction: digits => float(Number(digits)) }),
  ),
  to_yaml: routine({ a: anything, ...yamlOptions }, ({ a, ...wish }) => yaml(a, wish)),
  to_nice_yaml: routine(
    {
      a: anything,
      ...yamlOptions,
      indent: optional(nullable(whole), 4),
      default_flow_style: optional(nullable(flag), false),
    },
    ({ a, ...wish }) => yaml(a, wish),
  ),
  from_yaml: routine({ data: anything }, ({ data }) => (typeof data === 'string' ? readYaml(data) : data)),
  from_yaml_all: routine({ data: anything }, ({ data }) =>
    data === null ? [] : typeof data === 'string' ? readYamlDocuments(data) : data,
  ),
}
