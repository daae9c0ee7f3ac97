import type { Change } from '../../model/change.ts'
import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import type { AnyTaskType, Plan, PlanContext } from '../../model/task-type.ts'
import { asRequired, withRequirements } from '../../tasks/kit/requirements.ts'
import { NulByte, type Script } from '../../text/sh.ts'
import { needIn } from '../../values/need.ts'

type Stage = 'probe' | 'plan' | 'verify' | 'answer' | 'results'

/** The code of a task type threw, or gave back what it may not. */
export class TaskTypeError extends Error {
  override readonly name = 'TaskTypeError'
  readonly type: AnyTaskType
  readonly stage: Stage

  constructor(type: AnyTaskType, stage: Stage, cause: unknown) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause })
    this.type = type
    this.stage = stage
  }
}

/** The script with which a task looks at its host; nothing for a type that never looks. */
export function probeScript(type: AnyTaskType, params: JsonObject, patient: boolean): Script | undefined {
  if (type.probe === undefined) return undefined
  const script: unknown = called(type, 'probe', () => type.probe?.(params, { patient }))
  if (!isScript(script)) throw wrong(type, 'probe', 'a script made by sh`...`', script)
  return withRequirements(type, script)
}

/** What a task decides. */
export function planOf(
  type: AnyTaskType,
  params: JsonObject,
  { state, context }: { readonly state: JsonObject; readonly context: PlanContext },
): Plan {
  const given: unknown = called(type, 'plan', () => type.plan(params, state, context))
  const plan: unknown = Array.isArray(given) ? { changes: given } : given
  if (!isMap(plan) || !Array.isArray(plan['changes'])) throw wrong(type, 'plan', 'a list of changes, or a plan', given)
  const changes: readonly unknown[] = plan['changes']
  const odd = changes.findIndex(change => !isChange(change))
  if (odd >= 0) throw wrong(type, 'plan', 'changes of the form { what, before, after, sh }', changes[odd])
  for (const name of ['problem', 'message', 'unknown'] as const)
    if (plan[name] !== undefined && typeof plan[name] !== 'string')
      throw wrong(type, 'plan', `a text as ${name}`, plan[name])
  for (const name of ['result', 'facts', 'after'] as const)
    if (plan[name] !== undefined && !isMap(plan[name])) throw wrong(type, 'plan', `a map as ${name}`, plan[name])
  return asRequired(type, plan as unknown as Plan, state)
}

/** What a type's own `results` makes of a state, for `register`. */
export function resultsOf(type: AnyTaskType, params: JsonObject, state: JsonObject): JsonObject {
  const said: unknown = called(type, 'results', () => type.results?.(params, state) ?? {})
  if (!isMap(said)) throw wrong(type, 'results', 'a map', said)
  return said as JsonObject
}

/** What a type's own `verify` has against the state after its changes. */
export function wrongAfter(
  type: AnyTaskType,
  params: JsonObject,
  { before, after }: { readonly before: JsonObject; readonly after: JsonObject },
): string | undefined {
  const said: unknown = called(type, 'verify', () => type.verify?.(params, before, after))
  if (said !== undefined && typeof said !== 'string') throw wrong(type, 'verify', 'a text or undefined', said)
  return said
}

/** Runs a function of a task type's. What the user's files are to blame for comes as it is, all else as `TaskTypeError`. */
export function called<T>(type: AnyTaskType, stage: Stage, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof Fault || needIn(error) !== undefined || error instanceof NulByte) throw error
    throw new TaskTypeError(type, stage, error)
  }
}

const wrong = (type: AnyTaskType, stage: Stage, wanted: string, given: unknown): TaskTypeError =>
  new TaskTypeError(type, stage, `it must give back ${wanted}, and gave ${nameOf(given)}`)

const nameOf = (value: unknown): string => {
  if (value === undefined || value === null) return String(value)
  if (value instanceof Promise) return 'a promise: it cannot be async'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object'
    ? `{ ${Object.keys(value).slice(0, 6).join(', ')} }`
    : `the ${typeof value} ${String(value).slice(0, 60)}`
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object'

const isScript = (value: unknown): value is Script => isMap(value) && typeof value['text'] === 'string'

const isChange = (value: unknown): value is Change =>
  isMap(value) &&
  typeof value['what'] === 'string' &&
  isScript(value['sh']) &&
  isSide(value['before']) &&
  isSide(value['after']) &&
  (value['payload'] === undefined || value['payload'] instanceof Uint8Array) &&
  (value['undo'] === undefined || (isMap(value['undo']) && isScript(value['undo']['sh'])))

const isSide = (value: unknown): boolean => typeof value === 'string' || typeof value === 'object'
