import type { Readable, Writable } from 'node:stream'

/** How a program ended: its exit code, or null and the reason when the connection to it broke. */
export interface ProgramEnd {
  readonly code: number | null
  /** Why the connection to the program broke; undefined when the program ended by itself. */
  readonly connectionError?: string
}

/** A running program, local or remote: stdin, stdout, stderr and its end. */
export interface Channel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when both streams have been read to their end; never rejects. */
  readonly ended: Promise<ProgramEnd>
  /** Kills the program and its children. Returns false when that must be done on the host. */
  kill(): boolean
  /** Sends SIGTERM where possible; resolves when the programs have ended, or after a second. */
  terminate?(): Promise<void>
  /** Closes our ends of the streams: a daemon that a task started may hold the other ends, and this process must be able to exit. */
  release(): void
}

/** Starts a program on one host. Throws `Unreachable` when the host cannot be reached. */
export type Start = (argv: readonly string[]) => Promise<Channel>
