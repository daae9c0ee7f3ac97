import type { Inherited, Task } from '../../model/playbook.ts'
import { selected } from '../../schedule/tags.ts'
import { Cancelled } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'
import { unlessNeeded } from '../../values/quietly.ts'
import type { AtWork } from '../at-work.ts'
import type { HostContext } from '../host-context.ts'
import { typeOf } from '../resolve/expand.ts'
import type { HostTask } from '../resolve/item.ts'
import { asOutcome } from './as-outcome.ts'
import { noteFailure } from './note-failure.ts'
import { skipped } from './outcome.ts'
import { preview } from './preview.ts'
import { anyFailed, type Ended } from './registered.ts'
import { runItems } from './run-items.ts'
import { runForAll } from './run-once.ts'
import { leftBy, type TaskEnd } from './task-end.ts'
import { tellTask } from './tell-task.ts'

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
  if (!standing.handler && !chosen(task, standing.place, work.context)) {
    work.ahead.leaveOut(task)
    return { status: 'passed' }
  }
  try {
    return await runChosen(work.ahead.begin(task), work, standing)
  } catch (error) {
    const left = leftBy(error)
    if (left !== undefined) return left
    throw error
  }
}

async function runChosen(host: HostTask, work: AtWork, standing: Standing): Promise<TaskEnd> {
  const { task, keywords } = host
  const { context, facts } = work
  const { handler } = standing
  // What is wrong with its name shows when the task runs.
  const name = await facts.meet(() => unlessNeeded(() => keywords.name, task.name))
  if (context.step !== undefined) {
    const wanted = await context.step({ id: task.address, task: name, preview: () => preview(host, work) })
    if (!wanted) {
      const outcome = { ...skipped, message: 'left out by --step' }
      tellTask(host, [{ outcome, ms: 0 }], { name, handler, rescued: false, context })
      return { status: 'passed' }
    }
  }
  const told = { ...standing, name }
  let ended: readonly Ended[]
  let failed: boolean
  try {
    const here = () => runHere(host, work, told)
    if (await facts.meet(() => keywords.runsOnce)) ({ failed, ended } = await runForAll(host, work, { ...told, here }))
    else {
      ended = await here()
      failed = anyFailed(ended)
    }
  } catch (error) {
    if (error instanceof Unreachable) return { status: 'unreachable', fatal: keywords.fatal, message: error.message }
    // A keyword that cannot be read, or a bug: the task has not begun, or has not been told.
    const outcome = asOutcome(error, task)
    const ignored = outcome.status === 'failed' && keywords.forgives
    ended = [{ outcome: ignored ? { ...outcome, status: 'ignored' } : outcome, ms: 0 }]
    tellTask(host, ended, { name, handler, rescued: standing.rescued, context })
    failed = anyFailed(ended)
  }
  if (ended.some(({ outcome }) => outcome.status !== 'skipped')) work.roleCalls.worked(task)
  if (!failed) return { status: 'passed' }
  noteFailure(task, { name, ended }, context.memory)
  return { status: 'failed', fatal: keywords.fatal }
}

/** Runs a task on this host, in its turn, and tells of it. `Unreachable` comes as it comes. */
async function runHere(
  host: HostTask,
  work: AtWork,
  as: Standing & { readonly name: string },
): Promise<readonly Ended[]> {
  const { task, keywords } = host
  const { context } = work
  const { batch, play, memory, emit } = context
  const { name, handler, place, closing } = as
  const limit = await work.facts.meet(() => keywords.throttle)
  const ended: Ended[] = []
  const told = { play: play.name, host: memory.host.name, id: task.address, task: name }
  const tell = (all: readonly Ended[]) => tellTask(host, all, { name, handler, rescued: as.rescued, context })
  let all: readonly Ended[]
  try {
    all = await batch.throttled(place, limit, () =>
      batch.working(async () => {
        batch.check(place, closing)
        emit({ event: 'start', ...told, type: task.type, ...(handler ? { handler } : {}) })
        const items = await runItems(host, work, ended)
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

/** Whether a step is among those asked for: by its tags, and not before `--start-at-task`. */
export const chosen = (
  { inherited }: { readonly inherited: Inherited },
  place: number,
  { tags, skipTags, startPlace }: HostContext,
): boolean => place >= startPlace && selected(inherited.tags, tags, skipTags)
