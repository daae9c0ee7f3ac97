import type { Change } from '../../model/change.ts'
import type { Task } from '../../model/playbook.ts'
import type { ItemPlace, ItemRecord, StepPlace } from '../../model/record.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { Secrets } from '../../text/redact.ts'
import type { Item } from '../resolve/item.ts'
import { changeRecord } from './change-record.ts'
import type { HostContext } from './host-context.ts'
import type { Outcome } from './outcome.ts'

/** A step on this host, under the name by which it goes here. */
export const placeOf = (
  { address, type }: Pick<Task, 'address' | 'type'>,
  { name, handler = false }: { readonly name: string; readonly handler?: boolean },
  { play, memory }: Pick<HostContext, 'play' | 'memory'>,
): StepPlace => ({
  play: { address: play.address, name: play.name },
  host: memory.host.name,
  step: { address, name, type, ...(handler ? { handler } : {}) },
})

/** A turn of a task. What a loop goes over may be secret, and is counted then: `item 2 of 3`. */
export const itemPlace = ({ task, index, label, keywords }: Item, context: HostContext): ItemPlace => {
  const place = placeOf(task, { name: task.name }, context)
  if (label === undefined) return place
  return { ...place, item: { index, label: keywords.secret ? `item ${index + 1}` : label } }
}

/** What is to be told of an outcome. */
export function itemRecord(
  outcome: Outcome,
  told: {
    readonly place: ItemPlace
    readonly ms: number
    /** The task's own, where the outcome has none. */
    readonly at: Task['at']
    /** `diff:` of the task. */
    readonly diff?: boolean | undefined
    readonly secrets: Secrets
    readonly mayChange?: boolean
  },
): ItemRecord {
  const { status, message, stdout, stderr, made, verified = false, bug = false } = outcome
  const { place, ms, diff, secrets, mayChange = false } = told
  return {
    record: 'item',
    place,
    status,
    changes: outcome.changes.map(change => changeRecord(change, { diff, secrets })),
    ...(message === undefined ? {} : { message }),
    ...(stdout === undefined || stdout === '' ? {} : { stdout }),
    ...(stderr === undefined || stderr === '' ? {} : { stderr }),
    ...(wentWrong(status) ? { at: outcome.at ?? told.at } : {}),
    ms,
    made,
    verified,
    mayChange: status === 'unknown' && mayChange,
    bug,
  }
}

const wentWrong = (status: ItemRecord['status']): boolean =>
  status === 'failed' || status === 'ignored' || status === 'rescued'

/** How far an item's changes have come. */
export type Progress =
  | { readonly record: 'planned'; readonly changes: readonly Change[] }
  | { readonly record: 'changing' }
  | { readonly record: 'changed'; readonly made: number }
  | { readonly record: 'verified' }

/** Keeps an item's progress where there is a journal. */
export function progressOf(item: Item, context: HostContext): ((progress: Progress) => void) | undefined {
  const { journal, secrets } = context
  if (journal === undefined) return undefined
  const place = itemPlace(item, context)
  const { secret, diff } = item.keywords
  return progress => {
    if (progress.record !== 'planned') return journal({ ...progress, place })
    const { changes } = secret ? hidden(progress) : progress
    journal({ record: 'planned', place, changes: changes.map(change => changeRecord(change, { diff, secrets })) })
  }
}

/** Whether a task changes hosts at all: what a dry run could not tell of it counts. */
export const mayChange = (task: Task, types: ReadonlyMap<string, AnyTaskType>): boolean => {
  const type = types.get(task.type)
  if (type === undefined || type.nature === 'query' || type.nature === 'message') return false
  const never = task.changed_when?.every(({ expression }) => expression === false) === true
  return !never && (type.probe !== undefined || type.nature === 'opaque')
}

const HIDDEN = 'hidden by no_log'

/** The same changes, none of which says what it is: it may be told when they are put back. */
export const unnamed = <T extends { readonly changes: readonly Change[] }>(of: T): T => ({
  ...of,
  changes: of.changes.map(change => ({ ...change, what: HIDDEN })),
})

/** What `no_log` leaves of changes: that something is done, never to what. */
const hidden = <T extends { readonly changes: readonly Change[] }>(of: T): T => ({
  ...of,
  changes: of.changes.map(({ sh }) => ({ what: HIDDEN, sh, before: null, after: null })),
})

/** What `no_log` leaves to be told of an outcome. */
export const hiddenOutcome = (outcome: Outcome): Outcome => ({
  ...hidden(outcome),
  stdout: undefined,
  stderr: undefined,
  message: outcome.status === 'failed' ? 'failed; the details are hidden by no_log' : undefined,
})
