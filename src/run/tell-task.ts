import type { Task } from '../model/playbook.ts'
import { flagQuietly } from './flag-quietly.ts'
import type { HostContext } from './host-context.ts'
import { type Ended, registered } from './registered.ts'
import { hidden, taskEvent } from './task-event.ts'

/** Emits, counts and registers what became of a task's items. */
export function tellTask(
  task: Task,
  ended: readonly Ended[],
  as: { readonly name: string; readonly handler: boolean; readonly context: HostContext },
): void {
  const { name, handler, context } = as
  const { memory, emit, template } = context
  const { no_log } = task.inherited
  const secret = no_log !== undefined && flagQuietly(no_log, { scope: context.scopeOf(task, {}), template })
  for (const { item, outcome, ms } of ended) {
    memory.counts[outcome.status]++
    if (outcome.verified === true) memory.verified++
    const told = { name, type: task.type, handler, label: item?.label, at: outcome.at ?? task.at, ms }
    emit(taskEvent(told, secret ? hidden(outcome) : outcome, context))
  }
  if (task.register !== undefined) memory.results[task.register] = registered(task, ended)
}
