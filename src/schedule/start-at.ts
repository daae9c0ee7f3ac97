import type { Play, Playbook, Task } from '../model/playbook.ts'
import { sectionsOf, tasksIn } from '../model/steps.ts'
import { glob } from './host-pattern.ts'
import type { Places } from './places.ts'

/** The task with which a run begins, and its play. */
export interface Start {
  readonly task: Task
  readonly play: Play
  /** The plays before it: they are left out whole. */
  readonly before: ReadonlySet<Play>
}

/**
 * The first task that `--start-at-task` means: a name as it stands in the playbook, or a pattern with `*`, `?` and `[...]`;
 * a role's task also as `role : task`. `undefined`: there is none.
 */
export function startAt(playbooks: readonly Playbook[], wanted: string): Start | undefined {
  const matches = glob(wanted)
  const named = ({ name, role }: Task) =>
    name === wanted || matches(name) || (role !== undefined && matches(`${role.name} : ${name}`))
  const before = new Set<Play>()
  for (const playbook of playbooks)
    for (const play of playbook.plays) {
      const task = tasksIn(sectionsOf(play), ['block', 'always']).find(named)
      if (task !== undefined) return { task, play, before }
      before.add(play)
    }
  return undefined
}

/** The place in a play from which on its steps run. It is the same for all hosts, however many are at work at once. */
export function startPlace(start: Start | undefined, play: Play, places: Places): number {
  if (start === undefined) return Number.NEGATIVE_INFINITY
  if (start.play === play) return places.of(start.task)
  return start.before.has(play) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
}
