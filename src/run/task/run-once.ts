import type { OnceResult } from '../../model/coordinator.ts'
import type { Task } from '../../model/playbook.ts'
import type { HostTask } from '../resolve/item.ts'
import { lossWords } from '../state/loss-words.ts'
import type { HostPlay } from './host-play.ts'
import { failure } from './outcome.ts'
import { anyFailed, anyWorked, type Ended, itemRecord, placeOf, registered } from './record.ts'
import { keep, learnt } from './run-items.ts'
import type { Came, Standing } from './standing.ts'
import { leftBy } from './task-end.ts'

type Here = Standing & { readonly name: string; readonly here: () => Promise<Came> }

/** `run_once`: the batch's first host runs the task, and what came of it holds for all. */
export async function runOnce({ task }: HostTask, work: HostPlay, as: Here): Promise<Came> {
  const { coordinator, memory } = work.context
  const host = memory.host.name
  const { position, closing } = as
  const turn = await coordinator.once({ host, position, closing })
  if (turn.kind === 'halt') return turn
  if (turn.kind === 'shared') return follow(task, work, { ...as, shared: turn.result })
  const share = (how: OnceResult['how'], ended: readonly Ended[]) =>
    coordinator.shareOnce(position, {
      host,
      how,
      worked: anyWorked(ended),
      learnt: ended.flatMap(({ item, outcome }) => (item === undefined ? [] : learnt(item, outcome))),
      ...(ended.length === 0 ? {} : { result: registered(task, ended) }),
    })
  try {
    const came = await as.here()
    if (came.kind === 'ended') share(anyFailed(came.ended) ? 'failed' : 'passed', came.ended)
    return came
  } catch (error) {
    // It may have got half way: another host must not do the first half again.
    const left = leftBy(error)
    if (left === undefined) share('failed', [])
    else if (left.status === 'unreachable') share('unreachable', [])
    throw error
  }
}

function follow(task: Task, work: HostPlay, as: Here & { readonly shared: OnceResult }): Came {
  const { context } = work
  const { memory, record, secrets } = context
  const { host, how, worked, result } = as.shared
  for (const one of as.shared.learnt) keep(one, work)
  if (task.register !== undefined && result !== undefined) memory.results[task.register] = result
  if (how === 'passed') return { kind: 'shared', failed: false, worked, result }
  const status = as.rescued ? 'rescued' : 'failed'
  const outcome = failure(`${host}, which runs this for all, ${lossWords(how)}`)
  const one = itemRecord({ ...outcome, status }, { place: placeOf(task, as, context), at: task.at, ms: 0, secrets })
  memory.take(one)
  record(one)
  return { kind: 'shared', failed: true, worked: true, result: result ?? outcome.result }
}
