import { FactsNeeded, layeredScope } from '../schedule/scope.ts'
import type { HostContext } from './host-context.ts'
import { magicOfRole } from './magic.ts'
import type { HostMemory } from './memory.ts'
import type { Setting } from './setting.ts'
import { isConnectionVariable, layersFor } from './variables.ts'

type Vars = Readonly<Record<string, unknown>>

/** Makes the variables that a task on this host sees. A fact that is not known yet raises `FactsNeeded`. */
export function scopesOf(
  memory: HostMemory,
  { play, render }: Setting,
  given: {
    readonly extraVars: Vars
    readonly magic: readonly Vars[]
    /** What a task is told of how the host is reached, where no variable says it. */
    readonly reached: (name: string) => unknown
  },
): HostContext['scopeOf'] {
  const missing = (name: string): undefined => {
    if (
      memory.facts === undefined &&
      name.startsWith('ansible_') &&
      !isConnectionVariable(name) &&
      play.gather_facts !== false
    )
      throw new FactsNeeded(name)
    return undefined
  }
  return (task, extra) => {
    const magic = task?.role === undefined ? given.magic : [...given.magic, magicOfRole(task)]
    const layers = layersFor(task, { play, memory, extraVars: given.extraVars, magic })
    // Without a task it is asked how the host is to be reached: what nobody said stays unsaid.
    const absent = task === undefined ? missing : (name: string) => given.reached(name) ?? missing(name)
    return layeredScope([...layers, { vars: extra, data: true }], render, absent)
  }
}
