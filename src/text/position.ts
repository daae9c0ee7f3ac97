/** A position in a user's file. Lines and columns start at 1. */
export interface At {
  readonly file: string
  readonly line: number
  readonly column: number
  /** Number of characters to underline. */
  readonly length?: number
}

export const formatPosition = (at: At): string => `${at.file}:${at.line}:${at.column}`
