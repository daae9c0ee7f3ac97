import { HostFailed, type HostLost } from '../../shell/interrupted.ts'
import type { HostContext } from '../host-context.ts'
import { failure } from '../task/outcome.ts'
import { taskEvent } from '../task/task-event.ts'

/**
 * The host is lost, and the others may have to stop on its account. Said at once, and not when the host's `always` is
 * through: until then they would go on. A host may be lost twice, when its forced handlers cannot reach it any more.
 */
export function loseHost(error: HostFailed | HostLost, place: number, context: HostContext): void {
  const { memory, batch, emit } = context
  const how = error instanceof HostFailed ? 'failed' : 'unreachable'
  if (how === 'unreachable' && memory.left !== 'unreachable') {
    memory.counts.unreachable++
    const outcome = { ...failure(error.message), status: 'unreachable' } as const
    emit(taskEvent({ name: 'connection', type: 'connection', ms: 0 }, outcome, context))
  }
  memory.left = how
  memory.lose(how)
  batch.lose(memory.host.name, { how, fatal: error.fatal, place })
}
