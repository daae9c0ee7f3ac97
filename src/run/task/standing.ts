import type { Halt } from '../../model/coordinator.ts'
import type { Position } from '../../model/position.ts'
import type { Ended } from './record.ts'

/** Where a host stands when it comes to a task. */
export interface Standing {
  readonly position: Position
  /** In an `always` that cleans up, or as one of the last handlers: it runs although the batch stops. */
  readonly closing: boolean
  readonly handler: boolean
  /** A `rescue` around the task takes over when it fails. */
  readonly rescued: boolean
}

/** What a task came to: items that ran here, what the host that runs it for all came to, or why it did not begin. */
export type Came =
  | { readonly kind: 'ended'; readonly ended: readonly Ended[] }
  | { readonly kind: 'shared'; readonly failed: boolean; readonly worked: boolean; readonly result: unknown }
  | { readonly kind: 'halt'; readonly why: Halt }
