import type { Status } from '../../model/event.ts'
import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import { Interrupted } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'
import { needIn } from '../../values/need.ts'
import { holds } from '../../values/render.ts'
import { asKnown } from '../../values/unknown-result.ts'
import type { Item } from '../resolve/item.ts'
import type { Keywords } from '../resolve/keywords.ts'
import { asOutcome, endsHost } from './as-outcome.ts'
import type { HostPlay } from './host-play.ts'
import { failure, notKnown, type Outcome, skipped } from './outcome.ts'

/** What `failed_when` and `changed_when` make of an outcome. */
export function judged(item: Item, outcome: Outcome, work: HostPlay): Outcome {
  const { task } = item
  const never = unrun(item, outcome, work)
  if (never && neverChanges(task))
    return {
      ...notKnown('not run in a dry run'),
      known: 'effect',
    }
  if (outcome.status === 'skipped' || outcome.status === 'unknown' || never) return outcome
  const changed = verdict('changed_when', item, [outcome, work])
  if (typeof changed === 'object') return changed
  const seen = changed === undefined ? outcome : whetherChanged(outcome, changed)
  const failed = verdict('failed_when', item, [seen, work])
  if (typeof failed === 'object') return failed
  return failed === undefined ? seen : whetherFailed(seen, failed)
}

/** What one of the two says, or where it cannot be told: the task has failed, with what it found and did. */
function verdict(
  keyword: 'changed_when' | 'failed_when',
  item: Item,
  [outcome, work]: readonly [Outcome, HostPlay],
): boolean | undefined | Outcome {
  const conditions = item.task[keyword]
  if (conditions === undefined) return undefined
  try {
    return holds(conditions, scopeAfter(item, outcome, work), item.template)
  } catch (error) {
    const need = needIn(error)
    if (need !== undefined && need.kind !== 'result') throw error
    const told = thrown(error, item, work)
    // In a dry run the plan stands where its outcome cannot be judged yet.
    if (told.status === 'unknown' && outcome.known !== undefined) return undefined
    if (told.status !== 'failed') return told
    const { status, message, at } = told
    const result = { ...outcome.result, failed: true, [`${keyword}_result`]: message ?? '' }
    return { ...outcome, status, message, at, result }
  }
}

const neverChanges = ({ changed_when }: Task): boolean =>
  changed_when?.every(({ expression }) => expression === false) === true

function whetherFailed(outcome: Outcome, failed: boolean): Outcome {
  const result = { ...outcome.result, failed, failed_when_result: failed }
  if (outcome.status === 'failed') {
    if (failed) return { ...outcome, result }
    const status: Status = outcome.result['changed'] === true ? 'changed' : 'ok'
    // What was said of the failure is no longer so.
    return { ...outcome, status, message: undefined, result }
  }
  return failed ? { ...outcome, status: 'failed', message: 'failed_when holds', result } : { ...outcome, result }
}

const whetherChanged = (outcome: Outcome, changed: boolean): Outcome => ({
  ...outcome,
  status: outcome.status === 'failed' ? 'failed' : changed ? 'changed' : 'ok',
  made: changed ? outcome.made : 0,
  result: { ...outcome.result, changed },
})

/** The item's variables with its own result among them, under the name it registers. */
export const scopeAfter = (item: Item, outcome: Outcome, { context }: HostPlay) =>
  context.scopeOf(item.task, {
    ...item.turn,
    ...(item.task.register === undefined ? {} : { [item.task.register]: asKnown(item.task.register, outcome) }),
  })

/** A command or a request that a dry run left alone: nothing is known of what it would have said. */
function unrun(item: Item, outcome: Outcome, { context, unknown }: HostPlay): boolean {
  const says = item.type.nature === 'opaque' || item.type.answer !== undefined
  const left = context.check && says && outcome.made === 0 && outcome.changes.length > 0
  if (left && item.task.register !== undefined) unknown.add(item.task.register)
  return left
}

const waitsFor = (variable: string): string =>
  `not known in a dry run: it depends on '${variable}', which only a real run gives`

/** Where it was thrown: a task's item, or a `meta`. */
interface Thrower extends Partial<Pick<Item, 'lazy' | 'on'>> {
  readonly keywords: Pick<Keywords, 'ignoresUnreachable'>
  readonly task: Pick<Task, 'inherited' | 'at'> & Partial<Pick<Task, 'source' | 'type'>>
}

/** What became of an item that threw: in a dry run it may hang on a result that only a run gives. */
export function thrown(error: unknown, item: Thrower, { unknown }: HostPlay): Outcome {
  if (error instanceof Interrupted) throw error
  if (error instanceof Unreachable && item.keywords.ignoresUnreachable) {
    const { message, result } = failure(error.message)
    return { ...skipped, status: 'ignored', message, result: { ...result, unreachable: true, failed: false } }
  }
  if (endsHost(error)) throw error
  const cause = (error instanceof Error ? error.cause : undefined) as { readonly undefinedName?: string } | undefined
  const name = cause?.undefinedName?.split('.')[0]
  if (error instanceof Fault && name !== undefined && unknown.has(name)) return notKnown(waitsFor(name))
  const need = needIn(error)
  if (need?.kind === 'result') return notKnown(waitsFor(need.name))
  const locate = item.on === undefined || item.task.source === undefined ? undefined : item.on.places(item.task.source)
  return asOutcome(error, { ...item.task, ...(locate === undefined ? {} : { locate }), lazy: item.lazy })
}
