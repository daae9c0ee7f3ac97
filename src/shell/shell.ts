import type { Script } from '../text/sh.ts'

export interface Output {
  readonly code: number
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Number of bytes beyond the 8 MiB that are kept of a stream. */
  readonly dropped?: number
  /**
   * Set when the signal came before the script had finished (the code is then 124): it was not started, or it was killed
   * with its children, or the host did not confirm the kill in time, so it may still run.
   */
  readonly cancelled?: Cancellation
}

export type Cancellation = 'not begun' | 'ended' | 'unsure'

export interface ScriptOptions {
  /** Bytes available as the file `"$payload"` while the script runs. */
  readonly payload?: Uint8Array
  /** Timeout in milliseconds, after which the script's process group is killed; the code is then 124. */
  readonly timeout?: number
  readonly signal?: AbortSignal
  /** When aborted, a shell that is not open yet is given up. */
  readonly begin?: AbortSignal
}

/** One script of a frame: several that share a round trip. */
export interface FramePart extends ScriptOptions {
  readonly script: Script
  /** Run only if every chained part before it in the frame exited 0; otherwise the exit code is `NOT_RUN`. */
  readonly chained?: boolean
  /**
   * A user's command: it runs in its own shell, so that `kill $$` ends nothing else, and in the host's locale. Afterwards the
   * long-lived shell checks whether a process that it left can still write to the shared streams.
   */
  readonly command?: boolean
}

/** A long-lived POSIX shell on a host. Calls are queued: one script runs at a time. */
export interface Shell {
  /**
   * Runs a script in a subshell with stdin from /dev/null. Returns its exit code and the exact bytes of both streams.
   * Throws `Unreachable` when the connection is lost; a failing script is a value.
   */
  run(script: Script, options?: ScriptOptions): Promise<Output>
  /** Runs several scripts in one round trip, each in its own subshell. Returns one output for each. */
  runAll(parts: readonly FramePart[], options?: ScriptOptions): Promise<readonly Output[]>
  /** Number of round trips since the shell was opened. */
  readonly roundTrips: number
  /** Closes the connection. A shell that is used again reconnects. */
  close(): Promise<void>
}

/** Becoming the requested account failed; the message says why and what to do. */
export class BecomeFailed extends Error {
  override readonly name = 'BecomeFailed'
}

export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}
