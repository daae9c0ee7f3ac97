import type { Conditional, Play, Task } from '../model/playbook.ts'
import { allTasks } from '../model/steps.ts'
import type { AnyTaskType } from '../model/task-type.ts'
import { freeNames, TemplateError } from '../template/template.ts'

/** Names that conditions ask for with `is defined`, `default` and the like: where they hold, the names are there. */
export const askedBy = (conditions: readonly Pick<Conditional, 'expression'>[]): readonly string[] =>
  conditions.flatMap(({ expression }) => {
    if (typeof expression !== 'string') return []
    try {
      return freeNames(expression, 'expression').flatMap(free => (free.guarded ? [free.name] : []))
    } catch (error) {
      // What does not parse was told already.
      if (error instanceof TemplateError) return []
      throw error
    }
  })

/** Names that a play makes sure of by itself: its `assert`s, and the conditions under which it `fail`s. */
export const assuredBy = (play: Play, types: ReadonlyMap<string, AnyTaskType>): ReadonlySet<string> =>
  new Set(
    allTasks(play).flatMap(task => {
      const ensures = types.get(task.type)?.ensures
      if (ensures === undefined) return []
      if (ensures === 'not-when') return askedBy(task.inherited.when)
      return askedBy([task.params[ensures.param]].flat().map(expression => ({ expression: expression ?? null })))
    }),
  )

/** Names that a task may read since its own conditions ask for them. */
export const guardsOf = (task: Task): readonly string[] => askedBy(task.inherited.when)
