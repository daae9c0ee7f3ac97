import type { Change } from '../../model/change.ts'
import type { Task } from '../../model/playbook.ts'
import type { ItemPlace, ItemRecord, StepPlace } from '../../model/record.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { Secrets } from '../../text/redact.ts'
import { asKnown } from '../../values/unknown-result.ts'
import type { HostTask, Item } from '../resolve/item.ts'
import type { HostState } from '../state/host-state.ts'
import { changeRecord } from './change-record.ts'
import type { HostContext } from './host-context.ts'
import type { Outcome } from './outcome.ts'

/** Records what became of a task's items, counts it, and keeps what `register` is to have. */
export function recordTask(
  { task, keywords }: HostTask,
  ended: readonly Ended[],
  as: {
    readonly name: string
    readonly handler: boolean
    /** A `rescue` around the task takes over when it fails. */
    readonly rescued: boolean
    readonly context: HostContext
  },
): void {
  const { memory, record, secrets, types } = as.context
  const { secret, diff } = keywords
  const step = placeOf(task, as, as.context)
  const told = { at: task.at, diff, secrets, mayChange: mayChange(task, types) }
  for (const [index, { item, outcome, ms }] of ended.entries()) {
    const status = as.rescued && outcome.status === 'failed' ? 'rescued' : outcome.status
    const label = secret ? `item ${index + 1} of ${ended.length}` : item?.label
    const place = item?.label === undefined || label === undefined ? step : { ...step, item: { index, label } }
    const one = itemRecord({ ...(secret ? hiddenOutcome(outcome) : outcome), status }, { ...told, place, ms })
    memory.take(one)
    record(one)
  }
  if (task.register === undefined) return
  const result = registered(task, ended)
  const unrun = ended.some(({ outcome }) => outcome.known !== undefined)
  memory.results[task.register] = unrun ? asFarAsKnown(task.register, result, ended) : result
}

// Of a loop no more is known than of the turn of which least is known.
const asFarAsKnown = (variable: string, result: unknown, ended: readonly Ended[]): unknown => {
  const all = ended.map(({ outcome }) => outcome.known)
  const known = (['nothing', 'effect', 'plan'] as const).find(one => all.includes(one))
  return asKnown(variable, { known, result: result as Outcome['result'] })
}

/** An item that is through. */
export interface Ended {
  readonly item?: Item
  readonly outcome: Outcome
  readonly ms: number
}

/**
 * What `register` keeps of a task, with the keys that Ansible's results have: the result itself, or with a loop those of
 * all its turns. A loop without turns, or one that could not be had, has one result of its own.
 */
export function registered(task: Task, ended: readonly Ended[]): unknown {
  const [first] = ended
  if (task.loop === undefined || first?.item === undefined) return first?.outcome.result
  const results = ended.map(({ item, outcome }) => ({ ...outcome.result, ...item?.turn }))
  const some = (key: 'changed' | 'failed') => results.some(result => (result as Record<string, unknown>)[key] === true)
  const allSkipped = ended.every(({ outcome }) => outcome.status === 'skipped')
  const failed = some('failed')
  return {
    results,
    skipped: allSkipped,
    changed: some('changed'),
    ...(failed ? { failed } : {}),
    msg: failed ? 'One or more items failed' : allSkipped ? 'All items skipped' : 'All items completed',
  }
}

export const anyFailed = (ended: readonly Ended[]): boolean => ended.some(({ outcome }) => outcome.status === 'failed')

/** Something of it was not skipped. */
export const anyWorked = (ended: readonly Ended[]): boolean => ended.some(({ outcome }) => outcome.status !== 'skipped')

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

/** `ansible_failed_task` and `ansible_failed_result`: for the rescue, which wants to know why it runs. */
export function noteFailure(
  task: Task,
  as: { readonly name: string; readonly result: unknown },
  memory: HostState,
): void {
  const { type, params, inherited, register, role } = task
  memory.results['ansible_failed_task'] = {
    name: task.named ? as.name : '',
    action: type,
    args: params,
    tags: inherited.tags,
    register: register ?? null,
    ...(role === undefined ? {} : { role: role.name }),
  }
  memory.results['ansible_failed_result'] = as.result ?? { failed: true, changed: false, msg: '' }
}
