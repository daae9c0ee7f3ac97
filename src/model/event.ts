import type { At } from '../text/position.ts'
import type { Side } from './change.ts'

/**
 * `unknown`: a dry run cannot tell, as the task depends on what an earlier step would change or find out.
 * `rescued`: it failed, and a `rescue` takes over. `ignored`: it failed, and `ignore_errors` holds.
 */
export type Status = 'ok' | 'changed' | 'unknown' | 'skipped' | 'failed' | 'unreachable' | 'ignored' | 'rescued'

export interface ChangeReport {
  readonly what: string
  readonly before: Side
  readonly after: Side
  readonly path?: string
}

export interface HostTotals {
  readonly ok: number
  readonly changed: number
  /** Of a dry run: tasks whose outcome depends on what earlier steps would change. */
  readonly unknown: number
  readonly skipped: number
  readonly failed: number
  readonly unreachable: number
  readonly ignored: number
  readonly rescued: number
  readonly round_trips: number
  /** Items that changed and whose effect was seen again by the probe. */
  readonly verified: number
  /** Items that failed after they had changed something, or may have. */
  readonly failed_after_change: number
}

/** What happens in a run, in order. Secrets are masked before an event is emitted. */
export type Event =
  | { readonly event: 'run'; readonly playbooks: readonly string[]; readonly check: boolean; readonly hosts: number }
  | {
      readonly event: 'play'
      readonly play: string
      readonly hosts: readonly string[]
      readonly batch?: readonly [number, number]
    }
  | {
      readonly event: 'start'
      readonly play: string
      readonly host: string
      readonly id: string
      readonly task: string
      readonly type: string
      readonly handler?: boolean
    }
  | TaskEvent
  | {
      /** A try failed and another follows. */
      readonly event: 'retry'
      readonly play: string
      readonly host: string
      readonly id: string
      readonly task: string
      readonly item?: string
      readonly attempt: number
      readonly attempts: number
      /** Seconds until the next one. */
      readonly delay: number
      readonly message?: string
    }
  | {
      /** The person's second signal, or the end of the grace, cut a task off. */
      readonly event: 'cancelled'
      readonly play: string
      readonly host: string
      readonly id: string
      readonly task: string
      readonly item?: string
      /** False: the host did not answer any more, so what the task had started may still run there. */
      readonly confirmed: boolean
    }
  | {
      readonly event: 'rollback'
      readonly play: string
      readonly host: string
      readonly undone: readonly string[]
      readonly not_undone: readonly string[]
      /** Name of the task whose failure caused it. */
      readonly failed_task: string
    }
  | {
      readonly event: 'notified'
      readonly play: string
      readonly host: string
      readonly handler: string
      readonly state: 'pending' | 'not_run'
    }
  | { readonly event: 'warning'; readonly message: string; readonly at?: At }
  | {
      readonly event: 'interrupted'
      readonly signal: string
      /** Seconds that what is under way may still take; 0 at the second signal. */
      readonly grace: number
    }
  | SummaryEvent

export interface TaskEvent {
  readonly event: 'task'
  readonly play: string
  readonly host: string
  /** The task's address in the run: two tasks of one name have two, a task has the same on all hosts. */
  readonly id: string
  readonly task: string
  readonly type: string
  readonly status: Status
  readonly item?: string
  readonly handler?: boolean
  readonly changes: readonly ChangeReport[]
  /** Unified diff of the changes, no colours. */
  readonly diff?: string
  readonly message?: string
  /** Output of the failed or opaque command. */
  readonly stdout?: string
  readonly stderr?: string
  readonly at?: At
  readonly ms: number
}

export interface SummaryEvent {
  readonly event: 'summary'
  readonly check: boolean
  readonly hosts: { readonly [name: string]: HostTotals }
  /** Handlers notified but not run, by host. */
  readonly pending_handlers: { readonly [host: string]: readonly string[] }
  /** Hosts that had no turn, as the run stopped before it came to them. */
  readonly untouched?: readonly string[]
  /** Hosts that stopped on their way, as others were lost or the person stopped the run. */
  readonly stopped?: readonly string[]
  /** How to run again for the hosts that are not well: `-l @failed`. */
  readonly rerun_hint?: string
  readonly exit_code: number
  readonly ms: number
}

export type Emit = (event: Event) => void
