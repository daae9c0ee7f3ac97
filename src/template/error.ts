/** A fault in a template, 1-based within its own source. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
  readonly line: number
  readonly column: number
  readonly undefinedName: string | undefined

  constructor(
    message: string,
    place: {
      readonly line: number
      readonly column: number
      readonly undefinedName?: string | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, place.cause === undefined ? undefined : { cause: place.cause })
    this.line = place.line
    this.column = place.column
    this.undefinedName = place.undefinedName
  }
}
