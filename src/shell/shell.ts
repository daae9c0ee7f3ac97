import type { Script } from '../text/sh.ts'
import type { FramePart } from './frame.ts'

export interface Output {
  readonly code: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Bytes that were printed beyond what is kept of a stream (8 MiB). */
  readonly dropped?: number
  /**
   * The signal came before it was through (the code is then 124): nothing was begun, or what ran was killed with all that
   * it had started, or the host did not confirm that in time, so that it may still run.
   */
  readonly cancelled?: Cancellation
}

export type Cancellation = 'not begun' | 'ended' | 'unsure'

export interface RunOptions {
  /** Bytes at hand as the file `"$payload"` while the script runs. */
  readonly payload?: Uint8Array
  /** Milliseconds; then the script's whole process group is killed and the code is 124. */
  readonly timeout?: number
  readonly signal?: AbortSignal
  /** A shell that is not open yet when this comes is not waited for. */
  readonly begin?: AbortSignal
}

/** A POSIX shell on a host that stays open. Calls queue: one script at a time. */
export interface Shell {
  /**
   * Runs a script in a subshell with stdin from /dev/null and gives its exit code and both streams, exact to the byte.
   * Throws `Unreachable` when the connection is lost; a script's failure is a value.
   */
  run(script: Script, options?: RunOptions): Promise<Output>
  /** Several scripts in ONE round trip, each in a subshell of its own: one output each. */
  runAll(parts: readonly FramePart[], options?: RunOptions): Promise<readonly Output[]>
  /** How many round trips this shell made since it was opened. */
  readonly roundTrips: number
  /** Lets go of the connection. A shell that is used after that opens anew. */
  close(): Promise<void>
}

/** The account may not become who the play asks for: why, and what to do. */
export class BecomeFailed extends Error {
  override readonly name = 'BecomeFailed'
}

export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}
