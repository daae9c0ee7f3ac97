import { asKnown } from '../../values/unknown-result.ts'
import type { HostTask } from '../resolve/item.ts'
import type { HostContext } from './host-context.ts'
import { hiddenOutcome, itemRecord, mayChange, placeOf } from './item-record.ts'
import type { Outcome } from './outcome.ts'
import { type Ended, registered } from './registered.ts'

/** Records what became of a task's items, counts it, and keeps what `register` is to have. */
export function recordTask(
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
  const { memory, record, secrets, types } = as.context
  const { secret, diff } = keywords
  const step = placeOf(task, as, as.context)
  const told = { at: task.at, diff, secrets, mayChange: mayChange(task, types) }
  for (const [index, { item, outcome, ms }] of ended.entries()) {
    const status = as.rescued && outcome.status === 'failed' ? 'rescued' : outcome.status
    const label = secret ? `item ${index + 1} of ${ended.length}` : item?.label
    const place = item?.label === undefined || label === undefined ? step : { ...step, item: { index, label } }
    const one = itemRecord({ ...(secret ? hiddenOutcome(outcome) : outcome), status }, { ...told, place, ms })
    memory.take(one)
    record(one)
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
