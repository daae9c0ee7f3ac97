import type { Task } from '../../model/playbook.ts'
import type { Scope, TemplateOptions } from '../../template/template.ts'
import { flagQuietly } from '../../values/flag-quietly.ts'
import type { Outcome } from './outcome.ts'

/** A task that failed before or beside its action: ignored where `ignore_errors` says so. */
export const forgiven = (
  outcome: Outcome,
  at: { readonly task: Task; readonly scope: Scope; readonly template: TemplateOptions },
): Outcome =>
  outcome.status === 'failed' && flagQuietly(at.task.inherited.ignore_errors, at)
    ? { ...outcome, status: 'ignored' }
    : outcome
