import type { Status } from '../model/event.ts'
import { Fault } from '../model/fault.ts'
import type { Task } from '../model/playbook.ts'
import { Unreachable } from '../shell/shell.ts'
import { asOutcome } from './act.ts'
import type { AtWork } from './at-work.ts'
import { flagQuietly } from './flag-quietly.ts'
import type { Item } from './item.ts'
import { failure, type Outcome, skipped } from './outcome.ts'
import { faultAt, holds } from './render.ts'

/** What `failed_when` and `changed_when` make of an outcome. */
export function judged(item: Item, outcome: Outcome, work: AtWork): Outcome {
  const { task, template } = item
  const never = unrun(item, outcome, work)
  if (never && neverChanges(task))
    return {
      ...outcome,
      status: 'ok',
      changes: [],
      message: 'not run in a dry run',
      result: { ...outcome.result, changed: false },
    }
  if (task.failed_when === undefined && task.changed_when === undefined) return outcome
  if (outcome.status === 'skipped' || never) return outcome
  const scope = scopeAfter(item, outcome, work)
  const verdict =
    task.failed_when === undefined ? outcome : whetherFailed(outcome, holds(task.failed_when, scope, template))
  if (task.changed_when === undefined) return verdict
  if (verdict.status !== 'failed') return whetherChanged(verdict, holds(task.changed_when, scope, template))
  return neverChanges(task) ? { ...verdict, made: 0 } : verdict
}

const neverChanges = ({ changed_when }: Task): boolean =>
  changed_when?.every(({ expression }) => expression === false) === true

function whetherFailed(outcome: Outcome, failed: boolean): Outcome {
  const good: Status = outcome.status !== 'failed' ? outcome.status : outcome.made > 0 ? 'changed' : 'ok'
  return {
    ...outcome,
    status: failed ? 'failed' : good,
    result: { ...outcome.result, failed },
    ...(failed && outcome.status !== 'failed' ? { message: 'failed_when holds' } : {}),
  }
}

const whetherChanged = (outcome: Outcome, changed: boolean): Outcome => ({
  ...outcome,
  status: changed ? 'changed' : 'ok',
  made: changed ? outcome.made : 0,
  result: { ...outcome.result, changed },
})

/** The item's variables with its own result among them, under the name it registers. */
export const scopeAfter = (item: Item, outcome: Outcome, { context }: AtWork) =>
  context.scopeOf(item.task, {
    ...(item.task.loop === undefined ? {} : { [item.task.loop.variable]: item.value }),
    ...(item.task.register === undefined ? {} : { [item.task.register]: outcome.result }),
  })

/** A command that a dry run left alone: nothing is known of what it would have said. */
function unrun(item: Item, outcome: Outcome, { context, unknown }: AtWork): boolean {
  const left = context.check && item.type.nature === 'opaque' && outcome.made === 0 && outcome.changes.length > 0
  if (left && item.task.register !== undefined) unknown.add(item.task.register)
  return left
}

/** Where it was thrown: a task's item, or a `meta`. */
interface Thrower extends Pick<Item, 'scope' | 'template'> {
  readonly task: Pick<Task, 'inherited' | 'at'>
}

/** What became of an item that threw: in a dry run it may hang on a result that only a run gives. */
export function thrown(error: unknown, item: Thrower, { unknown }: AtWork): Outcome {
  if (error instanceof Unreachable && flagQuietly(item.task.inherited.ignore_unreachable, item)) {
    const { message, result } = failure(error.message)
    return { ...skipped, status: 'ignored', message, result: { ...result, unreachable: true, failed: false } }
  }
  const cause = (error as Error).cause as { readonly undefinedName?: string } | undefined
  const name = cause?.undefinedName?.split('.')[0]
  if (error instanceof Fault && name !== undefined && unknown.has(name))
    return { ...skipped, message: `not known in a dry run: it hangs on '${name}', which only a run gives` }
  return asOutcome(faultAt(error, item.task.at))
}
