import type { Event } from '../model/event.ts'

/** A row of the live view: what it says now, what stands below it, and how it ends. */
export interface Row {
  readonly title: () => string
  readonly output: (size: { readonly columns: number; readonly rows: number }) => readonly string[]
  /** Whether it went well. */
  readonly ended: Promise<boolean>
}

/** Where the hosts of one play (or batch) stand. */
export interface Board {
  readonly rows: readonly Row[]
  readonly on: (event: Event) => void
  /** Nothing more will come: every row ends. */
  readonly end: () => void
}

/** The end of a row, to be told once. */
export function ending(): { readonly ended: Promise<boolean>; readonly end: (well: boolean) => void } {
  let end: (well: boolean) => void = () => {}
  const ended = new Promise<boolean>(resolve => {
    end = resolve
  })
  return { ended, end }
}
