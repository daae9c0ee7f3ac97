import { factNames, isNoFact } from '../schedule/known-names.ts'
import { FactsNeeded, layeredScope } from '../schedule/scope.ts'
import type { Scope } from '../template/template.ts'
import type { HostContext } from './host-context.ts'
import { magicOfTask, weakMagic } from './magic.ts'
import type { HostMemory } from './memory.ts'
import type { Setting } from './setting.ts'
import { layersFor } from './variables.ts'

type Vars = Readonly<Record<string, unknown>>

/** Makes the variables that a task on this host sees. A fact that is not known yet raises `FactsNeeded`. */
export function scopesOf(
  memory: HostMemory,
  { play, playbook, render }: Setting,
  given: {
    readonly extraVars: Vars
    readonly magic: readonly Vars[]
    /** What a task is told of how the host is reached, where no variable says it. */
    readonly reached: (name: string) => unknown
  },
): HostContext['scopeOf'] {
  const facts = new Set(factNames(playbook.types.get('facts')).map(name => `ansible_${name}`))
  const awaited = (name: string) =>
    memory.facts === undefined && play.gather_facts !== false && (facts.has(name) || name === 'ansible_facts')
  const missing = (name: string): undefined => {
    if (memory.facts === undefined && name.startsWith('ansible_') && !isNoFact(name) && play.gather_facts !== false)
      throw new FactsNeeded(name)
    return undefined
  }
  return (task, extra) => {
    const all = {
      get vars() {
        return variablesOf(scope)
      },
    }
    const magic = [...given.magic, ...(task === undefined ? [] : [all, magicOfTask(task, play)])]
    // Without a task it is asked how the host is to be reached: what nobody said stays unsaid.
    const absent = task === undefined ? missing : (name: string) => given.reached(name) ?? missing(name)
    const layers = layersFor(task, { play, memory, extraVars: given.extraVars, magic, otherwise: weakMagic, awaited })
    const scope: Scope = layeredScope([...layers, { vars: extra, data: true }], render, absent)
    return scope
  }
}

/** `vars`: all variables as a map, each rendered when it is read. */
const variablesOf = (scope: Scope): Vars =>
  new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, name) => (typeof name === 'string' && scope.has(name) ? scope.get(name) : undefined),
      has: (_, name) => typeof name === 'string' && scope.has(name),
      ownKeys: () => [...(scope.names?.() ?? [])],
      getOwnPropertyDescriptor: (_, name) =>
        typeof name === 'string' && scope.has(name)
          ? { get: () => scope.get(name), enumerable: true, configurable: true }
          : undefined,
    },
  )
