import { BigInteger, ExactNumber } from '../text/exact-number.ts'
import { solid } from './solid.ts'
import { type Dict, isDict, iterate, plain, show, truthy, typeName, Undefined } from './values.ts'

/** An argument that is not of the kind that is taken; the message is that kind. */
export class Mismatch extends TypeError {}

export interface Parameter<T> {
  /** The value as the routine wants it. Throws a `Mismatch`. */
  readonly read: (value: unknown) => T
  /** What it is when it is left out. A parameter without the key must be given. */
  readonly fallback?: T
  /** All further positional arguments, or all further named ones. */
  readonly many?: 'rest' | 'named'
  /** Takes undefined values too. */
  readonly lax?: boolean
}

const wanted = (what: string): never => {
  throw new Mismatch(what)
}

/** Anything that is defined. */
export const anything: Parameter<unknown> = { read: value => value }
/** Anything, also what is undefined. */
export const perhaps: Parameter<unknown> = { read: value => value, lax: true }
/** A text, or the text that the value prints as. */
export const shown: Parameter<string> = { read: show }
/** A text and nothing else. */
export const text: Parameter<string> = { read: value => (typeof value === 'string' ? value : wanted('a text')) }
/** A whole number that arithmetic can hold exactly. Booleans are numbers to Python. */
export const whole: Parameter<number> = {
  read: value => {
    if (typeof value === 'boolean') return Number(value)
    if (value instanceof BigInteger) return wanted('a smaller whole number')
    return typeof value === 'number' && Number.isInteger(value) ? value : wanted('a whole number')
  },
}
/** Any number, as JavaScript has it. */
export const number: Parameter<number> = {
  read: value => {
    const bare = plain(value)
    return typeof bare === 'number' || typeof bare === 'boolean' || typeof bare === 'bigint'
      ? Number(bare)
      : wanted('a number')
  },
}
/** Python's truth of anything. */
export const flag: Parameter<boolean> = { read: truthy }
/** What a `for` would go over: the items of a list, the keys of a dict, the characters of a text. All are defined. */
export const items: Parameter<readonly unknown[]> = {
  read: value => (loopable(value) ? iterate(value).map(solid) : wanted('a list, a dict or a text')),
}
/** The same, with items that may be undefined. */
export const laxItems: Parameter<readonly unknown[]> = {
  read: value => (loopable(value) ? iterate(value) : wanted('a list, a dict or a text')),
}
/** The same; nothing at all, such as `none`, has no items. */
export const itemsOrNone: Parameter<readonly unknown[]> = {
  read: value => (loopable(value) || truthy(value) ? laxItems.read(value) : []),
}
export const list: Parameter<readonly unknown[]> = {
  read: value => (Array.isArray(value) ? value.map(solid) : wanted('a list')),
}
export const dict: Parameter<Dict> = { read: value => (isDict(value) ? value : wanted('a dict')) }

const loopable = (value: unknown): boolean => Array.isArray(value) || typeof value === 'string' || isDict(value)

/** May be left out. */
export const optional = <T, const F>(parameter: Parameter<T>, fallback: F): Parameter<T | F> => ({
  ...parameter,
  fallback,
})
/** May be left out, or be `none`, which means the same. */
export const nullable = <T>(parameter: Parameter<T>): Parameter<T | null> => ({
  ...parameter,
  read: value => (value === null ? null : parameter.read(value)),
  fallback: null,
})
/** One of some words. */
export const oneOf = <const W extends string>(...words: readonly W[]): Parameter<W> => ({
  read: value => words.find(word => word === value) ?? wanted(`one of ${words.join(', ')}`),
})
/** All further positional arguments. */
export const rest = <T>(parameter: Parameter<T>): Parameter<readonly T[]> => ({
  ...(parameter.lax === true ? { lax: true } : {}),
  read: parameter.read as unknown as Parameter<readonly T[]>['read'],
  many: 'rest',
})
/** All further named arguments. */
export const named = <T>(parameter: Parameter<T>): Parameter<Readonly<Record<string, T>>> => ({
  ...(parameter.lax === true ? { lax: true } : {}),
  read: parameter.read as unknown as Parameter<Readonly<Record<string, T>>>['read'],
  many: 'named',
})

/** A value for a message: short ones as they are, others by their type. */
export const describe = (value: unknown): string => {
  if (value instanceof Undefined) return 'an undefined value'
  if (value === null) return 'None'
  const type = typeName(value)
  if (typeof value === 'object' && !(value instanceof ExactNumber)) return `a ${type}`
  if (typeof value === 'function') return 'a function'
  const shown_ = JSON.stringify(show(value))
  return shown_.length > 42 ? `a ${type}` : `${typeof value === 'string' ? shown_ : show(value)} (${type})`
}
