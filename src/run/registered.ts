import type { Task } from '../model/playbook.ts'
import type { Item } from './item.ts'
import type { Outcome } from './outcome.ts'

/** An item that is through. */
export interface Ended {
  readonly item?: Item
  readonly outcome: Outcome
  readonly ms: number
}

/** What `register` keeps of a task: its result, or with a loop those of all its items. */
export function registered(task: Task, ended: readonly Ended[]): unknown {
  const results = ended.map(({ item, outcome }) => ({
    ...outcome.result,
    ...(item?.value === undefined ? {} : { item: item.value }),
  }))
  if (task.loop === undefined) return results[0]
  const some = (key: 'changed' | 'failed') => results.some(result => (result as Record<string, unknown>)[key] === true)
  return {
    results,
    changed: some('changed'),
    failed: some('failed'),
    skipped: ended.every(({ outcome }) => outcome.status === 'skipped'),
  }
}

export const anyFailed = (ended: readonly Ended[]): boolean => ended.some(({ outcome }) => outcome.status === 'failed')
