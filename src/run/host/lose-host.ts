import { beforeFirst, type Position } from '../../model/position.ts'
import type { HostContext } from '../host-context.ts'
import { stackOf } from '../task/as-outcome.ts'
import { failure } from '../task/outcome.ts'
import type { TaskEnd } from '../task/task-end.ts'
import { taskEvent } from '../task/task-event.ts'

/** The host is lost, and the others may have to stop on its account. It may be lost twice: its last handlers may not reach it. */
export function loseHost(
  end: Extract<TaskEnd, { readonly fatal: boolean }>,
  position: Position,
  context: HostContext,
): void {
  const { memory, coordinator, emit } = context
  const { status: how, fatal } = end
  if (end.status === 'unreachable' && memory.left !== 'unreachable') {
    memory.counts.unreachable++
    const outcome = { ...failure(end.message), status: 'unreachable' } as const
    emit(taskEvent({ name: 'connection', type: 'connection', ms: 0 }, outcome, context))
  }
  memory.left = how
  memory.lose(how)
  coordinator.lose({ host: memory.host.name, how, fatal, position })
}

/** A bug in mlplay outside of any task: this host is lost, the others go on. */
export function toldBug(bug: unknown, context: HostContext): void {
  const { memory, play, emit } = context
  memory.bug = true
  emit({
    event: 'warning',
    message: `a bug in mlplay, not in your files, ended the play '${play.name}' for ${memory.host.name}. Please report it with this:\n${stackOf(bug)}`,
  })
  loseHost({ status: 'failed', fatal: false }, beforeFirst, context)
}
