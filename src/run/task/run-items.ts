import { Cancelled, Interrupted } from '../../shell/interrupted.ts'
import { holds } from '../../values/render.ts'
import { forget } from '../../values/unknown-result.ts'
import { current } from '../frame/look-ahead.ts'
import type { HostTask, Item } from '../resolve/item.ts'
import type { AtWork } from './at-work.ts'
import { type Outcome, skipped, skippedFor } from './outcome.ts'
import { pause } from './pause.ts'
import type { Ended } from './registered.ts'
import { runItem } from './run-item.ts'
import { scopeAfter, thrown } from './verdicts.ts'

/**
 * All items of a task on one host, one after the other; each notifies for itself. A failed item does not end the loop.
 * `ended` has those that are through, also when a later one throws.
 */
export async function runItems(host: HostTask, work: AtWork, ended: Ended[] = []): Promise<readonly Ended[]> {
  const { context, ahead } = work
  const now = () => context.now().getTime()
  const began = now()
  let items: readonly Item[] | 'skipped'
  try {
    items = await work.facts.meet(() => ahead.items(host))
  } catch (error) {
    const outcome = thrown(error, host, work)
    const ignored = outcome.status === 'failed' && host.keywords.forgives
    return [{ outcome: ignored ? { ...outcome, status: 'ignored' } : outcome, ms: now() - began }]
  }
  if (items === 'skipped') return [{ outcome: skipped, ms: 0 }]
  if (items.length === 0)
    return [{ outcome: skippedFor({ skipped_reason: 'No items in the list', results: [] }), ms: 0 }]
  for (const one of items) {
    if (context.signal.aborted && ended.length > 0) throw new Interrupted()
    const item = current(one)
    const start = now()
    const outcome = notifying(item, await owing(item, work), work)
    if (outcome.status === 'unknown') forgetFacts(item, work)
    const over = await lastTurn(item, outcome, work)
    ended.push({ item, outcome: typeof over === 'boolean' ? outcome : over, ms: now() - start })
    if (over === true) break
    if (ended.length < items.length) await between(item, work)
  }
  return ended
}

/** Runs the item; where it was cut off in a change, its handlers are due, as the next run may find nothing to change. */
async function owing(item: Item, work: AtWork): Promise<Outcome> {
  try {
    return await runItem(item, work)
  } catch (error) {
    if (error instanceof Cancelled && error.changing && error.how !== 'not begun' && !work.context.check)
      work.notified.add(item)
    throw error
  }
}

/** `loop_control.break_when`: whether this turn is the loop's last. Where that cannot be told the turn has failed. */
async function lastTurn(item: Item, outcome: Outcome, work: AtWork): Promise<boolean | Outcome> {
  const until = item.task.loop?.breakWhen
  if (until === undefined) return false
  try {
    return await work.facts.meet(() => holds(until, scopeAfter(item, outcome, work), item.template))
  } catch (error) {
    if (outcome.known !== undefined) return false
    return { ...thrown(error, item, work), changes: outcome.changes, made: outcome.made }
  }
}

/** `loop_control.pause`, in seconds, before the next turn. */
async function between({ keywords }: Item, work: AtWork): Promise<void> {
  const seconds = await work.facts.meet(() => keywords.pause)
  if (seconds > 0) await pause(seconds * 1000, work.context.signal)
}

// What a `set_fact` would have set is not known, whatever it was before.
function forgetFacts({ task, type }: Item, { context }: AtWork): void {
  if (type.defines === 'variables') for (const name of Object.keys(task.params)) forget(context.memory.results, name)
}

// Also where the task failed, or was ignored, after it had changed something: else its handlers would never run, as the
// next run finds nothing to change.
function notifying(item: Item, outcome: Outcome, work: AtWork): Outcome {
  const did =
    outcome.status === 'changed' || (outcome.made > 0 && (outcome.status === 'failed' || outcome.status === 'ignored'))
  if (!did) return outcome
  try {
    work.undoable.notified(item, work.notified.add(item))
    return outcome
  } catch (error) {
    return { ...outcome, ...thrown(error, item, work), changes: outcome.changes, made: outcome.made }
  }
}
