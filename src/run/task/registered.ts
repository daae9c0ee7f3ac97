import type { Task } from '../../model/playbook.ts'
import type { Item } from '../resolve/item.ts'
import type { Outcome } from './outcome.ts'

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
