import type { Task } from '../../model/playbook.ts'
import { Unreachable } from '../../shell/shell.ts'
import type { AtWork } from '../at-work.ts'
import type { HostTask } from '../resolve/item.ts'
import { wordsFor } from '../rollout/batch.ts'
import type { Shared } from '../rollout/once.ts'
import { endsHost } from './as-outcome.ts'
import { failure } from './outcome.ts'
import { anyFailed, type Ended, registered } from './registered.ts'
import { remember } from './run-item.ts'
import type { Standing } from './run-task.ts'
import { taskEvent } from './task-event.ts'

/** What a task came to on this host. */
interface Came {
  readonly failed: boolean
  readonly ended: readonly Ended[]
}

/** `run_once`: the batch's first host runs the task, and what came of it holds for all. */
export async function runForAll(
  host: HostTask,
  work: AtWork,
  as: Standing & { readonly name: string; readonly here: () => Promise<readonly Ended[]> },
): Promise<Came> {
  const { batch, walker, memory } = work.context
  const turn = await batch.once.turn(as.place, walker, () => batch.check(as.place, as.closing))
  if (turn !== 'mine') return follow(host.task, work, { ...as, shared: turn })
  const publish = (how: Shared['how'], ended: readonly Ended[]) =>
    batch.once.publish(as.place, { host: memory.host.name, ended, how })
  try {
    const ended = await as.here()
    const failed = anyFailed(ended)
    publish(failed ? 'failed' : 'done', ended)
    return { failed, ended }
  } catch (error) {
    // It may have got half way: another host must not do the first half again.
    if (error instanceof Unreachable) publish('unreachable', [])
    else if (!endsHost(error)) publish('failed', [])
    throw error
  }
}

function follow(task: Task, work: AtWork, as: Standing & { readonly name: string; readonly shared: Shared }): Came {
  const { context } = work
  const { memory } = context
  const { host, ended, how } = as.shared
  for (const { item, outcome } of ended) if (item !== undefined) remember(item, outcome, work)
  if (task.register !== undefined && ended.length > 0) memory.results[task.register] = registered(task, ended)
  if (how === 'done') return { failed: false, ended }
  const status = as.rescued ? 'rescued' : 'failed'
  if (status === 'failed') memory.counts.failed++
  const told = { address: task.address, name: as.name, type: task.type, handler: as.handler, at: task.at, ms: 0 }
  const outcome = failure(`${host}, which runs this for all, ${wordsFor(how)}`)
  context.emit(taskEvent(told, { ...outcome, status }, context))
  return { failed: true, ended: ended.length > 0 ? ended : [{ outcome, ms: 0 }] }
}
