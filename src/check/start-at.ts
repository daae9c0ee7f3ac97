import type { LoadedPlaybook, Play, Task } from '../model/playbook.ts'
import type { Position } from '../model/position.ts'
import { glob } from '../schedule/host-pattern.ts'
import { coming } from '../walk/coming.ts'
import { afterLast } from '../walk/stages.ts'
import { begin } from '../walk/walk.ts'

/** The task with which a run begins, and its play. */
export interface Start {
  readonly position: Position
  readonly play: Play
  /** The plays before it: they are left out whole. */
  readonly before: ReadonlySet<Play>
}

/**
 * The first task that `--start-at-task` means: a name as it stands in the playbook, or a pattern with `*`, `?` and `[...]`;
 * a role's task also as `role : task`. `undefined`: there is none.
 */
export function startAt(playbooks: readonly LoadedPlaybook[], wanted: string): Start | undefined {
  const matches = glob(wanted)
  const named = ({ name, role }: Task) =>
    name === wanted || matches(name) || (role !== undefined && matches(`${role.name} : ${name}`))
  const before = new Set<Play>()
  for (const playbook of playbooks)
    for (const play of playbook.plays) {
      const found = [...coming(begin(play), play)].find(({ task }) => named(task))
      if (found !== undefined) return { position: found.position, play, before }
      before.add(play)
    }
  return undefined
}

/** The position in a play from which on its steps run; `undefined`: all of them do. */
export function startPosition(start: Start | undefined, play: Play): Position | undefined {
  if (start === undefined) return undefined
  if (start.play === play) return start.position
  return start.before.has(play) ? afterLast : undefined
}
