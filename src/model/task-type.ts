import type { XStatic } from 'typebox/schema'
import type { At } from '../text/position.ts'
import type { Script } from '../text/sh.ts'
import type { Change } from './change.ts'
import type { JsonObject } from './json.ts'

export type ParamsSchema = { readonly type: 'object'; readonly properties: { readonly [name: string]: object } } & {
  readonly [keyword: string]: unknown
}
export type StateSchema = ParamsSchema

export interface ProbeContext {
  /**
   * False when steps before this one may still change the host: a probe that waits or retries looks once only, since
   * its answer is asked for again after those changes.
   */
  readonly patient: boolean
}

export interface PlanContext {
  readonly check: boolean
  /**
   * What earlier steps of a dry run would change. When it is not empty, a missing parent, user, package or service is
   * no error: it may come from there. Always empty in a real run.
   */
  readonly pending: readonly Change[]
  /** So many random bytes, for salts: a plan is a function of its arguments. */
  readonly random: (bytes: number) => Uint8Array
}

/** What `plan` decides. A plain list of changes stands for `{ changes }`. */
export interface Plan {
  readonly changes: readonly Change[]
  /** The task cannot be done: why, and what to do. */
  readonly problem?: string
  /** One line for the person. */
  readonly message?: string
  /** Variables this task sets (`set_fact`, `facts`). */
  readonly facts?: JsonObject
  /** What `register` gets beside `changed`, `failed`, `skipped`. */
  readonly result?: JsonObject
}

/** One task of the type, for documentation and for the conformance suite. */
export interface Sample<P> {
  readonly title: string
  readonly params: P
  /** Brings the host to where the sample starts; `$PWD` is an empty folder of the sample's own. */
  readonly given?: Script
  /** Proves the effect: exits 0 when the host is as wanted. */
  readonly proof?: Script
  /** What the first plan must be: changes (default), nothing, or a problem whose text matches. */
  readonly expect?: 'changes' | 'converged' | { readonly problem: string }
  /** A requirement of the host the sample runs on; unmet, the suite takes another host or says so. */
  readonly needs?: readonly ('root' | 'debian' | 'systemd' | 'nginx' | 'disposable')[]
}

/**
 * One task type: a literal that knows how to look (`probe`), to decide (`plan`), and nothing else. It does no I/O.
 *
 * Params may hold `{{ }}` until they are read: a probe reads few of them, and what it does not read may depend on
 * facts or results that arrive with the probes' own round trip.
 */
export interface TaskType<P = JsonObject, S = JsonObject> {
  readonly name: string
  readonly summary: string
  /** JSON Schema 2020-12 of the params: one source for checking, the TypeScript type and the documentation. */
  readonly params: ParamsSchema
  /** Param that a bare scalar stands for: `debug: hello` is `debug: { msg: hello }`. */
  readonly shorthand?: string
  /** Params that hold source code and whose text is an expression, not a template (`assert.that`). */
  readonly expressions?: readonly string[]
  /** Param values that are secrets, as paths: `['password']`, `['users', '*', 'password']`. Masked wherever they show up. */
  readonly secrets?: readonly (readonly string[])[]
  /** Params naming a file of the controller: replaced by its bytes (`files`) or kept as text to render (`templates`) before `plan` sees them. */
  readonly sources?: { readonly [param: string]: 'file' | 'template' }
  /**
   * sh that prints facts through `fact` and `fact_file` (see docs/task-types.md). It has no effect of any kind: no file is
   * made, nothing is sent that a server acts upon. A dry run asks it, and so does the look-ahead, also for tasks that
   * never get their turn; what has an effect is a change. Nothing to look at: `nothing`.
   */
  readonly probe?: (params: P, context: ProbeContext) => Script
  /** Seconds for which its probe may wait on purpose, as its params say (wait-for's timeout): they are added to its time limit. */
  readonly waits?: (params: P) => number
  readonly state?: StateSchema
  readonly plan: (params: P, state: S, context: PlanContext) => Plan | readonly Change[]
  /** What `register` gets of the state that was found, or seen again after the changes: `path`, `mode`, `size`. */
  readonly results?: (params: P, state: S) => JsonObject
  /** Replaces "the second plan is empty" as the proof that changes worked: what is wrong, or undefined. */
  readonly verify?: (params: P, before: S, after: S) => string | undefined
  /**
   * For a change that is a question by itself (an HTTP POST): what the answer to it means. The change's script reports
   * through `fact`, as a probe does, and what it reported takes the place of the second look.
   */
  readonly answer?: (params: P, reported: S) => Omit<Plan, 'changes'>
  /**
   * - `query`: only looks (wait-for, facts) and never plans a change; its result is read again after earlier changes.
   * - `message`: only says something (debug); a dry run tells what it would say once earlier changes are made.
   * - `opaque`: what it changes cannot be known beforehand (command, shell); it is not verified.
   */
  readonly nature?: 'query' | 'opaque' | 'message'
  /** A failure of this task puts back the reversible changes that the play made on this host (nginx-test). */
  readonly guards?: boolean
  /** A task as a person would write it, for `mlplay doc`: its name and its params. The first sample unless given. */
  readonly example?: { readonly name: string; readonly params: JsonObject | string }
  readonly samples?: readonly Sample<P>[]
  /** Where a type of the user's own comes from; set when it is loaded. */
  readonly origin?: Origin
}

/** The file of a user's own task type. */
export interface Origin {
  readonly file: string
  /** The place in the file that a line and a column, from 1 on, of the loaded code come from. */
  readonly placeOf: (line: number, column: number) => At | undefined
}

/** A task type whose params and state types come from its own schemas, at no run-time cost. */
export function taskType<
  const PS extends ParamsSchema,
  const SS extends StateSchema = { type: 'object'; properties: {} },
>(
  type: Omit<TaskType<XStatic<PS>, XStatic<SS>>, 'params' | 'state'> & { readonly params: PS; readonly state?: SS },
): TaskType<XStatic<PS>, XStatic<SS>> {
  return type as unknown as TaskType<XStatic<PS>, XStatic<SS>>
}

/** Any task type, as the registry and the engine see it. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of unlike params; the engine validates before it calls
export type AnyTaskType = TaskType<any, any>
