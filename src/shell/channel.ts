import type { Readable, Writable } from 'node:stream'

/** How a program ended: its exit code, or, when it was cut off, why. */
export interface ProgramEnd {
  readonly code: number | null
  /** Why the way to the program broke; nothing when the program ended by itself. */
  readonly connectionError?: string
}

/** A running program, wherever it runs: bytes in, bytes out, an end. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Comes true once both streams were read to their end; never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Kills the program with all that it started. False: that cannot be done from here, someone on the host must do it. */
  kill(): boolean
  /** Asks them to end by themselves, if that can be done from here; comes back when they have, or after a second. */
  terminate?(): Promise<void>
  /** Lets go of the streams: a daemon that a task started may hold them, and this process must be able to end. */
  release(): void
}

/** Starts a program on one host. Throws `Unreachable` when there is no way there. */
export type Start = (argv: readonly string[]) => Promise<Channel>
