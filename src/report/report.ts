import type { Event } from '../model/event.ts'

/** Turns events into output. It never holds a run up and never changes it. */
export interface Report {
  readonly on: (event: Event) => void
  /** The screen is wanted for a question: what moves is taken away until `resume`. */
  readonly pause?: () => void
  readonly resume?: () => void
  /** Everything is written when this resolves, and nothing keeps the process alive. */
  readonly close: () => Promise<void>
}

export interface ReportOptions {
  readonly write: (text: string) => void
  readonly colour: boolean
  readonly columns: number
  readonly rows: number
  readonly diff: boolean
  readonly verbosity: number
  /** The terminal, asked for its size of the moment; text goes through `write` alone. */
  readonly stream?: NodeJS.WriteStream
}
