import type { Task } from '../../model/playbook.ts'
import type { StepPlace } from '../../model/record.ts'
import { chosen } from '../../schedule/tags.ts'
import { Cancelled } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'
import { unlessNeeded } from '../../values/quietly.ts'
import { worked as workedFor } from '../../walk/walk.ts'
import { typeOf } from '../resolve/expand.ts'
import type { HostTask } from '../resolve/item.ts'
import { asOutcome } from './as-outcome.ts'
import type { HostPlay } from './host-play.ts'
import { skipped } from './outcome.ts'
import { preview } from './preview.ts'
import { anyFailed, anyWorked, type Ended, noteFailure, placeOf, recordTask, registered } from './record.ts'
import { runItems } from './run-items.ts'
import { runOnce } from './run-once.ts'
import type { Came, Standing } from './standing.ts'
import { leftBy, type TaskEnd } from './task-end.ts'

/** One task on one host: chosen by tags, told, run here or by one host for all. What becomes of it is a value. */
export async function runTask(task: Task, work: HostPlay, standing: Standing): Promise<TaskEnd> {
  if (!standing.handler && !chosen(task, work.context)) {
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

async function runChosen(host: HostTask, work: HostPlay, standing: Standing): Promise<TaskEnd> {
  const { task, keywords } = host
  const { context, facts } = work
  const { handler } = standing
  // What is wrong with its name shows when the task runs.
  const name = await facts.meet(() => unlessNeeded(() => keywords.name, task.name))
  if (context.step !== undefined) {
    const wanted = await context.step({ id: task.address, task: name, preview: () => preview(host, work) })
    if (!wanted) {
      const outcome = { ...skipped, message: 'left out by --step' }
      recordTask(host, [{ outcome, ms: 0 }], { name, handler, rescued: false, context })
      return { status: 'passed' }
    }
  }
  const told = { ...standing, name }
  let came: Came
  try {
    const here = () => runHere(host, work, told)
    came = (await facts.meet(() => keywords.runsOnce)) ? await runOnce(host, work, { ...told, here }) : await here()
  } catch (error) {
    if (error instanceof Unreachable) return { status: 'unreachable', fatal: keywords.fatal, message: error.message }
    // A keyword that cannot be read, or a bug: the task has not begun, or has not been told.
    const outcome = asOutcome(error, task)
    const ignored = outcome.status === 'failed' && keywords.forgives
    const ended = [{ outcome: ignored ? { ...outcome, status: 'ignored' as const } : outcome, ms: 0 }]
    recordTask(host, ended, { name, handler, rescued: standing.rescued, context })
    came = { kind: 'ended', ended }
  }
  if (came.kind === 'halt') return { status: came.why }
  const { failed, worked, result } = came.kind === 'shared' ? came : summed(task, came.ended)
  if (worked && task.role !== undefined) work.way.cursor = workedFor(work.way.cursor, task.role.identity)
  if (!failed) return { status: 'passed' }
  noteFailure(task, { name, result }, context.memory)
  return { status: 'failed', fatal: keywords.fatal }
}

const summed = (task: Task, ended: readonly Ended[]) => {
  const failed = anyFailed(ended)
  return { failed, worked: anyWorked(ended), result: failed ? registered(task, ended) : undefined }
}

/** Runs a task on this host, in its turn, and tells of it. `Unreachable` comes as it comes. */
async function runHere(host: HostTask, work: HostPlay, as: Standing & { readonly name: string }): Promise<Came> {
  const { task, keywords } = host
  const { context } = work
  const { coordinator, memory, record } = context
  const { name, handler, position, closing } = as
  const limit = await work.facts.meet(() => keywords.throttle)
  const ended: Ended[] = []
  const place = placeOf(task, as, context)
  const tell = (all: readonly Ended[]) => recordTask(host, all, { name, handler, rescued: as.rescued, context })
  const step = { host: memory.host.name, position, closing }
  const why = await coordinator.enter({ ...step, limit })
  if (why !== undefined) return { kind: 'halt', why }
  let all: readonly Ended[]
  try {
    record({ record: 'started', place })
    all = await runItems(host, work, ended)
    if (context.crowded) await memory.close()
  } catch (error) {
    // What the first items of a loop did is done, whatever ended it.
    if (ended.length > 0) tell(ended)
    if (error instanceof Cancelled && error.how !== 'not begun')
      record({ record: 'cancelled', place, confirmed: error.how === 'ended' })
    throw error
  } finally {
    coordinator.exit(step.host)
  }
  tell(all)
  if (handler && !anyFailed(all)) {
    const { play, host: on, step } = place
    const ran = { address: step.address, name: step.name }
    context.journal?.({ record: 'handler', play, host: on, handler: ran, state: 'ran' })
  }
  if (anyFailed(all) && (task.guards ?? typeOf(task, context).guards) === true) await putBack(place, work)
  return { kind: 'ended', ended: all }
}

/**
 * A guard said no: the play's reversible changes are taken back. Handlers that they alone had notified have nothing to do;
 * those that had run already have loaded what is gone now, and are due again; what could not be taken back keeps its own.
 */
async function putBack(place: StepPlace, work: HostPlay): Promise<void> {
  const { record, check } = work.context
  if (check || work.undoable.empty) return
  const { undone, notUndone, needless, again } = await work.undoable.takeBack(work.context.hardSignal)
  work.probes.forget()
  work.notified.settle(needless, again)
  record({ record: 'rollback', place, undone, notUndone })
}
