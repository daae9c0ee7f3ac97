import type { Event } from '../model/event.ts'

/** A row of the live view: its title, the lines below it, and whether it succeeded. */
export interface LiveRow {
  readonly title: () => string
  readonly output: (size: { readonly columns: number; readonly rows: number }) => readonly string[]
  /** Resolves when the row is finished; true on success. */
  readonly settled: Promise<boolean>
}

/** Progress of the hosts of one play or batch, as rows that are redrawn. */
export interface LiveView {
  readonly rows: readonly LiveRow[]
  readonly on: (event: Event) => void
  /** The play is over: every row settles. */
  readonly end: () => void
}

/** A promise for the end of a row, with the function that resolves it. */
export function deferredEnd(): { readonly ended: Promise<boolean>; readonly end: (well: boolean) => void } {
  let end: (well: boolean) => void = () => {}
  const ended = new Promise<boolean>(resolve => {
    end = resolve
  })
  return { ended, end }
}
