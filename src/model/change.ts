import type { Script } from '../text/sh.ts'
import type { JsonObject } from './json.ts'
import type { Resource } from './resource.ts'

/** One side of a change: a file's text, attributes (`size` and `sha256` of what is too big; `binary` of what is no text), or null for "not there". */
export type Side = string | JsonObject | null

/** How a change is made or taken back. `payload` is at hand as the file `"$payload"` while `sh` runs. */
export interface ChangeScript {
  readonly sh: Script
  readonly payload?: Uint8Array
}

/** One deed on a host, as plain data: the diff sits beside the command that brings it about. */
export interface Change extends ChangeScript {
  /** In the imperative, for a person: `create directory /etc/nginx/auth`. */
  readonly what: string
  readonly before: Side
  readonly after: Side
  /** What `before` and `after` are of: heads the diff. */
  readonly path?: string
  /** The contents are for their owner alone: a diff shows them only where the task says `diff: true`. */
  readonly private?: boolean
  /** What it makes or alters, for later steps of a dry run. Absent: nobody can tell, so it may bring anything. */
  readonly provides?: readonly Resource[]
  /** Brings `before` back. Absent: this change cannot be taken back. */
  readonly undo?: ChangeScript
  /**
   * After the play's other changes were taken back: what this change made the host read (a service its configuration)
   * is read again as it is now.
   */
  readonly afterUndo?: ChangeScript
}
