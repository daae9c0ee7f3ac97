import type { Inventory } from '../model/inventory.ts'
import type { PlayVariables } from './host-scopes.ts'
import { magicOfHost } from './magic.ts'
import { lacking } from './need.ts'
import { factVars, type HostValues, precedence } from './precedence.ts'
import { layeredScope } from './scope.ts'

type Vars = Readonly<Record<string, unknown>>

/**
 * `hostvars`: every host's variables, facts and results, each made when it is asked for. A fleet's variables, copied for
 * each of its hosts, would grow with the square of its size.
 */
export function hostvars(
  inventory: Inventory,
  valuesOf: (name: string) => HostValues | undefined,
  varsOf: (host: HostValues) => Vars,
): Readonly<Record<string, Vars>> {
  const found = (name: string | symbol): Vars | undefined => {
    if (typeof name !== 'string') return undefined
    const values = valuesOf(name)
    return values === undefined ? undefined : varsOf(values)
  }
  return new Proxy<Record<string, Vars>>(
    {},
    {
      get: (_, name) => found(name),
      has: (_, name) => found(name) !== undefined,
      ownKeys: () => [...inventory.hosts.keys()],
      getOwnPropertyDescriptor: (_, name) => {
        const value = found(name)
        return value === undefined ? undefined : { value, enumerable: true, configurable: true }
      },
    },
  )
}

/** One host's variables as another one sees them: rendered for that host, and only those that are read. */
export function varsForOthers(
  memory: HostValues,
  { play, render }: Pick<PlayVariables, 'play' | 'render'>,
  given: { readonly extraVars: Vars; readonly magic: readonly Vars[] },
): Vars {
  const own = magicOfHost(memory.host)
  const unsaid = { ansible_host: memory.host.name }
  const layers = precedence(undefined, { play, memory, extraVars: given.extraVars, magic: [...given.magic, own] })
  const scope = layeredScope([{ vars: unsaid, data: true }, ...layers], render)
  const vars = {}
  for (const source of [unsaid, memory.host.vars, factVars(memory), memory.results, own])
    for (const name of Object.keys(source))
      Object.defineProperty(vars, name, { enumerable: true, configurable: true, get: () => scope.get(name) })
  return vars
}

/** A host's variables where it has not come as far as the host that reads them: what it may still set is waited for. */
export function awaiting(vars: Vars, host: string, isSet: (name: string) => boolean): Vars {
  const check = (name: string | symbol) => {
    if (typeof name === 'string' && isSet(name)) lacking({ kind: 'host', name, host })
  }
  return new Proxy(vars, {
    get: (target, name) => {
      check(name)
      return Reflect.get(target, name)
    },
    has: (target, name) => {
      check(name)
      return Reflect.has(target, name)
    },
    getOwnPropertyDescriptor: (target, name) => {
      check(name)
      return Reflect.getOwnPropertyDescriptor(target, name)
    },
    ownKeys: () => lacking({ kind: 'host', name: 'hostvars', host }),
  })
}
