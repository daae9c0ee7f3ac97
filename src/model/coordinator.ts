import type { Position } from './position.ts'

/** Why a host goes no further: others of its batch were lost, `end_batch` or `end_play` was met, the person stopped the run. */
export type Halt = 'stopped' | 'ended' | 'interrupted'

/** A host at a step. */
export interface AtStep {
  readonly host: string
  readonly position: Position
  /** In an `always` that cleans up, or as one of the last handlers: the step runs although the batch stops. */
  readonly closing: boolean
}

/** A host that failed or cannot be reached any more: the others may have to stop on its account. */
export interface Loss {
  readonly host: string
  readonly how: 'failed' | 'unreachable'
  /** `any_errors_fatal` holds for the task. */
  readonly fatal: boolean
  readonly position: Position
}

/** Variables that a task set: facts of a host, or what `set_fact` and the like gave. */
export interface Learnt {
  /** With `delegate_facts`: whose they are. */
  readonly host?: string
  readonly kind: 'facts' | 'variables'
  readonly values: Readonly<Record<string, unknown>>
}

/** What the host that ran a `run_once` task for all came to. */
export interface OnceResult {
  readonly host: string
  readonly how: 'passed' | 'failed' | 'unreachable'
  /** Something of it was not skipped. */
  readonly worked: boolean
  readonly learnt: readonly Learnt[]
  /** As `register` keeps it; nothing when the host came to no result. */
  readonly result?: unknown
}

/** It is this host's to run, or another has run it, or the host goes no further. */
export type OnceTurn =
  | { readonly kind: 'mine' }
  | { readonly kind: 'shared'; readonly result: OnceResult }
  | { readonly kind: 'halt'; readonly why: Halt }

/**
 * What keeps the hosts of one batch together: the linear barrier, forks and throttle, `run_once`, and the failures that
 * the batch may have. All that goes in and comes out is plain data, so that the hosts may be in this process or in others.
 */
export interface Coordinator {
  /** Before each step: resolves when the step's turn has come, with why the host goes no further if so. */
  reach(step: AtStep): Promise<Halt | undefined>
  /** Before the work of a task, of which at most `limit` hosts do it at once (0: no limit); `exit` when it is done. */
  enter(step: AtStep & { readonly limit: number }): Promise<Halt | undefined>
  exit(host: string): void
  /** Whose turn a `run_once` task is. Who runs it says what it came to by `shareOnce`, whatever happens. */
  once(step: AtStep): Promise<OnceTurn>
  shareOnce(position: Position, result: OnceResult): void
  /** `other` is of this batch and has not come as far as `host`. */
  isBehind(other: string, host: string): boolean
  /** Waits until `other` has come as far as `host`, or has left. */
  awaitHost(other: string, host: string): Promise<void>
  lose(loss: Loss): void
  /** `meta: clear_host_errors`. */
  clearLosses(): void
  /** `meta: end_batch` and `end_play`: all is well, and that is enough. */
  end(what: 'batch' | 'play'): void
  /** The host does nothing more in this play. */
  leave(host: string): void
}
