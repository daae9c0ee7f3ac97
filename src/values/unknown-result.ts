import { lacking } from './need.ts'

// Keys that only a skipped or a lost task has: that they are missing is known.
const absent: ReadonlySet<string | symbol> = new Set(['skipped', 'unreachable'])

/**
 * What a dry run registers for a task that it did not run: what is known (`changed`, `skipped`) can be read, and reading
 * anything else, or all of it, needs the result. `whole`: all that is known may be listed too, as it is known that the
 * task would change something and how; only what the change itself would say is missing.
 */
export function partlyKnown(variable: string, known: object, whole: boolean): object {
  const has = (key: string | symbol): boolean => {
    if (typeof key === 'symbol' || Object.hasOwn(known, key)) return true
    if (absent.has(key)) return false
    lacking({ kind: 'result', name: variable })
  }
  return new Proxy(known, {
    get: (target, key) => (has(key) ? Reflect.get(target, key) : undefined),
    has: (target, key) => has(key) && Reflect.has(target, key),
    getOwnPropertyDescriptor: (target, key) => (has(key) ? Reflect.getOwnPropertyDescriptor(target, key) : undefined),
    ownKeys: target => {
      if (!whole) lacking({ kind: 'result', name: variable })
      return Reflect.ownKeys(target)
    },
  })
}

/** Makes a variable one that cannot be read until it is set again. */
export function forget(vars: Record<string, unknown>, variable: string): void {
  Object.defineProperty(vars, variable, {
    enumerable: true,
    configurable: true,
    get: () => lacking({ kind: 'result', name: variable }),
    set: value => {
      Object.defineProperty(vars, variable, { value, enumerable: true, configurable: true, writable: true })
    },
  })
}

/**
 * In a dry run, what is known of a result: `nothing`; `effect`, that a command would run, but not what it would say; or
 * the `plan`, which lacks only what making the changes would tell.
 */
export type Known = 'nothing' | 'effect' | 'plan'

/** A result, as far as a dry run knows it. */
export function asKnown(
  variable: string,
  { known, result }: { readonly known?: Known; readonly result: Readonly<Record<string, unknown>> },
): object {
  if (known === undefined) return result
  if (known === 'nothing') return partlyKnown(variable, {}, false)
  return known === 'effect'
    ? partlyKnown(variable, { changed: result['changed'] }, false)
    : partlyKnown(variable, result, true)
}
