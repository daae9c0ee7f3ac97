import { Fault } from '../../model/fault.ts'
import { BecomeFailed } from '../../shell/shell.ts'
import type { Stop } from '../../walk/cursor.ts'
import type { HostPlay } from '../task/host-play.ts'
import { runTask } from '../task/run-task.ts'
import { leftBy, type TaskEnd } from '../task/task-end.ts'
import { runMeta } from './run-meta.ts'
import type { StepEnd } from './step-end.ts'
import { validateRole } from './validate-role.ts'

/** A step that is to be done. */
export type ToDo = Extract<Stop, { readonly position: unknown }>

/** The host goes on otherwise than to the next step. */
export type Left = Exclude<TaskEnd, { readonly status: 'passed' }>

/** Does one step on one host. */
export async function perform(stop: ToDo, work: HostPlay): Promise<StepEnd> {
  try {
    switch (stop.kind) {
      case 'task':
        return await runTask(stop.task, work, stop)
      case 'meta':
        return await runMeta(stop.meta, work)
      case 'role':
        return await validateRole(stop.call, work, stop)
    }
  } catch (error) {
    return endOf(error)
  }
}

/** Facts that are there from the beginning. An account that cannot be had is told by the first task that needs it. */
export async function firstFacts({ facts }: HostPlay): Promise<TaskEnd> {
  try {
    await facts.first()
  } catch (error) {
    if (!(error instanceof BecomeFailed) && !(error instanceof Fault)) return endOf(error)
  }
  return { status: 'passed' }
}

const endOf = (error: unknown): TaskEnd => {
  const end = leftBy(error)
  if (end === undefined) throw error
  return end
}
