import type { Task } from '../../model/playbook.ts'
import { asKnown } from '../../values/unknown-result.ts'
import type { HostContext } from '../host-context.ts'
import type { HostTask } from '../resolve/item.ts'
import type { Outcome } from './outcome.ts'
import { type Ended, registered } from './registered.ts'
import { hidden, taskEvent } from './task-event.ts'

/** Emits, counts and registers what became of a task's items. */
export function tellTask(
  { task, keywords }: HostTask,
  ended: readonly Ended[],
  as: {
    readonly name: string
    readonly handler: boolean
    /** A `rescue` around the task takes over when it fails. */
    readonly rescued: boolean
    readonly context: HostContext
  },
): void {
  const { name, handler, rescued, context } = as
  const { memory, emit } = context
  const { secret, diff } = keywords
  for (const [i, { item, outcome, ms }] of ended.entries()) {
    const status = rescued && outcome.status === 'failed' ? 'rescued' : outcome.status
    // A rescue is counted once, when it begins: a loop may have failed many times.
    if (status !== 'rescued') memory.counts[status]++
    if (outcome.bug === true) memory.bug = true
    if (outcome.verified === true) memory.verified++
    if (outcome.made > 0 && (outcome.status === 'failed' || outcome.status === 'ignored')) memory.failedAfterChange++
    if (status === 'unknown' && mayChange(task, context)) memory.mayChange = true
    const label = item?.label === undefined ? undefined : secret ? `item ${i + 1} of ${ended.length}` : item.label
    const told = {
      address: task.address,
      name,
      type: task.type,
      handler,
      label,
      at: outcome.at ?? task.at,
      ms,
      ...(diff === undefined ? {} : { diff }),
    }
    emit(taskEvent(told, { ...(secret ? hidden(outcome) : outcome), status }, context))
  }
  if (task.register === undefined) return
  const result = registered(task, ended)
  const unrun = ended.some(({ outcome }) => outcome.known !== undefined)
  memory.results[task.register] = unrun ? asFarAsKnown(task.register, result, ended) : result
}

// Of a loop no more is known than of the turn of which least is known.
const asFarAsKnown = (variable: string, result: unknown, ended: readonly Ended[]): unknown => {
  const all = ended.map(({ outcome }) => outcome.known)
  const known = (['nothing', 'effect', 'plan'] as const).find(one => all.includes(one))
  return asKnown(variable, { known, result: result as Outcome['result'] })
}

const mayChange = (task: Task, { types }: HostContext): boolean => {
  const type = types.get(task.type)
  if (type === undefined || type.nature === 'query' || type.nature === 'message') return false
  const never = task.changed_when?.every(({ expression }) => expression === false) === true
  return !never && (type.probe !== undefined || type.nature === 'opaque')
}
