import type { Play, Task } from '../model/playbook.ts'
import type { Layer } from '../schedule/scope.ts'
import type { HostMemory } from './memory.ts'
import { roleVars } from './role-vars.ts'

export interface Surroundings {
  readonly play: Play
  readonly memory: HostMemory
  readonly extraVars: Readonly<Record<string, unknown>>
  /** inventory_hostname, groups, hostvars, ansible_play_hosts, ...: the engine's own answers, nothing overrides them. */
  readonly magic: readonly Readonly<Record<string, unknown>>[]
}

/** The layers a task sees, weakest first: Ansible's order, see docs/language.md. */
export function layersFor(task: Pick<Task, 'role' | 'inherited'> | undefined, around: Surroundings): readonly Layer[] {
  const { play, memory } = around
  const roles = roleVars(play, task?.role)
  return [
    { vars: roles.defaults },
    { vars: memory.host.vars },
    factsOf(memory),
    { vars: play.vars },
    ...play.vars_files.map(file => ({ vars: file.vars })),
    { vars: roles.vars },
    ...(task === undefined ? [] : [{ vars: task.inherited.vars }]),
    { vars: memory.results, data: true },
    { vars: roles.params },
    ...(task === undefined ? [] : [{ vars: task.inherited.params }]),
    { vars: around.extraVars },
    ...around.magic.map(vars => ({ vars, data: true })),
  ]
}

// Read anew each time: facts may come while a scope that was made before them is in use.
const factsOf = (memory: HostMemory): Layer => ({
  get vars() {
    return factVars(memory)
  },
  data: true,
})

/** A host's facts under the names by which variables go; none before they were gathered. */
export const factVars = ({ facts }: HostMemory): Readonly<Record<string, unknown>> =>
  facts === undefined ? noFacts : injected(facts)

const noFacts = {}

/** Names that say how a host is reached, and those the engine answers itself: no host's facts have a say in them. */
export const isConnectionVariable = (name: string): boolean =>
  /^ansible_(connection|host|port|user|password|become.*|ssh_.*|private_key_file|timeout|host_key_checking|sudo_pass|shell.*|python_interpreter|check_mode|play_.*|version|managed|loop.*)$/.test(
    name,
  )

const injectedOf = new WeakMap<object, Readonly<Record<string, unknown>>>()

// Facts never set how a host is reached: names of connection variables stay out, whatever a host says.
const injected = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const known = injectedOf.get(facts)
  if (known !== undefined) return known
  const vars: Record<string, unknown> = { ansible_facts: facts }
  for (const [name, value] of Object.entries(facts))
    if (!isConnectionVariable(`ansible_${name}`)) vars[`ansible_${name}`] = value
  injectedOf.set(facts, vars)
  return vars
}
