import { beforeFirst, type Position } from '../../model/position.ts'
import { stackOf } from '../task/as-outcome.ts'
import type { HostContext } from '../task/host-context.ts'
import type { TaskEnd } from '../task/task-end.ts'

/** The host is lost, and the others may have to stop on its account. It may be lost twice: its last handlers may not reach it. */
export function loseHost(
  end: Extract<TaskEnd, { readonly fatal: boolean }>,
  position: Position,
  context: HostContext,
): void {
  const { memory, coordinator, play, record } = context
  const { status: how, fatal } = end
  if (memory.left !== how) {
    if (how === 'unreachable') memory.counts.unreachable++
    const message = end.status === 'unreachable' ? { message: end.message } : {}
    record({
      record: 'lost',
      play: { address: play.address, name: play.name },
      host: memory.host.name,
      how,
      ...message,
    })
  }
  memory.left = how
  memory.lose(how)
  coordinator.lose({ host: memory.host.name, how, fatal, position })
}

/** A bug in mlplay outside of any task: this host is lost, the others go on. */
export function toldBug(bug: unknown, context: HostContext): void {
  const { memory, play, record } = context
  memory.bug = true
  record({
    record: 'warning',
    message: `a bug in mlplay, not in your files, ended the play '${play.name}' for ${memory.host.name}. Please report it with this:\n${stackOf(bug)}`,
  })
  loseHost({ status: 'failed', fatal: false }, beforeFirst, context)
}
