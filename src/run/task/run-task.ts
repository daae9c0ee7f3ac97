import type { Inherited, Task } from '../../model/playbook.ts'
import { selected } from '../../schedule/tags.ts'
import { Cancelled } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'
import type { Scope } from '../../template/template.ts'
import { amountOf } from '../../values/amount.ts'
import { faultAt, flag, renderDeep } from '../../values/render.ts'
import type { AtWork } from '../at-work.ts'
import type { HostContext } from '../host-context.ts'
import { asOutcome } from './as-outcome.ts'
import { forgiven } from './forgiven.ts'
import { noteFailure } from './note-failure.ts'
import { skipped } from './outcome.ts'
import { preview } from './preview.ts'
import { anyFailed, type Ended } from './registered.ts'
import { runItems } from './run-items.ts'
import { runForAll } from './run-once.ts'
import { typeOf } from './source-of.ts'
import { leftBy, type TaskEnd } from './task-end.ts'
import { isSecret, tellTask } from './tell-task.ts'

/** Where a host stands when it comes to a task. */
export interface Standing {
  readonly place: number
  /** In an `always` or a forced handler: it runs although the batch stops. */
  readonly closing: boolean
  readonly handler: boolean
  /** A `rescue` around the task takes over when it fails. */
  readonly rescued: boolean
}

/** One task on one host: chosen by tags, told, run here or by one host for all. What becomes of it is a value. */
export async function runTask(task: Task, work: AtWork, standing: Standing): Promise<TaskEnd> {
  work.ahead.begun(task)
  if (!standing.handler && !chosen(task, standing.place, work.context)) return { status: 'passed' }
  try {
    return await runChosen(task, work, standing)
  } catch (error) {
    const left = leftBy(error)
    if (left !== undefined) return left
    throw error
  }
}

async function runChosen(task: Task, work: AtWork, standing: Standing): Promise<TaskEnd> {
  const { context } = work
  const { handler } = standing
  const scope = context.scopeOf(task, {})
  const name = await nameOf(task, scope, work)
  if (context.step !== undefined) {
    const id = task.address
    const wanted = await context.step({ id, task: name, preview: () => preview(task, work) })
    if (!wanted) {
      const outcome = { ...skipped, message: 'left out by --step' }
      tellTask(task, [{ outcome, ms: 0 }], { name, handler, rescued: false, context })
      return { status: 'passed' }
    }
  }
  const told = { ...standing, name }
  let ended: readonly Ended[]
  let failed: boolean
  try {
    const here = () => runHere(task, work, told)
    if (await isOnce(task, scope, work)) ({ failed, ended } = await runForAll(task, work, { ...told, here }))
    else {
      ended = await here()
      failed = anyFailed(ended)
    }
  } catch (error) {
    if (error instanceof Unreachable)
      return { status: 'unreachable', fatal: isFatal(task, scope, context), message: error.message }
    // A keyword that cannot be read, or a bug: the task has not begun, or has not been told.
    ended = [{ outcome: forgiven(asOutcome(error, task), { task, scope, template: context.template }), ms: 0 }]
    tellTask(task, ended, { name, handler, rescued: standing.rescued, context })
    failed = anyFailed(ended)
  }
  if (ended.some(({ outcome }) => outcome.status !== 'skipped')) work.roleCalls.worked(task)
  if (!failed) return { status: 'passed' }
  noteFailure(task, { name, ended }, context.memory)
  return { status: 'failed', fatal: isFatal(task, scope, context) }
}

async function isOnce({ inherited: { run_once }, at }: Task, scope: Scope, work: AtWork): Promise<boolean> {
  if (run_once === undefined) return false
  try {
    return await work.facts.with(() => flag(run_once, scope, work.context.template))
  } catch (error) {
    throw faultAt(error, at)
  }
}

/** Runs a task on this host, in its turn, and tells of it. `Unreachable` comes as it comes. */
async function runHere(task: Task, work: AtWork, as: Standing & { readonly name: string }): Promise<readonly Ended[]> {
  const { context } = work
  const { batch, play, memory, emit } = context
  const { name, handler, place, closing } = as
  const { throttle, run_once } = task.inherited
  const most = { name: 'throttle', value: run_once === undefined ? throttle : undefined, at: task.at, otherwise: 0 }
  const limit = await work.facts.with(() => amountOf(most, context.scopeOf(task, {}), context.template))
  const ended: Ended[] = []
  const told = { play: play.name, host: memory.host.name, id: task.address, task: name }
  const tell = (all: readonly Ended[]) => tellTask(task, all, { name, handler, rescued: as.rescued, context })
  let all: readonly Ended[]
  try {
    all = await batch.throttled(place, limit, () =>
      batch.working(async () => {
        batch.check(place, closing)
        emit({ event: 'start', ...told, type: task.type, ...(handler ? { handler } : {}) })
        const items = await runItems(task, work, ended)
        if (batch.crowded) await memory.close()
        return items
      }),
    )
  } catch (error) {
    // What the first items of a loop did is done, whatever ended it.
    if (ended.length > 0) tell(ended)
    if (error instanceof Cancelled && error.how !== 'not begun')
      emit({ event: 'cancelled', ...told, confirmed: error.how === 'ended' })
    throw error
  }
  tell(all)
  if (anyFailed(all) && (task.guards ?? typeOf(task, context).guards) === true) await putBack(name, work)
  return all
}

/**
 * A guard said no: the play's reversible changes are taken back. Handlers that they alone had notified have nothing to do;
 * those that had run already have loaded what is gone now, and are due again; what could not be taken back keeps its own.
 */
async function putBack(failedTask: string, work: AtWork): Promise<void> {
  const { play, memory, emit, check } = work.context
  if (check || work.undoable.empty) return
  const { undone, notUndone, needless, again } = await work.undoable.takeBack(work.context.hardSignal)
  work.probes.forget()
  work.notified.settle(needless, again)
  emit({
    event: 'rollback',
    play: play.name,
    host: memory.host.name,
    undone,
    not_undone: notUndone,
    failed_task: failedTask,
  })
}

// A rule of safety that cannot be read holds.
function isFatal({ inherited }: Task, scope: Scope, { template }: HostContext): boolean {
  if (inherited.any_errors_fatal === undefined) return false
  try {
    return flag(inherited.any_errors_fatal, scope, template)
  } catch {
    return true
  }
}

/** Whether a step is among those asked for: by its tags, and not before `--start-at-task`. */
export const chosen = (
  { inherited }: { readonly inherited: Inherited },
  place: number,
  { tags, skipTags, startPlace }: HostContext,
): boolean => place >= startPlace && selected(inherited.tags, tags, skipTags)

async function nameOf(task: Task, scope: Scope, { facts, context }: AtWork): Promise<string> {
  // The name of a task that is to be kept out of the log may hold what is secret.
  if (!task.name.includes('{') || isSecret(task, context)) return task.name
  try {
    return String(await facts.with(() => renderDeep(task.name, scope, context.template)))
  } catch {
    return task.name // what is wrong shows when the task runs
  }
}
