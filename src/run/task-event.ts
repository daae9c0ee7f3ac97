import type { TaskEvent } from '../model/event.ts'
import type { Task } from '../model/playbook.ts'
import { unifiedDiff } from '../text/unified-diff.ts'
import type { HostContext } from './host-context.ts'
import { type Outcome, report } from './outcome.ts'

/** Under which name an outcome is told. */
export interface Told {
  readonly name: string
  readonly type: string
  readonly handler?: boolean
  readonly label?: string
  readonly at?: Task['at']
  readonly ms: number
}

export function taskEvent(told: Told, outcome: Outcome, { play, memory }: HostContext): TaskEvent {
  const { status, message, stdout, stderr } = outcome
  const diff = outcome.changes.map(change => unifiedDiff(change)).join('')
  return {
    event: 'task',
    play: play.name,
    host: memory.host.name,
    task: told.name,
    type: told.type,
    status,
    ...(told.label === undefined ? {} : { item: told.label }),
    ...(told.handler === true ? { handler: true } : {}),
    changes: outcome.changes.map(report),
    ...(diff === '' ? {} : { diff }),
    ...(message === undefined ? {} : { message }),
    ...(stdout === undefined || stdout === '' ? {} : { stdout }),
    ...(stderr === undefined || stderr === '' ? {} : { stderr }),
    ...(told.at === undefined || status !== 'failed' ? {} : { at: told.at }),
    ms: told.ms,
  }
}

/** What `no_log` leaves to be told. */
export const hidden = (outcome: Outcome): Outcome => ({
  ...outcome,
  changes: outcome.changes.map(({ what, sh }) => ({ what, sh, before: null, after: null })),
  stdout: undefined,
  stderr: undefined,
  message: outcome.status === 'failed' ? 'failed; the details are hidden by no_log' : undefined,
})
