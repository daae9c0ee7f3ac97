import { factNames, isNoFact } from '../model/known-names.ts'
import type { Play, Task } from '../model/playbook.ts'
import { type AnyTaskType, factsType } from '../model/task-type.ts'
import type { Scope } from '../template/template.ts'
import { magicOfTask, weakMagic } from './magic.ts'
import { lacking } from './need.ts'
import { type HostValues, precedence } from './precedence.ts'
import { type LayeredScope, layeredScope, type Render } from './scope.ts'

type Vars = Readonly<Record<string, unknown>>

/** What all hosts of a play share of its variables. */
export interface PlayVariables {
  readonly play: Play
  readonly types: ReadonlyMap<string, AnyTaskType>
  readonly render: Render
}

/** The variables that a task sees, with `extra` on top, as data. Without a task: what the host itself brings. */
export type ScopeOf = (task: Pick<Task, 'role' | 'inherited'> | undefined, extra: Vars) => LayeredScope

/** Makes the variables that a task on this host sees. A fact that is not known yet needs them. */
export function scopesOf(
  memory: HostValues,
  { play, types, render }: PlayVariables,
  given: {
    readonly extraVars: Vars
    readonly magic: readonly Vars[]
    /** What a task is told of how the host is reached, where no variable says it. */
    readonly reached: (name: string) => unknown
  },
): ScopeOf {
  const facts = new Set(factNames(factsType(types)).map(name => `ansible_${name}`))
  const awaited = (name: string) =>
    memory.facts === undefined && play.gather_facts !== false && (facts.has(name) || name === 'ansible_facts')
  const missing = (name: string): undefined => {
    if (memory.facts === undefined && name.startsWith('ansible_') && !isNoFact(name) && play.gather_facts !== false)
      lacking({ kind: 'facts', name })
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
    const layers = precedence(task, { play, memory, extraVars: given.extraVars, magic, otherwise: weakMagic, awaited })
    const scope: LayeredScope = layeredScope([...layers, { vars: extra, data: true }], render, absent)
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
