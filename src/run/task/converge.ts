import type { Change, ChangeScript } from '../../model/change.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import type { FramePart } from '../../shell/shell.ts'
import { type Output, type ScriptOptions, type Shell, Unreachable } from '../../shell/shell.ts'
import { lines, type Script } from '../../text/sh.ts'
import type { Answer } from '../../values/need.ts'
import { LookFailed, type Probe, type Probes } from '../frame/probes.ts'
import { called, planOf, resultsOf } from '../frame/type-code.ts'
import type { Item } from '../resolve/item.ts'
import { planParams, type Settle } from '../resolve/params.ts'
import { asOutcome } from './as-outcome.ts'
import { failure, notKnown, type Outcome } from './outcome.ts'
import type { Progress } from './record.ts'
import { type Applied, madeBy, type Settled, verify } from './verify.ts'

/** What an item is brought about with, beside its own keywords. */
export interface Converging {
  /** Opened when there is something to ask or to do: a task that only sets or says something needs none. */
  readonly shell: () => Promise<Shell>
  readonly probes: Probes
  readonly check: boolean
  /** What earlier steps of a dry run would change, and what that would bring. */
  readonly pending: readonly Change[]
  readonly expected: readonly Resource[]
  /** Probes of the steps to come, to ride along. Asked anew each time: answers are thrown away by a change. */
  readonly ahead: () => Promise<readonly Probe[]>
  readonly settle: Settle
  readonly limits: ScriptOptions
  /** Told before and after each change, where a journal is kept. */
  readonly progress?: ((progress: Progress) => void) | undefined
  /** The connection was lost while the changes were under way. */
  readonly cut?: () => void
  readonly random: (bytes: number) => Uint8Array
}

/**
 * Look, plan, apply, verify: one item on one host. The dry run is the same way, stopped after the plan. What its params
 * need, and what is not to be had on this host alone, is the answer.
 */
export async function converge(item: Item, by: Converging): Promise<Answer<Outcome>> {
  const { type } = item
  const first = await look(item, by, false)
  if (first.needs !== undefined) return first
  const params = await planParams(item, by.settle)
  if (params.needs !== undefined) return params
  const decide = planner(item, params.value, by)
  let state = first.value
  let plan = decide(state)
  const dry = by.pending.length > 0
  const postponed = dry && plan.changes.length === 0 ? (plan.unknown ?? laterOf(type, params.value)) : undefined
  if (postponed !== undefined) return { value: notKnown(postponed) }
  // The quick look may have come too early (a port that is not open yet): a step that waits gets its whole time now.
  if (plan.problem !== undefined && !dry && type.probe !== undefined) {
    // Who waits, waits for the world to change: what was seen before is old by then.
    by.probes.forget()
    const again = await look(item, by, true)
    if (again.needs !== undefined) return again
    state = again.value
    plan = decide(state)
  }
  if (plan.problem !== undefined)
    return { value: failure(plan.problem, { at: item.task.at, result: { ...plan.result } }) }
  const later = dry ? unlooked(type, plan) : undefined
  if (later !== undefined) return { value: notKnown(later) }
  const settled = settledBy(plan)
  if (plan.changes.length === 0) {
    const result = { ...settled.result, ...resultsOf(type, params.value, state) }
    return { value: { ...settled, status: 'ok', made: 0, result } }
  }
  const asks = type.nature === 'opaque' || type.answer !== undefined
  by.progress?.({ record: 'planned', changes: plan.changes })
  if (by.check) return { value: { ...settled, status: 'changed', made: 0, known: asks ? 'effect' : 'plan' } }
  by.progress?.({ record: 'changing' })
  const { outputs, again } = await apply(item, plan, by)
  by.progress?.({ record: 'changed', made: madeBy(outputs) })
  const outcome = verified({ item, settled, plan, outputs, params: params.value, before: state, decide }, again, by)
  if (outcome.verified === true) by.progress?.({ record: 'verified' })
  return { value: outcome }
}

const laterOf = (type: Item['type'], params: JsonObject): string | undefined =>
  called(type, 'plan', () => type.later?.(params))

/** This task's state, from an answer that is there already or by a round trip that carries the coming tasks' probes. */
async function look(item: Item, by: Converging, patient: boolean): Promise<Answer<JsonObject>> {
  const { type, lazy, keywords } = item
  const { probes } = by
  if (type.probe === undefined) return { value: {} }
  const shell = await by.shell()
  const made = await by.settle(() => probes.make(type, lazy, { shell, patient, prefix: keywords.environment }))
  if (made.needs !== undefined) return made
  const probe = made.value
  if (probe === undefined) return { value: {} }
  if (!probes.answered(probe)) {
    // Who waits for the world has the frame to itself: what others would see meanwhile is old by then.
    const ahead = patient ? [] : await by.ahead()
    await probes.ask(shell, [], { probes: [probe, ...ahead], limits: by.limits })
  }
  return { value: probes.state(probe) ?? {} }
}

const planner =
  ({ type, keywords }: Item, params: JsonObject, { check, expected, random }: Converging) =>
  (state: JsonObject): Plan =>
    inEnvironment(planOf(type, params, { state, context: { check, expected, random } }), keywords.environment)

/** One round trip: the changes, this task's probe again, and the probes of what is to come. */
async function apply(
  { type, lazy, keywords }: Item,
  plan: Plan,
  by: Converging,
): Promise<{ readonly outputs: readonly Output[]; readonly again: Probe | undefined }> {
  const { probes } = by
  const shell = await by.shell()
  probes.forget()
  const prefix = keywords.environment
  const again = type.nature === 'opaque' ? undefined : probes.make(type, lazy, { shell, patient: false, prefix })
  const parts: FramePart[] = plan.changes.map(change => ({
    script: type.answer === undefined ? change.sh : probes.reporting(change.sh),
    payload: change.payload,
    chained: true,
    ...(type.nature === 'opaque' ? { command: true } : {}),
  }))
  const ahead = await by.ahead()
  const riding = { probes: again === undefined ? ahead : [again, ...ahead], limits: by.limits }
  try {
    return { outputs: await probes.ask(shell, parts, riding), again }
  } catch (error) {
    if (error instanceof Unreachable) by.cut?.()
    throw error
  }
}

/** What the changes came to. What was done is done, also where it cannot be read what came of it: its handlers are due. */
function verified(
  applied: Omit<Applied, 'after' | 'answer'>,
  again: Probe | undefined,
  { probes }: Converging,
): Outcome {
  const { item, plan, outputs, params } = applied
  const { type } = item
  try {
    return verify({
      ...applied,
      after: again === undefined ? undefined : lookedAgain(probes, again),
      answer:
        type.answer === undefined
          ? undefined
          : called(type, 'answer', () => type.answer?.(params, probes.reported(outputs, type))),
    })
  } catch (error) {
    const outcome = asOutcome(error, { ...item.task, locate: item.on.places(item.task.source), lazy: item.lazy })
    const made = madeBy(outputs)
    return { ...outcome, changes: plan.changes, made, result: { ...outcome.result, changed: made > 0 } }
  }
}

const lookedAgain = (probes: Probes, probe: Probe): JsonObject | string | undefined => {
  try {
    return probes.state(probe)
  } catch (error) {
    if (error instanceof LookFailed) return error.message
    throw error
  }
}

const settledBy = ({ changes, message, facts, result }: Plan): Settled => ({
  changes,
  message,
  result: {
    changed: changes.length > 0,
    failed: false,
    ...(facts === undefined ? {} : { ansible_facts: facts['ansible_facts'] ?? facts }),
    ...(message === undefined ? {} : { msg: message }),
    ...result,
  },
})

/** All scripts of a plan, those that take it back too, with the task's environment. */
const inEnvironment = (plan: Plan, prefix: Script | undefined): Plan => {
  if (prefix === undefined) return plan
  const deed = (one: ChangeScript): ChangeScript => ({ ...one, sh: lines(prefix, one.sh) })
  const changes = plan.changes.map(change => ({
    ...change,
    sh: lines(prefix, change.sh),
    ...(change.undo === undefined ? {} : { undo: deed(change.undo) }),
    ...(change.afterUndo === undefined ? {} : { afterUndo: deed(change.afterUndo) }),
  }))
  return { ...plan, changes }
}

// What is seen before the changes that earlier steps of a dry run would make says nothing of what is so after them.
const unlooked = (type: Item['type'], plan: Plan): string | undefined => {
  if (type.nature === 'message') return `would say: ${plan.message ?? ''}`
  const looks = type.nature === 'query' || type.answer !== undefined
  if (!looks || plan.facts !== undefined || plan.changes.length > 0) return undefined
  return plan.message ?? 'checked once these changes are made'
}
