import type { Host } from '../model/inventory.ts'
import { isNoFact } from '../model/known-names.ts'
import type { Play, Task } from '../model/playbook.ts'
import { roleVars } from './role-vars.ts'
import type { Layer } from './scope.ts'

/** What a host brings to its own variables. */
export interface HostValues {
  readonly host: Host
  /** Undefined until they were gathered. */
  readonly facts: Readonly<Record<string, unknown>> | undefined
  /** `set_fact` and `register`: data, never rendered. */
  readonly results: Readonly<Record<string, unknown>>
}

export interface PrecedenceInput {
  readonly play: Play
  readonly memory: HostValues
  readonly extraVars: Readonly<Record<string, unknown>>
  /** inventory_hostname, groups, hostvars, ansible_play_hosts, ...: the engine's own answers, nothing overrides them. */
  readonly magic: readonly Readonly<Record<string, unknown>>[]
  /** Values for names that nothing else defines. */
  readonly otherwise?: Readonly<Record<string, unknown>>
  /** A fact that is still to be asked for: nothing weaker may stand in for it. */
  readonly awaited?: (name: string) => boolean
}

/** The layers a task sees, weakest first: Ansible's order. */
export function precedence(
  task: Pick<Task, 'role' | 'inherited'> | undefined,
  around: PrecedenceInput,
): readonly Layer[] {
  const { play, memory } = around
  const roles = roleVars(play, task?.role)
  return [
    { vars: around.otherwise ?? {}, data: true },
    { vars: roles.defaults },
    { vars: memory.host.vars },
    factsOf(memory, around.awaited),
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
const factsOf = (memory: HostValues, awaited?: (name: string) => boolean): Layer => ({
  get vars() {
    return factVars(memory)
  },
  data: true,
  ...(awaited === undefined ? {} : { awaited }),
})

/** A host's facts under the names by which variables go; none before they were gathered. */
export const factVars = ({ facts }: Pick<HostValues, 'facts'>): Readonly<Record<string, unknown>> =>
  facts === undefined ? noFacts : injected(facts)

const noFacts = { ansible_facts: {} }

const injectedOf = new WeakMap<object, Readonly<Record<string, unknown>>>()

// Facts never set how a host is reached: names of connection variables stay out, whatever a host says.
const injected = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const known = injectedOf.get(facts)
  if (known !== undefined) return known
  const vars: Record<string, unknown> = { ansible_facts: facts }
  for (const [name, value] of Object.entries(facts)) if (!isNoFact(`ansible_${name}`)) vars[`ansible_${name}`] = value
  injectedOf.set(facts, vars)
  return vars
}
