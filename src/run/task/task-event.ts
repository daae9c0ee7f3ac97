import { type Address, inside } from '../../model/address.ts'
import type { TaskEvent } from '../../model/event.ts'
import type { Task } from '../../model/playbook.ts'
import type { HostContext } from '../host-context.ts'
import type { Outcome } from './outcome.ts'
import { shownChange } from './shown-change.ts'

/** Under which name an outcome is told. */
export interface Told {
  /** The task's own; nothing for what is no task of the playbook. */
  readonly address?: Address
  readonly name: string
  readonly type: string
  readonly handler?: boolean
  readonly label?: string
  readonly at?: Task['at']
  readonly ms: number
  /** `diff:` of the task. */
  readonly diff?: boolean
}

export function taskEvent(told: Told, outcome: Outcome, context: HostContext): TaskEvent {
  const { play, memory, secrets } = context
  const { status, message, stdout, stderr } = outcome
  const shown = outcome.changes.map(change => shownSafely(change, { diff: told.diff, secrets }))
  const diff = shown.map(one => one.diff).join('')
  return {
    event: 'task',
    play: play.name,
    host: memory.host.name,
    id: told.address ?? inside(play.address, told.name),
    task: told.name,
    type: told.type,
    status,
    ...(told.label === undefined ? {} : { item: told.label }),
    ...(told.handler === true ? { handler: true } : {}),
    changes: shown.map(one => one.report),
    ...(diff === '' ? {} : { diff }),
    ...(message === undefined ? {} : { message }),
    ...(stdout === undefined || stdout === '' ? {} : { stdout }),
    ...(stderr === undefined || stderr === '' ? {} : { stderr }),
    ...(told.at === undefined || !wentWrong(status) ? {} : { at: told.at }),
    ms: told.ms,
  }
}

// The sides of a change may be anything that a task type came up with: what cannot be shown does not undo the task.
const shownSafely: typeof shownChange = (change, options) => {
  try {
    return shownChange(change, options)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const plain = { what: change.what, before: null, after: null }
    return { ...shownChange({ ...change, ...plain }, options), diff: `(the difference cannot be shown: ${why})\n` }
  }
}

const wentWrong = (status: TaskEvent['status']): boolean =>
  status === 'failed' || status === 'ignored' || status === 'rescued'

const HIDDEN = 'hidden by no_log'

/** The same changes, none of which says what it is: it may be told when they are put back. */
export const unnamed = (outcome: Outcome): Outcome => ({
  ...outcome,
  changes: outcome.changes.map(change => ({ ...change, what: HIDDEN })),
})

/** What `no_log` leaves to be told: that something was done, never to what or by which words. */
export const hidden = (outcome: Outcome): Outcome => ({
  ...outcome,
  changes: outcome.changes.map(({ sh }) => ({ what: HIDDEN, sh, before: null, after: null })),
  stdout: undefined,
  stderr: undefined,
  message: outcome.status === 'failed' ? 'failed; the details are hidden by no_log' : undefined,
})
