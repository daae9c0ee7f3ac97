import { contains } from './access.ts'
import { pattern } from './pattern.ts'
import { compare, equal, Float, isDict, iterate, plain, show, truthy, typeName, Undefined } from './values.ts'

type Test = (value: unknown, ...args: readonly unknown[]) => unknown

const is = (value: unknown, key: string): boolean => isDict(value) && Object.hasOwn(value, key) && value[key] === true
const integer = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value)

const versionParts = (value: unknown): readonly (string | number)[] =>
  (show(value).match(/\d+|[a-z]+/gi) ?? []).map(part => (/^\d+$/.test(part) ? Number(part) : part))
const compareVersions = (one: unknown, other: unknown): number => {
  const a = versionParts(one)
  const b = versionParts(other)
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i] ?? 0, b[i] ?? 0]
    if (left === right) continue
    // A letter part ("1.2rc1") stands before the release.
    if (typeof left !== typeof right) return typeof left === 'string' ? -1 : 1
    return left < right ? -1 : 1
  }
  return 0
}

const version: Test = (value, wanted, operator = '==') => {
  const order = compareVersions(value, wanted)
  const holds: Readonly<Record<string, boolean>> = {
    '==': order === 0,
    eq: order === 0,
    '!=': order !== 0,
    ne: order !== 0,
    '<': order < 0,
    lt: order < 0,
    '<=': order <= 0,
    le: order <= 0,
    '>': order > 0,
    gt: order > 0,
    '>=': order >= 0,
    ge: order >= 0,
  }
  const answer = holds[String(operator)]
  if (answer === undefined) throw new TypeError(`version knows no comparison '${show(operator)}'`)
  return answer
}

const regex =
  (whole: (text: string) => string): Test =>
  (value, source, ignorecase) =>
    pattern(whole(show(source)), { ignorecase }).test(show(value))

const numeric = (value: unknown): number => {
  const number = plain(value)
  if (typeof number === 'number' || typeof number === 'boolean') return Number(number)
  throw new TypeError(`a number is expected, not '${typeName(value)}'`)
}

const subset: Test = (value, of) => iterate(value).every(item => contains(of, item))
const superset: Test = (value, of) => iterate(of).every(item => contains(value, item))

/** Every test (`x is NAME`) by name. */
export const tests: Readonly<Record<string, Test>> = {
  defined: value => !(value instanceof Undefined),
  undefined: value => value instanceof Undefined,
  none: value => value === null,
  null: value => value === null,
  string: value => typeof value === 'string',
  number: value => typeof value === 'number' || value instanceof Float || typeof value === 'boolean',
  integer,
  float: value => value instanceof Float || (typeof value === 'number' && !Number.isInteger(value)),
  boolean: value => typeof value === 'boolean',
  true: value => value === true,
  false: value => value === false,
  mapping: value => isDict(value),
  sequence: value => Array.isArray(value) || typeof value === 'string' || isDict(value),
  iterable: value => Array.isArray(value) || typeof value === 'string' || isDict(value),
  callable: value => typeof value === 'function',
  even: value => numeric(value) % 2 === 0,
  odd: value => Math.abs(numeric(value) % 2) === 1,
  divisibleby: (value, by) => numeric(value) % numeric(by) === 0,
  lower: value => show(value) === show(value).toLowerCase() && show(value) !== show(value).toUpperCase(),
  upper: value => show(value) === show(value).toUpperCase() && show(value) !== show(value).toLowerCase(),
  eq: equal,
  equalto: equal,
  '==': equal,
  ne: (value, other) => !equal(value, other),
  '!=': (value, other) => !equal(value, other),
  lt: (value, other) => compare(value, other) < 0,
  lessthan: (value, other) => compare(value, other) < 0,
  '<': (value, other) => compare(value, other) < 0,
  le: (value, other) => compare(value, other) <= 0,
  '<=': (value, other) => compare(value, other) <= 0,
  gt: (value, other) => compare(value, other) > 0,
  greaterthan: (value, other) => compare(value, other) > 0,
  '>': (value, other) => compare(value, other) > 0,
  ge: (value, other) => compare(value, other) >= 0,
  '>=': (value, other) => compare(value, other) >= 0,
  in: (value, container) => contains(container, value),
  contains: (value, item) => contains(value, item),
  sameas: (value, other) => value === other,
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  match: regex(source => `^(?:${source})`),
  search: regex(source => source),
  regex: regex(source => source),
  version,
  version_compare: version,
  all: value => iterate(value).every(truthy),
  any: value => iterate(value).some(truthy),
  escaped: () => false,
  changed: value => is(value, 'changed'),
  change: value => is(value, 'changed'),
  failed: value => is(value, 'failed'),
  failure: value => is(value, 'failed'),
  succeeded: value => !is(value, 'failed'),
  success: value => !is(value, 'failed'),
  skipped: value => is(value, 'skipped'),
  skip: value => is(value, 'skipped'),
  abs: value => show(value).startsWith('/'),
}
