/** A place in one of the user's files. Lines and columns start at 1. */
export interface At {
  readonly file: string
  readonly line: number
  readonly column: number
  /** How many characters to underline. */
  readonly length?: number
}

export const formatPosition = (at: At): string => `${at.file}:${at.line}:${at.column}`
