import type { Inventory } from '../model/inventory.ts'
import { connectionVariables, factNames, magicNames, mayGather, passingNames } from '../model/known-names.ts'
import type { LoadedPlaybook, Play } from '../model/playbook.ts'
import { allTasks } from '../model/steps.ts'
import { type AnyTaskType, factsType } from '../model/task-type.ts'

/** Names that something gives a value, somewhere in a run. */
export interface DefinedNames {
  readonly has: (name: string) => boolean
  /** All that can be listed, for suggestions. */
  readonly names: readonly string[]
  readonly facts: readonly string[]
  /** False where `gather_facts: false` forbids all facts. */
  readonly gathered: boolean
}

export function definedNames(
  playbook: LoadedPlaybook,
  inventory: Inventory,
  extraVars: Readonly<Record<string, unknown>>,
): DefinedNames {
  const names = new Set<string>([...magicNames, ...passingNames, ...connectionVariables, 'ansible_facts'])
  const patterns: RegExp[] = []
  const add = (vars: object | undefined) => {
    for (const name of Object.keys(vars ?? {}))
      if (name.includes('{{')) patterns.push(anyOf(name))
      else names.add(name)
  }
  const facts = factNames(factsType(playbook.types))
  const gathered = mayGather(playbook)
  if (gathered) for (const fact of facts) names.add(`ansible_${fact}`)
  add(extraVars)
  // Layers are shared by thousands of hosts: each is looked at once.
  for (const layer of new Set([...inventory.hosts.values()].flatMap(host => host.layers ?? [host.vars]))) add(layer)
  for (const play of playbook.plays) define(play, playbook.types, { names, add })
  return {
    has: name => names.has(name) || patterns.some(pattern => pattern.test(name)),
    names: [...names],
    facts,
    gathered,
  }
}

const define = (
  play: Play,
  types: ReadonlyMap<string, AnyTaskType>,
  { names, add }: { readonly names: Set<string>; readonly add: (vars: object | undefined) => void },
): void => {
  add(play.vars)
  for (const file of play.vars_files) add(file.vars)
  for (const role of play.roles) for (const vars of [role.defaults, role.vars, role.given, role.params]) add(vars)
  for (const task of allTasks(play)) {
    add(task.inherited.vars)
    add(task.inherited.params)
    if (task.register !== undefined) names.add(task.register)
    if (task.loop !== undefined) names.add(task.loop.variable).add(task.loop.index ?? task.loop.variable)
    if (types.get(task.type)?.defines === 'variables') add(task.params)
  }
}

/** `{{ key }}_port`, as the name of a fact that is set, may become any name that ends so. */
const anyOf = (name: string): RegExp =>
  new RegExp(
    `^${name
      .split(/\{\{.*?\}\}/)
      .map(part => part.replace(/[^A-Za-z0-9_]/g, '\\$&'))
      .join('.*')}$`,
  )
