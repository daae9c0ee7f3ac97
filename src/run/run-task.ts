import type { Task } from '../model/playbook.ts'
import { FactsNeeded } from '../schedule/scope.ts'
import { selected } from '../schedule/tags.ts'
import type { AtWork } from './at-work.ts'
import { HostFailed, Interrupted } from './ends.ts'
import { flagQuietly } from './flag-quietly.ts'
import type { HostContext } from './host-context.ts'
import { type Item, itemsOf } from './item.ts'
import { skipped } from './outcome.ts'
import { type Ended, registered } from './registered.ts'
import { renderDeep } from './render.ts'
import { runItem } from './run-item.ts'
import { sourceOf, typeOf } from './source-of.ts'
import { hidden, taskEvent } from './task-event.ts'
import { thrown } from './verdicts.ts'

/** One task on one host: chosen by tags, told, its items run in turn. Throws `HostFailed`. */
export async function runTask(task: Task, work: AtWork, handler = false): Promise<void> {
  const { context } = work
  const type = typeOf(task, context)
  work.ahead.begun(task)
  if (!handler && !selected(task.inherited.tags, context.tags, context.skipTags)) return
  const name = nameOf(task, context)
  if (!handler && !started(task, name, context)) return
  if (context.step !== undefined && !(await context.step(name))) return
  const { play, memory, emit } = context
  emit({
    event: 'start',
    play: play.name,
    host: memory.host.name,
    task: name,
    type: task.type,
    ...(handler ? { handler } : {}),
  })
  const ended = await runItems(task, work)
  finish(task, ended, { name, handler, context })
  if (!ended.some(({ outcome }) => outcome.status === 'failed')) return
  if (type.guards === true) await putBack(name, work)
  throw new HostFailed()
}

async function runItems(task: Task, work: AtWork): Promise<readonly Ended[]> {
  const { context } = work
  const began = context.now().getTime()
  let items: readonly Item[] | 'skipped'
  try {
    items = await work.facts.with(() => itemsOf(sourceOf(task, typeOf(task, context), context)))
  } catch (error) {
    return [{ outcome: thrown(error, work), ms: context.now().getTime() - began }]
  }
  if (items === 'skipped' || items.length === 0) return [{ outcome: skipped, ms: 0 }]
  const ended: Ended[] = []
  for (const item of items) {
    if (context.signal.aborted && ended.length > 0) throw new Interrupted()
    const start = context.now().getTime()
    const outcome = await runItem(item, work)
    ended.push({ item, outcome, ms: context.now().getTime() - start })
    if (outcome.status === 'changed') work.notified.add(item)
  }
  return ended
}

/** Emits, counts and registers what became of a task's items. */
function finish(
  task: Task,
  ended: readonly Ended[],
  as: { readonly name: string; readonly handler: boolean; readonly context: HostContext },
): void {
  const { context } = as
  const { memory, emit, template } = context
  const secret = flagQuietly(task.inherited.no_log, { scope: context.scopeOf(task, {}), template })
  for (const { item, outcome, ms } of ended) {
    memory.counts[outcome.status]++
    if (outcome.verified === true) memory.verified++
    const told = {
      name: as.name,
      type: task.type,
      handler: as.handler,
      label: item?.label,
      at: outcome.at ?? task.at,
      ms,
    }
    emit(taskEvent(told, secret ? hidden(outcome) : outcome, context))
  }
  if (task.register !== undefined) memory.results[task.register] = registered(task, ended)
}

/** A guard said no: the play's reversible changes are taken back, and no handler runs on account of them. */
async function putBack(because: string, work: AtWork): Promise<void> {
  const { play, memory, emit, check } = work.context
  if (check || work.undoable.empty) return
  const { undone, kept } = await work.undoable.takeBack()
  work.probes.forget()
  work.notified.clear()
  emit({ event: 'rollback', play: play.name, host: memory.host.name, undone, kept, because })
}

function started(task: Task, name: string, { startAt }: HostContext): boolean {
  if (startAt === undefined || startAt.reached) return true
  startAt.reached = startAt.name === name || startAt.name === task.name
  return startAt.reached
}

function nameOf(task: Task, context: HostContext): string {
  if (!task.name.includes('{')) return task.name
  try {
    return String(renderDeep(task.name, context.scopeOf(task, {}), context.template))
  } catch (error) {
    if (error instanceof FactsNeeded) throw error
    return task.name
  }
}
