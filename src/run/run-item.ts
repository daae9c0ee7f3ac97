import type { JsonObject } from '../model/json.ts'
import { BecomeFailed } from '../shell/shell.ts'
import { act } from './act.ts'
import type { AtWork } from './at-work.ts'
import { Interrupted } from './ends.ts'
import { flagQuietly } from './flag-quietly.ts'
import { environmentOf, type Item } from './item.ts'
import { failure, type Outcome, skipped } from './outcome.ts'
import { pause } from './pause.ts'
import { flag, holds, renderDeep } from './render.ts'
import { noteSecrets } from './secrets.ts'
import { wishOf } from './shell-wish.ts'
import { judged, scopeAfter, thrown } from './verdicts.ts'

/** One item: `when`, tries, the verdicts of failed_when and changed_when, ignore_errors. */
export async function runItem(item: Item, work: AtWork): Promise<Outcome> {
  const { task, scope, template } = item
  try {
    if (!(await work.facts.with(() => holds(task.inherited.when, scope, template)))) return skipped
    const final = await tried(item, work)
    const ignore = final.status === 'failed' && flag(task.inherited.ignore_errors, scope, template)
    return ignore ? { ...final, status: 'ignored' } : final
  } catch (error) {
    const outcome = thrown(error, work)
    if (outcome.status === 'skipped') return outcome
    return flagQuietly(task.inherited.ignore_errors, item) ? { ...outcome, status: 'ignored' } : outcome
  }
}

/** Tries once, or as `until` and `retries` say. */
async function tried(item: Item, work: AtWork): Promise<Outcome> {
  const { task, scope, template } = item
  const { signal } = work.context
  const once = task.until === undefined && task.retries === undefined
  const retries = once ? 0 : Number(renderDeep(task.retries ?? 3, scope, template))
  for (let attempt = 0; ; attempt++) {
    const outcome = judged(item, await attempted(item, work), work)
    const satisfied =
      task.until === undefined
        ? outcome.status !== 'failed'
        : holds(task.until, scopeAfter(item, outcome, work), template)
    if (satisfied) return outcome
    if (attempt >= retries) return outcome.status === 'failed' ? outcome : gaveUp(outcome, attempt + 1)
    work.probes.forget()
    await pause(Number(renderDeep(task.delay ?? 5, scope, template)) * 1000, signal)
    if (signal.aborted) throw new Interrupted()
  }
}

const gaveUp = (outcome: Outcome, attempts: number): Outcome => ({
  ...outcome,
  ...failure(`gave up after ${attempts} attempts`, { ...outcome, result: { ...outcome.result, failed: true } }),
})

/** One try: look, decide, change, look again; what it found or set is remembered. */
async function attempted(item: Item, work: AtWork): Promise<Outcome> {
  const { context, probes, facts, pending, undoable } = work
  const { task, type, scope, template } = item
  const { check_mode, timeout } = task.inherited
  try {
    await facts.with(() => noteSecrets(item, context.secrets))
    const check = check_mode === undefined ? context.check : flag(check_mode, scope, template)
    const shell = await context.openShell(wishOf(task, scope, context))
    const limit = timeout === undefined ? 0 : Number(renderDeep(timeout, scope, template)) * 1000
    const outcome = await facts.with(async () =>
      act(item, {
        shell,
        probes,
        prefix: environmentOf(item),
        check,
        pending: context.check ? pending : [],
        ahead: () => work.ahead.probes(),
        random: context.random,
        limits: { timeout: limit === 0 ? undefined : limit, signal: context.hardSignal },
      }),
    )
    remember(type.name, outcome, work)
    if (check) pending.push(...outcome.changes)
    else undoable.add(outcome, shell)
    return outcome
  } catch (error) {
    if (error instanceof BecomeFailed) return failure(error.message, { at: task.at })
    throw error
  }
}

function remember(type: string, outcome: Outcome, { context: { memory } }: AtWork): void {
  const facts = outcome.result['ansible_facts'] as JsonObject | undefined
  if (facts === undefined) return
  if (type === 'facts') memory.facts = { ...memory.facts, ...facts }
  else Object.assign(memory.results, facts)
}
