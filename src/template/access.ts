import { dictMethods } from './methods/dict.ts'
import { listMethods } from './methods/list.ts'
import { attributeOf, methodsOf } from './methods/moment.ts'
import { textMethods } from './methods/text.ts'
import { Temporal } from './moment.ts'
import { type Context, type Given, invoke, type Routine } from './routine.ts'
import { equal, Float, isDict, plain, show, Tuple, typeName, Undefined } from './values.ts'

/** A method of a value: takes the positional arguments, then the named ones as one object. */
type Method = (...args: readonly unknown[]) => unknown

// Methods work on their value alone.
const alone: Context = { options: {}, spend: () => {}, find: () => undefined }

/** Calls the method of a value. */
export const callMethod = (name: string, method: Routine, given: Given): unknown => invoke(name, method, given, alone)

const bound = (name: string, method: Routine | undefined, value: unknown): Method | undefined => {
  if (method === undefined) return undefined
  const call = (...all: readonly unknown[]): unknown =>
    callMethod(name, method, { value, args: all.slice(0, -1), keywords: all.at(-1) as Record<string, unknown> })
  return Object.assign(call, { keywords: true })
}

// The only methods there are. Nothing of JavaScript's own prototypes can be named.
const ofText = textMethods((value, key) => lookup(value, key, { line: 1, column: 1, path: String(key) }))

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

export interface Place {
  readonly line: number
  readonly column: number
  readonly path: string
}

/** `value[key]` and `value.key`: own items only, then the allowed methods. What is not there is `Undefined`. */
export function lookup(subject: unknown, rawKey: unknown, place: Place): unknown {
  if (typeof rawKey === 'string' && isDict(subject) && Object.hasOwn(subject, rawKey)) return subject[rawKey]
  // Python's booleans are numbers, and so an index.
  const key = typeof rawKey === 'boolean' && Array.isArray(subject) ? Number(rawKey) : plain(rawKey)
  const missing = (why?: string) => new Undefined(place.path, { line: place.line, column: place.column, why })
  if (subject instanceof Undefined)
    return new Undefined(place.path, {
      line: subject.line,
      column: subject.column,
      why: `'${subject.path}' is undefined`,
    })
  if (subject === null) return missing(`it is read from a None`)
  if (typeof subject === 'string' || Array.isArray(subject)) {
    if (
      (typeof key === 'number' && Number.isInteger(key) && !(rawKey instanceof Float)) ||
      typeof key === 'bigint' ||
      (typeof key === 'string' && Array.isArray(subject) && /^\d+$/.test(key))
    ) {
      const at = Number(key) < 0 ? Number(key) + subject.length : Number(key)
      const chars = typeof subject === 'string' ? [...subject] : subject
      return at >= 0 && at < chars.length ? chars[at] : missing(`the index is outside of 0..${chars.length - 1}`)
    }
    if (subject instanceof Tuple && (key === 'grouper' || key === 'list') && Object.hasOwn(subject, key))
      return (subject as unknown as Readonly<Record<string, unknown>>)[key]
    const name = String(key)
    return bound(name, methodOf(subject, name), subject) ?? missing()
  }
  if (isDict(subject)) {
    const name = typeof key === 'string' ? key : show(key)
    if (Object.hasOwn(subject, name)) return subject[name]
    return bound(name, methodOf(subject, name), subject) ?? missing(`it has ${keysOf(subject)}`)
  }
  if (subject instanceof Temporal) {
    const name = String(key)
    return attributeOf(subject, name) ?? bound(name, methodOf(subject, name), subject) ?? missing()
  }
  return missing()
}

/** The method that a value has: `d.items()` means the method, whatever the dict `d` holds. */
export function methodOf(subject: unknown, name: string): Routine | undefined {
  if (typeof subject === 'string') return own(ofText, name)
  if (Array.isArray(subject)) return own(listMethods, name)
  if (isDict(subject)) return own(dictMethods, name)
  return subject instanceof Temporal ? own(methodsOf(subject), name) : undefined
}

const keysOf = (subject: object): string => {
  const keys = Object.keys(subject)
  return keys.length === 0 ? 'no keys' : `the keys ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ', ...' : ''}`
}

/** Python's slice of a list or text. */
export function slice(subject: unknown, from: readonly [unknown, unknown, unknown]): unknown {
  const isText = typeof subject === 'string'
  if (!isText && !Array.isArray(subject)) throw new TypeError(`'${typeName(subject)}' cannot be sliced`)
  const items: readonly unknown[] = isText ? [...subject] : subject
  const [start, stop, step] = from.map(part => (part === null || part === undefined ? undefined : Number(plain(part))))
  const by = step ?? 1
  if (by === 0) throw new TypeError('a slice step cannot be zero')
  const bound = (value: number | undefined, otherwise: number): number => {
    if (value === undefined) return otherwise
    const at = value < 0 ? value + items.length : value
    return by > 0 ? Math.min(Math.max(at, 0), items.length) : Math.min(Math.max(at, -1), items.length - 1)
  }
  const picked: unknown[] = []
  if (by > 0) for (let i = bound(start, 0); i < bound(stop, items.length); i += by) picked.push(items[i])
  else for (let i = bound(start, items.length - 1); i > bound(stop, -1); i += by) picked.push(items[i])
  return isText ? picked.join('') : subject instanceof Tuple ? Tuple.of_(...picked) : picked
}

/** Python's `in`. */
export function contains(container: unknown, item: unknown): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new TypeError(`'in <text>' takes a text, not '${typeName(item)}'`)
    return container.includes(item)
  }
  if (Array.isArray(container)) return container.some(one => equal(one, item))
  if (isDict(container)) return Object.hasOwn(container, show(item))
  throw new TypeError(`'${typeName(container)}' holds nothing to look in`)
}
