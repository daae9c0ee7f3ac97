import type { Event } from '../model/event.ts'

/** Turns events into output. It never blocks or changes the run. */
export interface Report {
  readonly on: (event: Event) => void
  /** Hides the live view, because a question is asked, until `resume`. */
  readonly pause?: () => void
  readonly resume?: () => void
  /** Resolves when everything is written and nothing keeps the process alive. */
  readonly close: () => Promise<void>
}

export interface ReportOptions {
  readonly write: (text: string) => void
  readonly colour: boolean
  readonly columns: number
  readonly rows: number
  readonly diff: boolean
  readonly verbosity: number
  /** The terminal, used only for its current size; text goes through `write`. */
  readonly stream?: NodeJS.WriteStream
}
