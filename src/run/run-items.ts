import type { Task } from '../model/playbook.ts'
import type { AtWork } from './at-work.ts'
import { Interrupted } from './ends.ts'
import { type Item, itemsOf } from './item.ts'
import { type Outcome, skipped } from './outcome.ts'
import type { Ended } from './registered.ts'
import { runItem } from './run-item.ts'
import { sourceOf, typeOf } from './source-of.ts'
import { thrown } from './verdicts.ts'

/** All items of a task on one host, one after the other; each notifies for itself. A failed item does not end the loop. */
export async function runItems(task: Task, work: AtWork): Promise<readonly Ended[]> {
  const { context } = work
  const now = () => context.now().getTime()
  const began = now()
  let items: readonly Item[] | 'skipped'
  try {
    items = await work.facts.with(() => itemsOf(sourceOf(task, typeOf(task, context), context)))
  } catch (error) {
    const { template } = context
    return [{ outcome: thrown(error, { task, template, scope: context.scopeOf(task, {}) }, work), ms: now() - began }]
  }
  if (items === 'skipped' || items.length === 0) return [{ outcome: skipped, ms: 0 }]
  const ended: Ended[] = []
  for (const item of items) {
    if (context.signal.aborted && ended.length > 0) throw new Interrupted()
    const start = now()
    const outcome = await runItem(item, work)
    ended.push({ item, outcome: notifying(item, outcome, work), ms: now() - start })
  }
  return ended
}

// Also where the task failed, or was ignored, after it had changed something: else its handlers would never run, as the
// next run finds nothing to change.
function notifying(item: Item, outcome: Outcome, work: AtWork): Outcome {
  const did =
    outcome.status === 'changed' || (outcome.made > 0 && (outcome.status === 'failed' || outcome.status === 'ignored'))
  if (!did) return outcome
  try {
    work.notified.add(item)
    return outcome
  } catch (error) {
    return { ...outcome, ...thrown(error, item, work), changes: outcome.changes, made: outcome.made }
  }
}
