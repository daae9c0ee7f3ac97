import type { Meta } from '../../model/playbook.ts'
import { EndHost, HostFailed, HostLost } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'
import type { AtWork } from '../at-work.ts'
import { Keywords } from '../resolve/keywords.ts'
import { chosen } from '../task/run-task.ts'
import { taskEvent } from '../task/task-event.ts'
import { thrown } from '../task/verdicts.ts'

/** `meta: ...` on one host, where its tags are asked for and its `when` holds. `flush`: the handlers' turn has come. */
export async function runMeta(meta: Meta, place: number, work: AtWork): Promise<'flush' | undefined> {
  const { action, inherited, at } = meta
  if (!chosen(meta, place, work.context)) return undefined
  const { batch, companions, scopeOf } = work.context
  const keywords = new Keywords(meta, scopeOf({ inherited }, {}), work.context)
  try {
    if ((await work.facts.meet(() => keywords.unmet)) !== undefined) return undefined
  } catch (error) {
    if (error instanceof Unreachable) throw new HostLost(error.message, false)
    const { memory, emit } = work.context
    const outcome = thrown(error, { task: { inherited, at }, keywords }, work)
    memory.counts[outcome.status]++
    emit(taskEvent({ name: `meta: ${action}`, type: 'meta', at: outcome.at ?? at, ms: 0 }, outcome, work.context))
    if (outcome.status === 'failed') throw new HostFailed(false)
    return undefined
  }
  switch (action) {
    case 'noop':
      return undefined
    case 'flush_handlers':
      return 'flush'
    case 'clear_host_errors':
      for (const memory of companions()) memory.clear()
      batch.lost.clear()
      return undefined
    case 'end_play':
      batch.ended = 'play'
      throw new EndHost()
    case 'end_batch':
      batch.ended ??= 'batch'
      throw new EndHost()
    case 'end_host':
      work.context.memory.through = true
      throw new EndHost()
  }
}
