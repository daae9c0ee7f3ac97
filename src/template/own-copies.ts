import { types } from 'node:util'
import type { Scope } from './scope.ts'
import { isDict, Tuple } from './values.ts'

const CHANGING =
  /(?:\.\s*|\[\s*['"]|\battr\s*\(\s*['"])(?:append|clear|extend|insert|pop|popitem|remove|reverse|setdefault|sort|update)\b/

/** Tells that a template may call a method that changes a list or a dict. */
export const mayChange = (source: string): boolean => CHANGING.test(source)

/**
 * The same variables for a template that changes what it reads: it has copies of its own, the same ones for as long as it
 * runs. What a host answered, or another task set, stays as it was.
 */
export function ownCopies(scope: Scope): Scope {
  const copies = new Map<string, unknown>()
  const seen = new Map<object, unknown>()
  return {
    has: name => scope.has(name),
    ...(scope.names === undefined ? {} : { names: () => scope.names?.() ?? [] }),
    get: name => {
      if (!copies.has(name)) copies.set(name, copyOf(scope.get(name), seen))
      return copies.get(name)
    },
  }
}

// One object stays one: a change that is made by one name is seen by the other.
const copyOf = (value: unknown, seen: Map<object, unknown>): unknown => {
  if (Array.isArray(value)) {
    const known = seen.get(value)
    if (known !== undefined) return known
    const list: unknown[] = value instanceof Tuple ? new Tuple() : []
    seen.set(value, list)
    for (const item of value) list.push(copyOf(item, seen))
    return list
  }
  if (!isDict(value)) return value
  const known = seen.get(value)
  if (known !== undefined) return known
  if (types.isProxy(value)) return lazily(value, seen)
  const dict: Record<string, unknown> = {}
  seen.set(value, dict)
  for (const key of Object.keys(value)) {
    const described = Object.getOwnPropertyDescriptor(value, key)
    const read = described?.get === undefined ? copyOf(described?.value, seen) : undefined
    Object.defineProperty(dict, key, {
      enumerable: true,
      configurable: true,
      ...(described?.get === undefined
        ? { value: read, writable: true }
        : { get: once(() => copyOf(value[key], seen)) }),
    })
  }
  return dict
}

const once = (read: () => unknown): (() => unknown) => {
  let done: { readonly value: unknown } | undefined
  return () => {
    done ??= { value: read() }
    return done.value
  }
}

// What is read when it is asked for, such as another host's variables: nothing else of it is touched.
const lazily = (value: Readonly<Record<string, unknown>>, seen: Map<object, unknown>): unknown => {
  const copies = new Map<string | symbol, unknown>()
  const read = (key: string | symbol): unknown => {
    if (!copies.has(key)) copies.set(key, copyOf(Reflect.get(value, key), seen))
    return copies.get(key)
  }
  const copy = new Proxy(value, {
    get: (_, key) => read(key),
    getOwnPropertyDescriptor: (target, key) =>
      Reflect.getOwnPropertyDescriptor(target, key) === undefined
        ? undefined
        : { get: () => read(key), enumerable: true, configurable: true },
    defineProperty: () => false,
    set: () => false,
  })
  seen.set(value, copy)
  return copy
}
