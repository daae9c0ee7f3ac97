import type { At } from '../text/position.ts'
import type { Script } from '../text/sh.ts'
import type { Change } from './change.ts'
import type { JsonObject } from './json.ts'
import type { ParamsSchema, PlanParams, ProbeParams, StateOf } from './params.ts'
import type { Resource } from './resource.ts'

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
   * What earlier steps of a dry run would bring: a missing parent, user, package or service that is among it is no
   * problem (`expects(expected, 'path', '/srv')`). Always empty in a real run.
   */
  readonly expected: readonly Resource[]
  /** So many random bytes, for salts: a plan is a function of its arguments. */
  readonly random: (bytes: number) => Uint8Array
}

/** What `plan` decides. A plain list of changes stands for `{ changes }`. */
export interface Plan {
  readonly changes: readonly Change[]
  /** The state that the changes lead to, as the probe would find it: those facts that are known beforehand. */
  readonly after?: JsonObject
  /** The task cannot be done: why, and what to do. */
  readonly problem?: string
  /** In a dry run: why it cannot be known what will be done, as it depends on what is expected from earlier steps. */
  readonly unknown?: string
  /** One line for the person. */
  readonly message?: string
  /** Variables this task sets (`set_fact`, `facts`). */
  readonly facts?: JsonObject
  /** What `register` gets beside `changed`, `failed`, `skipped`. */
  readonly result?: JsonObject
}

/** Something that does not fit together in params as they are written, before anything is rendered. */
export interface ParamsMistake {
  readonly message: string
  readonly hint?: string
}

/**
 * One task type: a literal that knows how to look (`probe`), to decide (`plan`), and nothing else. It does no I/O.
 *
 * Params may hold `{{ }}` until they are read: a probe reads few of them, and what it does not read may depend on
 * facts or results that arrive with the probes' own round trip. `P` are params as `plan` sees them, `L` as a probe does.
 */
export interface TaskType<P = JsonObject, S = JsonObject, L = P> {
  readonly name: string
  readonly summary: string
  /** JSON Schema 2020-12 of the params: one source for checking, the TypeScript type and the documentation. */
  readonly params: ParamsSchema
  /** Param that a bare scalar stands for: `debug: hello` is `debug: { msg: hello }`. */
  readonly shorthand?: string
  /** What to write in the place of params that Ansible has, by name. */
  readonly instead?: { readonly [param: string]: string }
  /** Names that Ansible has for what this does. */
  readonly ansible?: readonly string[]
  /** Param values that are secrets, as paths: `['password']`, `['users', '*', 'password']`. Masked wherever they show up. */
  readonly secrets?: readonly (readonly string[])[]
  /** What is wrong with params as they are written in the playbook, beyond what the schema says. */
  readonly check?: (written: JsonObject) => readonly ParamsMistake[]
  /**
   * sh that prints facts through `fact` and `fact_file` (see docs/task-types.md). It has no effect of any kind: no file is
   * made, nothing is sent that a server acts upon. A dry run asks it, and so does the look-ahead, also for tasks that
   * never get their turn; what has an effect is a change. Nothing to look at: `nothing`.
   */
  readonly probe?: (params: L, context: ProbeContext) => Script
  /** Seconds for which its probe may wait on purpose, as its params say (wait-for's timeout): they are added to its time limit. */
  readonly waits?: (params: L) => number
  readonly state?: StateSchema
  /** What the task's account must be able to do to change anything: asked with the probe, and told if it is not so. */
  readonly requires?: readonly 'root'[]
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
  /** For a type that judges what earlier steps would change: what a dry run says in the place of a verdict, if it has none. */
  readonly later?: (params: P) => string | undefined
  /** A failure of this task puts back the reversible changes that the play made on this host (nginx-test). */
  readonly guards?: boolean
  /** Why the task is skipped with so many -v; undefined when it is not. */
  readonly skips?: (params: L, verbosity: number) => string | undefined
  /** `variables`: each param is a variable to set. `facts`: what it finds are the facts of the host. */
  readonly defines?: 'variables' | 'facts'
  /** What holds for whatever comes after it: the expressions of a param, or that its own `when` did not. */
  readonly ensures?: { readonly param: string } | 'not-when'
  /** A task as a person would write it, for `mlplay doc`: its name and its params. */
  readonly example?: { readonly name: string; readonly params: JsonObject | string }
  /** Where a type of the user's own comes from; set when it is loaded. */
  readonly origin?: Origin
}

/** The file of a user's own task type. */
export interface Origin {
  readonly file: string
  /** The place in the file that a line and a column, from 1 on, of the loaded code come from. */
  readonly placeOf: (line: number, column: number) => At | undefined
}

type Typed<PS, SS> = TaskType<PlanParams<PS>, StateOf<SS>, ProbeParams<PS>>

/** A task type whose params and state types come from its own schemas, at no run-time cost. */
export function taskType<
  const PS extends ParamsSchema,
  const SS extends StateSchema = { type: 'object'; properties: {} },
>(type: Omit<Typed<PS, SS>, 'params' | 'state'> & { readonly params: PS; readonly state?: SS }): Typed<PS, SS> {
  return type
}

/** Any task type, as the registry and the engine see it. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds types of unlike params; the engine validates before it calls
export type AnyTaskType = TaskType<any, any, any>

/** The type whose results are the facts of a host. */
export const factsType = (types: ReadonlyMap<string, AnyTaskType>): AnyTaskType | undefined =>
  [...types.values()].findLast(type => type.defines === 'facts')
