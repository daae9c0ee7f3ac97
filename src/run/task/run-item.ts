import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import { providedBy } from '../../model/resource.ts'
import { Interrupted } from '../../shell/interrupted.ts'
import { BecomeFailed, Unreachable } from '../../shell/shell.ts'
import { amountOf } from '../../values/amount.ts'
import { needIn } from '../../values/need.ts'
import { firstFalse, flag, holds, renderDeep } from '../../values/render.ts'
import type { AtWork } from '../at-work.ts'
import { called } from '../frame/type-code.ts'
import { wishOf } from '../session/run-as.ts'
import { act } from './act.ts'
import { forgiven } from './forgiven.ts'
import { environmentOf, type Item } from './item.ts'
import { failure, type Outcome, skippedFor } from './outcome.ts'
import { pause } from './pause.ts'
import { noteSecrets } from './secrets.ts'
import { unnamed } from './task-event.ts'
import { tellRetry } from './tell-retry.ts'
import { isSecret } from './tell-task.ts'
import { timed } from './timed.ts'
import { judged, scopeAfter, thrown } from './verdicts.ts'

/** One item: `when`, tries, the verdicts of failed_when and changed_when, ignore_errors. */
export async function runItem(item: Item, work: AtWork): Promise<Outcome> {
  const { task, scope, template } = item
  try {
    const no = await work.facts.with(() => firstFalse(task.inherited.when, scope, template))
    if (no !== undefined)
      return skippedFor({ skip_reason: 'Conditional result was False', false_condition: no.expression })
    const reason = await work.facts.with(() =>
      called(item.type, 'plan', () => item.type.skips?.(item.lazy, Number(scope.get('ansible_verbosity')))),
    )
    if (reason !== undefined) return skippedFor({ skipped_reason: reason })
    await work.facts.with(() => checkNotify(item, work))
    const final = await tried(item, work)
    const { ignore_errors } = task.inherited
    const ignore = final.status === 'failed' && (await work.facts.with(() => flag(ignore_errors, scope, template)))
    return ignore ? { ...final, status: 'ignored' } : final
  } catch (error) {
    return forgiven(thrown(error, item, work), item)
  }
}

// Nobody knows whether the change was made: if it was, the next run finds nothing to change, and the handler is due now.
function owe(item: Item, { notified }: AtWork): void {
  try {
    notified.add(item)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}

// A handler that is not there is told before the change that it was to follow; a name that hangs on the result waits.
function checkNotify(item: Item, { notified }: AtWork): void {
  if (!item.task.inherited.notify.some(entry => typeof entry === 'string' && entry.includes('{'))) return
  try {
    notified.meant(item)
  } catch (error) {
    const need = needIn(error)
    if ((need !== undefined && need.kind !== 'result') || (error instanceof Fault && error.code === 'handler'))
      throw error
  }
}

/** Tries once, or as `until` and `retries` say; where `until` never holds the item has failed. */
async function tried(item: Item, work: AtWork): Promise<Outcome> {
  const { task, scope, template } = item
  const { signal } = work.context
  const once = task.until === undefined && task.retries === undefined
  const number = (name: 'retries' | 'delay', otherwise: number) =>
    work.facts.with(() => amountOf({ name, value: task[name], at: task.at, otherwise }, scope, template))
  const retries = once ? 0 : await number('retries', 3)
  for (let attempt = 1; ; attempt++) {
    const first = await attempted(item, work)
    const outcome = await work.facts.with(() => judged(item, once ? first : counted(first, attempt), work))
    if (await satisfied(item, outcome, work)) return outcome
    // As in Ansible, a result that was given up counts the repetitions, and not the first try.
    if (attempt > retries) return once ? outcome : gaveUp(counted(outcome, retries), attempt)
    work.probes.forget()
    const delay = await number('delay', 5)
    tellRetry(item, outcome, { attempt, attempts: retries + 1, delay, context: work.context })
    await pause(delay * 1000, signal)
    if (signal.aborted) throw new Interrupted()
  }
}

async function satisfied(item: Item, outcome: Outcome, work: AtWork): Promise<boolean> {
  const { until } = item.task
  // A dry run does not wait for what it has not done.
  if (outcome.known !== undefined) return true
  if (until === undefined) return outcome.status !== 'failed'
  return await work.facts.with(() => holds(until, scopeAfter(item, outcome, work), item.template))
}

const counted = (outcome: Outcome, attempts: number): Outcome => ({
  ...outcome,
  result: { ...outcome.result, attempts },
})

const gaveUp = (outcome: Outcome, tries: number): Outcome => ({
  ...outcome,
  status: 'failed',
  message: `${outcome.status === 'failed' && outcome.message !== undefined ? outcome.message : 'until does not hold'} after ${tries === 1 ? 'one try' : `${tries} tries`}`,
  result: { ...outcome.result, failed: true },
})

/** One try: look, decide, change, look again; what it found or set is remembered. */
async function attempted(item: Item, work: AtWork): Promise<Outcome> {
  const { context, probes, facts, pending, expected, undoable } = work
  const { task, type, scope, template } = item
  const { check_mode, timeout } = task.inherited
  if ((type.secrets ?? []).length > 0) await facts.with(() => noteSecrets(item, context.secrets))
  const wish = await facts.with(() => wishOf(task, scope, context))
  const check = check_mode === undefined ? context.check : await facts.with(() => flag(check_mode, scope, template))
  const limited = { name: 'timeout', value: timeout, at: task.at, otherwise: 0 }
  const limit = (await facts.with(() => amountOf(limited, scope, template))) * 1000
  const away = wish.host !== undefined
  const target = wish.host === undefined ? context.memory : context.other(wish.host).memory
  try {
    // Who needs another host's result waits outside: the host that is held here may be that one.
    return await facts.awaiting(() =>
      target.alone(away, async () => {
        if (!away) probes.since(target.touched)
        const shell = () => context.openShell(wish)
        if (away && type.probe !== undefined) probes.forgetOf(await shell())
        const began = context.now()
        const asked = await facts.alone(async () =>
          act(item, {
            shell,
            probes,
            prefix: environmentOf(item),
            check,
            pending: context.check ? pending : [],
            expected: context.check ? expected : [],
            ahead: async () => (away ? [] : await work.ahead.probes()),
            random: context.random,
            cut: () => owe(item, work),
            limits: { timeout: limit === 0 ? undefined : limit, signal: context.hardSignal, begin: context.signal },
          }),
        )
        const outcome = type.nature === 'opaque' && asked.made > 0 ? timed(asked, began, context.now()) : asked
        remember(item, outcome, work)
        if (check) {
          pending.push(...outcome.changes)
          expected.push(...outcome.changes.flatMap(providedBy))
        } else if (outcome.made > 0)
          undoable.add(isSecret(task, context) ? unnamed(outcome) : outcome, await shell(), item)
        if (away && outcome.made > 0) target.touched++
        return outcome
      }),
    )
  } catch (error) {
    // What is dead is not used again, should the host be let go on.
    if (error instanceof Unreachable) await target.close()
    // Who stopped the run was asked for a password and gave none.
    if (error instanceof BecomeFailed && context.signal.aborted) throw new Interrupted()
    if (error instanceof BecomeFailed) return failure(error.message, { at: task.at })
    throw error
  }
}

/** Facts and `set_fact` are this host's, or with `delegate_facts` those of the host it acted on. */
export function remember({ task, type, scope, template }: Item, outcome: Outcome, { context }: AtWork): void {
  const facts = outcome.result['ansible_facts'] as JsonObject | undefined
  if (facts === undefined) return
  const { delegate_to, delegate_facts } = task.inherited
  const away = typeof delegate_to === 'string' && flag(delegate_facts, scope, template)
  const memory = away ? context.other(String(renderDeep(delegate_to, scope, template))).memory : context.memory
  if (type.defines === 'facts') memory.facts = { ...memory.facts, ...facts }
  else Object.assign(memory.results, facts)
}
