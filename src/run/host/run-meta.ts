import type { Meta } from '../../model/playbook.ts'
import { chosen } from '../../schedule/tags.ts'
import { Unreachable } from '../../shell/shell.ts'
import { Keywords } from '../resolve/keywords.ts'
import type { HostPlay } from '../task/host-play.ts'
import { itemRecord, placeOf } from '../task/record.ts'
import { thrown } from '../task/verdicts.ts'
import type { StepEnd } from './step-end.ts'

/** `meta: ...` on one host, where its tags are asked for and its `when` holds. */
export async function runMeta(meta: Meta, work: HostPlay): Promise<StepEnd> {
  const { action, inherited, at } = meta
  const { context } = work
  if (!chosen(meta, context)) return { status: 'passed' }
  const { coordinator, companions, scopeOf, memory, record, secrets } = context
  const keywords = new Keywords(meta, scopeOf({ inherited }, {}), context)
  try {
    if ((await work.facts.meet(() => keywords.unmet)) !== undefined) return { status: 'passed' }
  } catch (error) {
    if (error instanceof Unreachable) throw error
    const outcome = thrown(error, { task: { inherited, at }, keywords }, work)
    const place = placeOf({ address: meta.address, type: 'meta' }, { name: `meta: ${action}` }, context)
    const one = itemRecord(outcome, { place, at, ms: 0, secrets })
    memory.take(one)
    record(one)
    return outcome.status === 'failed' ? { status: 'failed', fatal: false } : { status: 'passed' }
  }
  switch (action) {
    case 'noop':
      return { status: 'passed' }
    case 'flush_handlers':
      return { status: 'flush' }
    case 'clear_host_errors':
      for (const one of companions()) one.clear()
      coordinator.clearLosses()
      return { status: 'passed' }
    case 'end_play':
    case 'end_batch':
      coordinator.end(action === 'end_play' ? 'play' : 'batch')
      return { status: 'ended' }
    case 'end_host':
      memory.through = true
      return { status: 'ended' }
  }
}
