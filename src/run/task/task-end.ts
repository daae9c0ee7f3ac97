import type { Halt } from '../../model/coordinator.ts'
import { Interrupted } from '../../shell/interrupted.ts'
import { Unreachable } from '../../shell/shell.ts'

/** How a step ended for a host: it goes on with the next one, or why it does not. */
export type TaskEnd =
  | { readonly status: 'passed' }
  /** It failed, and the failure was not ignored. `fatal`: `any_errors_fatal` holds for the task. */
  | { readonly status: 'failed'; readonly fatal: boolean }
  | { readonly status: 'unreachable'; readonly fatal: boolean; readonly message: string }
  | { readonly status: Halt }

/** What ends the host's way when a shell says so; `undefined` for a failure or a bug, which are the task's own. */
export function leftBy(error: unknown): TaskEnd | undefined {
  if (error instanceof Unreachable) return { status: 'unreachable', fatal: false, message: error.message }
  return error instanceof Interrupted ? { status: 'interrupted' } : undefined
}
