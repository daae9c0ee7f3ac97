import type { Change } from '../../model/change.ts'
import type { Status } from '../../model/event.ts'
import type { At } from '../../text/position.ts'
import type { Known } from '../../values/unknown-result.ts'

/** What became of one item. A failure is a value with the fields of success. */
export interface Outcome {
  readonly status: Status
  readonly changes: readonly Change[]
  /** Seen again by the probe afterwards. */
  readonly verified?: boolean
  readonly message?: string
  readonly stdout?: string
  readonly stderr?: string
  readonly at?: At
  /** What `register` gets. */
  readonly result: Readonly<Record<string, unknown>>
  /** In a dry run, what is known of the result. Not given: all of it. */
  readonly known?: Known
  /** Changes that were really made, also when a later one failed. */
  readonly made: number
  /** It came of a bug in mlplay: exit code 1. */
  readonly bug?: boolean
}

export const failure = (message: string, more: Partial<Outcome> = {}): Outcome => ({
  status: 'failed',
  changes: [],
  made: 0,
  message,
  ...more,
  result: { failed: true, changed: (more.made ?? 0) > 0, msg: message, ...more.result },
})

/** A dry run cannot tell what would become of it. */
export const notKnown = (message: string): Outcome => ({
  status: 'unknown',
  changes: [],
  made: 0,
  known: 'nothing',
  message,
  result: { changed: false },
})

/** Not run; `why` goes into the result, as a playbook may ask for it. */
export const skippedFor = (why: Readonly<Record<string, unknown>>): Outcome => ({
  status: 'skipped',
  changes: [],
  made: 0,
  result: { changed: false, skipped: true, ...why },
})

export const skipped: Outcome = skippedFor({ skip_reason: 'Conditional result was False' })
