import type { Learnt } from '../../model/coordinator.ts'
import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import { providedBy } from '../../model/resource.ts'
import { Cancelled, Interrupted } from '../../shell/interrupted.ts'
import { BecomeFailed, Unreachable } from '../../shell/shell.ts'
import { type Answer, needIn } from '../../values/need.ts'
import { isExpected, quietly } from '../../values/quietly.ts'
import { holds } from '../../values/render.ts'
import { forget } from '../../values/unknown-result.ts'
import { current } from '../frame/look-ahead.ts'
import { called } from '../frame/type-code.ts'
import type { HostTask, Item } from '../resolve/item.ts'
import { noteSecrets } from '../resolve/params.ts'
import type { HostState } from '../state/host-state.ts'
import { converge } from './converge.ts'
import type { HostPlay } from './host-play.ts'
import { failure, type Outcome, skipped, skippedFor } from './outcome.ts'
import { pause } from './pause.ts'
import { type Ended, itemPlace, progressOf, unnamed } from './record.ts'
import { timed } from './timed.ts'
import { judged, scopeAfter, thrown } from './verdicts.ts'

/**
 * All items of a task on one host, one after the other; each notifies for itself. A failed item does not end the loop.
 * `ended` has those that are through, also when a later one throws.
 */
export async function runItems(host: HostTask, work: HostPlay, ended: Ended[] = []): Promise<readonly Ended[]> {
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
async function owing(item: Item, work: HostPlay): Promise<Outcome> {
  try {
    return await runItem(item, work)
  } catch (error) {
    if (error instanceof Cancelled && error.changing && error.how !== 'not begun' && !work.context.check)
      work.notified.add(item)
    throw error
  }
}

/** `loop_control.break_when`: whether this turn is the loop's last. Where that cannot be told the turn has failed. */
async function lastTurn(item: Item, outcome: Outcome, work: HostPlay): Promise<boolean | Outcome> {
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
async function between({ keywords }: Item, work: HostPlay): Promise<void> {
  const seconds = await work.facts.meet(() => keywords.pause)
  if (seconds > 0) await pause(seconds * 1000, work.context.signal)
}

// What a `set_fact` would have set is not known, whatever it was before.
function forgetFacts({ task, type }: Item, { context }: HostPlay): void {
  if (type.defines === 'variables') for (const name of Object.keys(task.params)) forget(context.memory.results, name)
}

// Also where the task failed, or was ignored, after it had changed something: else its handlers would never run, as the
// next run finds nothing to change.
function notifying(item: Item, outcome: Outcome, work: HostPlay): Outcome {
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

/** One item: resolved, tried as often as `until` and `retries` say, judged by failed_when, changed_when and ignore_errors. */
export async function runItem(item: Item, work: HostPlay): Promise<Outcome> {
  const { facts } = work
  try {
    const skipped = await facts.meet(() => resolve(item, work))
    if (skipped !== undefined) return skipped
    for (let attempt = 1; ; attempt++) {
      const tried = await tryOnce(item, work)
      const { outcome, again } = await facts.meet(() => judge(item, tried, { attempt, work }))
      if (!again) return outcome
      await nextTry(item, outcome, { attempt, work })
    }
  } catch (error) {
    const outcome = thrown(error, item, work)
    return outcome.status === 'failed' && item.keywords.forgives ? { ...outcome, status: 'ignored' } : outcome
  }
}

/** Every keyword that counts before the host is looked at. Gives an outcome where the task is skipped. */
function resolve(item: Item, work: HostPlay): Outcome | undefined {
  const { keywords, type, lazy, scope } = item
  const { unmet } = keywords
  if (unmet !== undefined)
    return skippedFor({ skip_reason: 'Conditional result was False', false_condition: unmet.expression })
  const reason = called(type, 'plan', () => type.skips?.(lazy, Number(scope.get('ansible_verbosity'))))
  if (reason !== undefined) return skippedFor({ skipped_reason: reason })
  checkNotify(item, work)
  noteSecrets(item, work.context.secrets)
  keywords.resolve()
  return undefined
}

// A handler that is not there is told before the change that it was to follow; a name that hangs on the result waits.
function checkNotify(item: Item, { notified }: HostPlay): void {
  if (!item.task.inherited.notify.some(entry => typeof entry === 'string' && entry.includes('{'))) return
  try {
    notified.meant(item)
  } catch (error) {
    const kind = needIn(error)?.kind
    if (
      kind === 'facts' ||
      kind === 'host' ||
      !isExpected(error) ||
      (error instanceof Fault && error.code === 'handler')
    )
      throw error
  }
}

/** One try: look, decide, change, look again; what it found or set is remembered. */
async function tryOnce(item: Item, work: HostPlay): Promise<Outcome> {
  const { context } = work
  const { host } = item.keywords.runAs
  const target = host === undefined ? context.memory : context.other(host).memory
  const away = host !== undefined
  try {
    // Who needs another host's result waits outside: the host that is held here may be that one.
    return await work.facts.waiting(() => target.alone(away, () => onTarget(item, { target, away, work })))
  } catch (error) {
    // What is dead is not used again, should the host be let go on.
    if (error instanceof Unreachable) await target.close()
    // Who stopped the run was asked for a password and gave none.
    if (error instanceof BecomeFailed && context.signal.aborted) throw new Interrupted()
    if (error instanceof BecomeFailed) return failure(error.message, { at: item.task.at })
    throw error
  }
}

async function onTarget(
  item: Item,
  { target, away, work }: { readonly target: HostState; readonly away: boolean; readonly work: HostPlay },
): Promise<Answer<Outcome>> {
  const { context, probes, pending, expected, undoable } = work
  const { type, keywords } = item
  const { check, timeout, runAs } = keywords
  if (!away) probes.since(target.touched)
  const shell = () => context.openShell(runAs)
  if (away && type.probe !== undefined) probes.forgetOf(await shell())
  const began = context.now()
  const came = await converge(item, {
    shell,
    probes,
    check,
    pending: context.check ? pending : [],
    expected: context.check ? expected : [],
    ahead: async () => (away ? [] : await work.ahead.probes()),
    settle: read => work.facts.settle(read),
    random: context.random,
    progress: progressOf(item, context),
    cut: () => expectHandlers(item, work),
    limits: { timeout, signal: context.hardSignal, begin: context.signal },
  })
  if (came.needs !== undefined) return came
  const { made } = came.value
  const outcome = type.nature === 'opaque' && made > 0 ? timed(came.value, began, context.now()) : came.value
  for (const one of learnt(item, outcome)) keep(one, work)
  if (check) {
    pending.push(...outcome.changes)
    expected.push(...outcome.changes.flatMap(providedBy))
  } else if (made > 0) undoable.add(keywords.secret ? unnamed(outcome) : outcome, await shell(), item)
  if (away && made > 0) target.touched++
  return { value: outcome }
}

// Nobody knows whether the change was made: if it was, the next run finds nothing to change, and the handler is due now.
function expectHandlers(item: Item, { notified }: HostPlay): void {
  quietly(() => notified.add(item), undefined)
}

interface Trying {
  readonly attempt: number
  readonly work: HostPlay
}

/** What a try came to, and whether another one follows. */
function judge(item: Item, tried: Outcome, { attempt, work }: Trying): { outcome: Outcome; again: boolean } {
  const { retries } = item.keywords
  const outcome = judged(item, retries === undefined ? tried : counted(tried, attempt), work)
  const through = isThrough(item, outcome, work)
  if (!through && retries !== undefined && attempt <= retries) return { outcome, again: true }
  // As in Ansible, a result that was given up counts the repetitions, and not the first try.
  const last = through || retries === undefined ? outcome : gaveUp(counted(outcome, retries), attempt)
  const ignored = last.status === 'failed' && item.keywords.ignoresErrors
  return { outcome: ignored ? { ...last, status: 'ignored' } : last, again: false }
}

function isThrough(item: Item, outcome: Outcome, work: HostPlay): boolean {
  const { until } = item.task
  // A dry run does not wait for what it has not done.
  if (outcome.known !== undefined) return true
  if (until === undefined) return outcome.status !== 'failed'
  return holds(until, scopeAfter(item, outcome, work), item.template)
}

async function nextTry(item: Item, outcome: Outcome, { attempt, work }: Trying): Promise<void> {
  const { facts, probes, context } = work
  probes.forget()
  const delay = await facts.meet(() => item.keywords.delay)
  const { secret, retries = 0 } = item.keywords
  const message = outcome.message === undefined || secret ? {} : { message: outcome.message }
  const { item: turn, ...place } = itemPlace(item, context)
  const shown = turn === undefined || secret ? place : { ...place, item: turn }
  context.record({ record: 'retry', place: shown, attempt, attempts: retries + 1, delay, ...message })
  await pause(delay * 1000, context.signal)
  if (context.signal.aborted) throw new Interrupted()
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

/** What a task found or set: this host's, or with `delegate_facts` of the host that it acted on. */
export function learnt({ task, type, keywords }: Item, outcome: Outcome): readonly Learnt[] {
  const values = outcome.result['ansible_facts'] as JsonObject | undefined
  if (values === undefined) return []
  const away = typeof task.inherited.delegate_to === 'string' && keywords.delegatesFacts
  const { host } = away ? keywords.runAs : {}
  return [{ ...(host === undefined ? {} : { host }), kind: type.defines === 'facts' ? 'facts' : 'variables', values }]
}

export function keep({ host, kind, values }: Learnt, { context }: HostPlay): void {
  const memory = host === undefined ? context.memory : context.other(host).memory
  if (kind === 'facts') memory.facts = { ...memory.facts, ...values }
  else Object.assign(memory.results, values)
}
