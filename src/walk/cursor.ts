import type { Meta, Play, RoleCall, Step, Task } from '../model/playbook.ts'
import type { Position } from '../model/position.ts'

/** The lists of steps that a play holds. */
export type Program = Pick<Play, 'pre_tasks' | 'tasks' | 'post_tasks' | 'handlers'>

/**
 * Why a host leaves the steps it is at. `failed`: a task failed, which a `rescue` may take up. `ended`: it is through
 * early and all is well. `stopped`: others of its batch were lost. `interrupted`: the person stopped the run.
 */
export interface Cause {
  readonly why: 'failed' | 'unreachable' | 'stopped' | 'ended' | 'interrupted'
  /** `any_errors_fatal` holds for the task that failed. */
  readonly fatal?: boolean
}

/** A list of steps that a host has gone into, and the number of the step in it that it is at. */
export interface Frame {
  readonly of: 'play' | 'section' | 'block' | 'rescue' | 'always' | 'handlers' | 'added'
  readonly index: number
  /** Why a `rescue` runs, or an `always` after which the host leaves the block. */
  readonly cause?: Cause
  /** The steps run although the batch stops. */
  readonly closing?: true
  /** Steps that were added at run time. */
  readonly steps?: readonly Step[]
}

/** One host's way through one play, so far: plain data. Each function of this folder gives a new one. */
export interface Cursor {
  /** What it has gone into, outermost first; empty when it has left. */
  readonly frames: readonly Frame[]
  /** The step that it is at is under way. */
  readonly begun?: true
  /** Steps before this position are left out: `--start-at-task`. */
  readonly start?: Position
  /** Handlers that were notified, by their number in the play, in the order in which they were. */
  readonly pending: readonly number[]
  /** Handlers that were begun and did not come to a good end: they do not run again, but are still due. */
  readonly unfinished: readonly number[]
  /** Calls of roles (their `identity`) with a task that was not skipped. */
  readonly worked: readonly string[]
  /** Calls of roles that are through, and do not run again. */
  readonly finished: readonly string[]
  /** How often a `rescue` took over, without those that were stopped on the way. */
  readonly rescues: number
  /** Why it has left its steps; it may still be at its last handlers. */
  readonly left?: Cause
  /** It has left, and it is still to be said whether the handlers that are due run. */
  readonly undecided?: true
}

interface At {
  readonly position: Position
  /** It runs although the batch stops: in an `always` that cleans up, or as one of the last handlers. */
  readonly closing: boolean
  /** A `rescue` takes over when it fails. */
  readonly rescued: boolean
}

/** What a host is to do next. */
export type Stop =
  | (At & { readonly kind: 'task'; readonly task: Task; readonly handler: boolean })
  | (At & { readonly kind: 'meta'; readonly meta: Meta })
  /** The settings of a role are to be validated before its first task. */
  | (At & { readonly kind: 'role'; readonly call: RoleCall })
  /** It leaves, and handlers may be due: `close` says whether they run. */
  | { readonly kind: 'leaving'; readonly cause: Cause }
  /** Without a cause: it came to the end of the play. */
  | { readonly kind: 'end'; readonly cause?: Cause }
