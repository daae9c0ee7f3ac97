import { contains } from '../access.ts'
import { anything, flag, items, number, optional, perhaps, shown } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { BigInteger, compare, equal, Float, isDict, plain, show, truthy, Undefined } from '../values.ts'

const is = (holds: (value: unknown) => boolean): Routine => routine({ value: anything }, ({ value }) => holds(value))
const isLax = (holds: (value: unknown) => boolean): Routine => routine({ value: perhaps }, ({ value }) => holds(value))
const against = (holds: (a: unknown, b: unknown) => boolean): Routine =>
  routine({ a: anything, b: anything }, ({ a, b }) => holds(a, b))

const isInteger = (value: unknown): boolean =>
  value instanceof BigInteger || (typeof value === 'number' && Number.isInteger(value)) || typeof value === 'boolean'
const isFloat = (value: unknown): boolean =>
  value instanceof Float || (typeof value === 'number' && !Number.isInteger(value))
const isNumber = (value: unknown): boolean =>
  typeof plain(value) === 'number' || typeof plain(value) === 'bigint' || typeof value === 'boolean'

const eq = against(equal)
const ne = against((a, b) => !equal(a, b))
const lt = against((a, b) => compare(a, b) < 0)
const le = against((a, b) => compare(a, b) <= 0)
const gt = against((a, b) => compare(a, b) > 0)
const ge = against((a, b) => compare(a, b) >= 0)
const none = is(value => value === null)

const inside = (all: readonly unknown[], some: readonly unknown[]): boolean => some.every(item => contains(all, item))
const subset = routine({ a: items, b: items }, ({ a, b }) => inside(b, a))
const superset = routine({ a: items, b: items }, ({ a, b }) => inside(a, b))
const divides = (value: number, by: number): boolean => {
  if (by === 0) throw new TypeError('division by zero')
  return value % by === 0
}
const cased = (value: string, wanted: string, other: string): boolean => value === wanted && value !== other

const WORDS_TRUE = ['y', 'yes', 'on', '1', 'true', 't', '1.0']
const WORDS_FALSE = ['n', 'no', 'off', '0', 'false', 'f', '0.0']
const truth = (value: unknown, convert: boolean): boolean => {
  const word = show(value).toLowerCase().trim()
  if (convert && typeof value === 'string' && WORDS_TRUE.includes(word)) return true
  if (convert && typeof value === 'string' && WORDS_FALSE.includes(word)) return false
  return truthy(value)
}
const truthTest = (wanted: boolean) =>
  routine(
    { value: anything, convert_bool: optional(flag, false) },
    ({ value, convert_bool }) => truth(value, convert_bool) === wanted,
  )
const nan = is(value => typeof value === 'number' && Number.isNaN(value))

/** Tests of what a value is, and of two values. */
export const valueTests: Routines = {
  defined: isLax(value => !(value instanceof Undefined)),
  undefined: isLax(value => value instanceof Undefined),
  none,
  null: none,
  string: is(value => typeof value === 'string'),
  number: is(isNumber),
  integer: is(value => isInteger(value) && typeof value !== 'boolean'),
  float: is(isFloat),
  boolean: is(value => typeof value === 'boolean'),
  true: is(value => value === true),
  false: is(value => value === false),
  mapping: is(isDict),
  sequence: is(value => Array.isArray(value) || typeof value === 'string' || isDict(value)),
  iterable: is(value => Array.isArray(value) || typeof value === 'string' || isDict(value)),
  callable: is(value => typeof value === 'function'),
  even: routine({ value: number }, ({ value }) => divides(value, 2)),
  odd: routine({ value: number }, ({ value }) => Math.abs(value % 2) === 1),
  divisibleby: routine({ value: number, num: number }, ({ value, num }) => divides(value, num)),
  lower: routine({ value: shown }, ({ value }) => cased(value, value.toLowerCase(), value.toUpperCase())),
  upper: routine({ value: shown }, ({ value }) => cased(value, value.toUpperCase(), value.toLowerCase())),
  eq,
  equalto: eq,
  '==': eq,
  ne,
  '!=': ne,
  lt,
  lessthan: lt,
  '<': lt,
  le,
  '<=': le,
  gt,
  greaterthan: gt,
  '>': gt,
  ge,
  '>=': ge,
  in: routine({ value: anything, seq: anything }, ({ value, seq }) => contains(seq, value)),
  contains: routine({ seq: anything, value: anything }, ({ seq, value }) => contains(seq, value)),
  sameas: routine({ value: anything, other: anything }, ({ value, other }) =>
    value instanceof Float || other instanceof Float
      ? equal(value, other) && isFloat(value) === isFloat(other)
      : value === other,
  ),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  all: routine({ iterable: items }, ({ iterable }) => iterable.every(truthy)),
  any: routine({ iterable: items }, ({ iterable }) => iterable.some(truthy)),
  escaped: is(() => false),
  truthy: truthTest(true),
  falsy: truthTest(false),
  nan,
  isnan: nan,
  filter: routine({ value: shown }, ({ value }, context) => context.find('filter', value) !== undefined),
  test: routine({ value: shown }, ({ value }, context) => context.find('test', value) !== undefined),
}
