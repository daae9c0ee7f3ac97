import type { Change } from '../../model/change.ts'
import type { JsonObject } from '../../model/json.ts'
import type { Plan } from '../../model/task-type.ts'
import { NOT_RUN } from '../../shell/frame.ts'
import type { Output } from '../../shell/shell.ts'
import { isExpected } from '../../values/quietly.ts'
import { resultsOf, TaskTypeError, wrongAfter } from '../frame/type-code.ts'
import type { Item } from '../resolve/item.ts'
import { failure, type Outcome } from './outcome.ts'

/** What a plan says of its outcome, whatever its changes come to. */
export type Settled = Pick<Outcome, 'changes' | 'message' | 'result'>

/** Changes that were made, and what was seen after them. */
export interface Applied {
  readonly item: Item
  readonly settled: Settled
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

/** Whether the changes brought about what they were to, by their exit codes and the second look. */
export const verify = (applied: Applied): Outcome => {
  const { item, settled: planned, plan, outputs, params, before, after, answer, decide } = applied
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
const since = ({ plan, after, decide }: Pick<Applied, 'plan' | 'after' | 'decide'>): string => {
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
  } catch (error) {
    if (error instanceof TaskTypeError || isExpected(error)) return undefined
    throw error
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

/** How many of a plan's changes were begun. */
export const madeBy = (outputs: readonly Output[]): number => outputs.filter(output => output.code !== NOT_RUN).length
