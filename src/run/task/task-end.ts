import { EndHost, HostStopped, Interrupted } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'

/** How a task ended for a host: it goes on with the next step, or why it does not. */
export type TaskEnd =
  | { readonly status: 'passed' }
  /** It failed, and the failure was not ignored. `fatal`: `any_errors_fatal` holds for the task. */
  | { readonly status: 'failed'; readonly fatal: boolean }
  | { readonly status: 'unreachable'; readonly fatal: boolean; readonly message: string }
  /** `stopped`: others of the batch were lost. `ended`: `end_batch` or `end_play`. `interrupted`: by the person. */
  | { readonly status: 'stopped' | 'ended' | 'interrupted' }

/** What something that was thrown says of the host's way; `undefined` for a failure or a bug, which are the task's own. */
export function leftBy(error: unknown): TaskEnd | undefined {
  if (error instanceof Unreachable) return { status: 'unreachable', fatal: false, message: error.message }
  if (error instanceof HostStopped) return { status: 'stopped' }
  if (error instanceof EndHost) return { status: 'ended' }
  return error instanceof Interrupted ? { status: 'interrupted' } : undefined
}
