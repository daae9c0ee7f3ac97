import { isNoFact } from '../model/known-names.ts'
import type { Play } from '../model/playbook.ts'
import { allTasks } from '../model/steps.ts'
import type { AnyTaskType } from '../model/task-type.ts'

const known = new WeakMap<Play, (name: string) => boolean>()

/** Whether a host may get a value for a variable while it goes through a play: by `register`, `set_fact` or its facts. */
export function setInPlay(play: Play, types: ReadonlyMap<string, AnyTaskType>): (name: string) => boolean {
  const before = known.get(play)
  if (before !== undefined) return before
  const tasks = allTasks(play)
  const set = tasks.flatMap(({ type, params }) => (types.get(type)?.defines === 'variables' ? Object.keys(params) : []))
  const any = set.some(name => name.includes('{'))
  const names = new Set([...set, ...tasks.flatMap(({ register }) => register ?? [])])
  const gathers = play.gather_facts !== false || tasks.some(({ type }) => types.get(type)?.defines === 'facts')
  const isSet = (name: string) => any || names.has(name) || (gathers && name.startsWith('ansible_') && !isNoFact(name))
  known.set(play, isSet)
  return isSet
}
