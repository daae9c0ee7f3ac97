import type { Change, Deed } from '../../model/change.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Resource } from '../../model/resource.ts'
import type { Plan } from '../../model/task-type.ts'
import { type FramePart, NOT_RUN } from '../../shell/frame.ts'
import { type Output, type RunOptions, type Shell, Unreachable } from '../../shell/shell.ts'
import { lines, type Script } from '../../text/sh.ts'
import { LookFailed, type Probe, type Probes } from '../frame/probes.ts'
import { called, planOf, resultsOf, wrongAfter } from '../frame/type-code.ts'
import { asOutcome } from './as-outcome.ts'
import { fullParams, type Item } from './item.ts'
import { failure, notKnown, type Outcome } from './outcome.ts'

export interface Acting {
  /** Opened when there is something to ask or to do: a task that only sets or says something needs none. */
  readonly shell: () => Promise<Shell>
  readonly probes: Probes
  /** In front of every script of the task: its environment. */
  readonly prefix: Script | undefined
  readonly check: boolean
  /** What earlier steps of a dry run would change, and what that would bring. */
  readonly pending: readonly Change[]
  readonly expected: readonly Resource[]
  /** Probes of the steps to come, to ride along. Asked anew each time: answers are thrown away by a change. */
  readonly ahead: () => Promise<readonly Probe[]>
  readonly limits: RunOptions
  /** The connection was lost while the changes were under way. */
  readonly cut?: () => void
  readonly random: (bytes: number) => Uint8Array
}

/** Look, decide, change, look again: one item on one host. The dry run is the same way, stopped after "decide". */
export async function act(item: Item, acting: Acting): Promise<Outcome> {
  const { type } = item
  const { probes, prefix } = acting
  const look = async (patient: boolean): Promise<JsonObject> => {
    if (type.probe === undefined) return {}
    const shell = await acting.shell()
    const probe = probes.make(type, item.lazy, { shell, patient, prefix })
    if (probe === undefined) return {}
    if (!probes.answered(probe)) {
      // Who waits for the world has the frame to itself: what others would see meanwhile is old by then.
      const ahead = patient ? [] : await acting.ahead()
      await probes.ask(shell, [], { probes: [probe, ...ahead], limits: acting.limits })
    }
    return probes.state(probe) ?? {}
  }

  const first = await look(false)
  const params = await fullParams(item)
  const { check, expected, random } = acting
  const decide = (state: JsonObject): Plan =>
    inEnvironment(planOf(type, params, { state, context: { check, expected, random } }), prefix)
  let state = first
  let plan = decide(state)
  const postponed =
    acting.pending.length === 0 || plan.changes.length > 0
      ? undefined
      : called(type, 'plan', () => type.later?.(params))
  if (postponed !== undefined) return notKnown(postponed)
  // The quick look may have come too early (a port that is not open yet): a step that waits gets its whole time now.
  if (plan.problem !== undefined && acting.pending.length === 0 && type.probe !== undefined) {
    // Who waits, waits for the world to change: what was seen before is old by then.
    probes.forget()
    state = await look(true)
    plan = decide(state)
  }
  if (plan.problem !== undefined) return failure(plan.problem, { at: item.task.at, result: { ...plan.result } })

  const facts = plan.facts
  const settled = {
    changes: plan.changes,
    message: plan.message,
    result: {
      changed: plan.changes.length > 0,
      failed: false,
      ...(facts === undefined ? {} : { ansible_facts: facts['ansible_facts'] ?? facts }),
      ...(plan.message === undefined ? {} : { msg: plan.message }),
      ...plan.result,
    },
  }
  const later = acting.pending.length === 0 ? undefined : unlooked(type, plan)
  if (later !== undefined) return notKnown(later)
  if (plan.changes.length === 0) {
    const result = { ...settled.result, ...resultsOf(type, params, state) }
    return { ...settled, status: 'ok', made: 0, result }
  }
  const says = type.nature === 'opaque' || type.answer !== undefined
  if (acting.check) return { ...settled, status: 'changed', made: 0, known: says ? 'effect' : 'plan' }

  // One round trip: the changes, this task's probe again, and the probes of what is to come.
  const shell = await acting.shell()
  probes.forget()
  const again = type.nature === 'opaque' ? undefined : probes.make(type, item.lazy, { shell, patient: false, prefix })
  const parts: FramePart[] = plan.changes.map(change => ({
    script: type.answer === undefined ? change.sh : probes.reporting(change.sh),
    payload: change.payload,
    chained: true,
    ...(type.nature === 'opaque' ? { command: true } : {}),
  }))
  const ahead = await acting.ahead()
  const riding = { probes: again === undefined ? ahead : [again, ...ahead], limits: acting.limits }
  const outputs = await probes.ask(shell, parts, riding).catch((error: unknown) => {
    if (error instanceof Unreachable) acting.cut?.()
    throw error
  })
  const done = (): Outcome =>
    judge({
      item,
      settled,
      plan,
      outputs,
      params,
      before: state,
      after: again === undefined ? undefined : lookedAgain(probes, again),
      answer:
        type.answer === undefined
          ? undefined
          : called(type, 'answer', () => type.answer?.(params, probes.reported(outputs, type))),
      decide,
    })
  try {
    return done()
  } catch (error) {
    // What was done is done, also where it cannot be read what came of it: its handlers are due.
    const outcome = asOutcome(error, { ...item.task, lazy: item.lazy })
    const made = madeBy(outputs)
    return { ...outcome, changes: plan.changes, made, result: { ...outcome.result, changed: made > 0 } }
  }
}

const madeBy = (outputs: readonly Output[]): number => outputs.filter(output => output.code !== NOT_RUN).length

/** All scripts of a plan, those that take it back too, with the task's environment. */
const inEnvironment = (plan: Plan, prefix: Script | undefined): Plan => {
  if (prefix === undefined) return plan
  const deed = (one: Deed): Deed => ({ ...one, sh: lines(prefix, one.sh) })
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

interface Judged {
  readonly item: Item
  readonly settled: Pick<Outcome, 'changes' | 'message' | 'result'>
  readonly plan: Plan
  readonly outputs: readonly Output[]
  readonly params: JsonObject
  readonly before: JsonObject
  /** Nothing where nobody looks; a text: why the look failed. */
  readonly after: JsonObject | string | undefined
  /** What a change that asked was told. */
  readonly answer: Omit<Plan, 'changes'> | undefined
  readonly decide: (state: JsonObject) => Plan
}

const judge = ({ item, settled: planned, plan, outputs, params, before, after, answer, decide }: Judged): Outcome => {
  const { type } = item
  const text = (pick: (output: Output) => Uint8Array) =>
    outputs.map(output => Buffer.from(pick(output)).toString('utf8')).join('')
  const more = outputs.reduce((sum, { dropped = 0 }) => sum + dropped, 0)
  const cut = `${more} bytes of its output were not kept: there was too much of it`
  const settled = more === 0 ? planned : { ...planned, message: cut }
  const stdout = text(output => output.stdout)
  const stderr = text(output => output.stderr)
  const bad = outputs.findIndex(output => output.code !== 0)
  const rc = outputs[bad < 0 ? outputs.length - 1 : bad]?.code ?? 0
  const made = madeBy(outputs)
  // As in Ansible, a register keeps no newline at the end: `r.stdout == "x"` is what people write.
  const said = { stdout: withoutLastNewlines(stdout), stderr: withoutLastNewlines(stderr) }
  const asLines = { stdout_lines: linesOf(said.stdout), stderr_lines: linesOf(said.stderr) }
  const result = { ...settled.result, rc, ...said, ...asLines }
  const shown = { changes: settled.changes, made, stdout, stderr, result, at: item.task.at }
  const change = plan.changes[bad]
  if (change !== undefined) {
    const told = `${why(type, change, rc)}${since({ plan, after, decide })}`
    return failure(told, { ...shown, result: { ...result, failed: true } })
  }
  if (answer !== undefined) return judgeAnswer(item, { changes: settled.changes, made, result: settled.result }, answer)
  if (after === undefined) return { ...settled, ...shown, status: 'changed' }
  if (typeof after === 'string')
    return failure(`the change was made, but whether it took is not known: ${after}`, {
      ...shown,
      result: { ...result, failed: true },
    })
  const wrong = type.verify === undefined ? leftOver(decide(after)) : wrongAfter(type, params, { before, after })
  if (wrong !== undefined)
    return failure(`the change did not take: ${wrong}`, { ...shown, result: { ...result, failed: true } })
  const seen = { ...shown.result, ...resultsOf(type, params, after) }
  return { ...settled, ...shown, status: 'changed', verified: true, result: seen }
}

/** What a change that failed has brought about all the same, as far as it shows: apt-get installs, and fails afterwards. */
const since = ({ plan, after, decide }: Pick<Judged, 'plan' | 'after' | 'decide'>): string => {
  if (after === undefined || typeof after === 'string') return ''
  const left = quietly(() => decide(after))
  if (left === undefined) return ''
  const whats = left.changes.map(({ what }) => what).join('; ')
  if (left.problem !== undefined || whats === plan.changes.map(({ what }) => what).join('; ')) return ''
  return whats === '' ? '; all the same, nothing is left to do' : `; still to do: ${whats}`
}

// What is said of a host that was left half-way is an addition: a plan that cannot be made of it takes nothing away.
const quietly = <T>(decide: () => T): T | undefined => {
  try {
    return decide()
  } catch {
    return undefined
  }
}

const judgeAnswer = (
  { task }: Item,
  done: Pick<Outcome, 'changes' | 'made' | 'result'>,
  { problem, message, result: told }: Omit<Plan, 'changes'>,
): Outcome => {
  if (problem !== undefined)
    return failure(problem, { changes: done.changes, made: done.made, at: task.at, result: { ...told } })
  const result = { ...done.result, ...(message === undefined ? {} : { msg: message }), ...told }
  return { ...done, status: 'changed', message, result }
}

const lookedAgain = (probes: Probes, probe: Probe): JsonObject | string | undefined => {
  try {
    return probes.state(probe)
  } catch (error) {
    if (error instanceof LookFailed) return error.message
    throw error
  }
}

const leftOver = (plan: Plan): string | undefined =>
  plan.problem ??
  (plan.changes.length === 0 ? undefined : `still to do: ${plan.changes.map(change => change.what).join('; ')}`)

// By hand: a regular expression that wants the end tries again at each newline on its way there.
const withoutLastNewlines = (text: string): string => {
  let end = text.length
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--
  return text.slice(0, end)
}

/** As Python's `splitlines`. */
const linesOf = (text: string): readonly string[] =>
  text === '' ? [] : text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/)

// A command did run; what it was stands beside the message.
const why = ({ nature }: Item['type'], { what }: Change, rc: number): string =>
  nature === 'opaque' ? `exited with code ${rc}` : `could not ${what} (exit code ${rc})`
