import { TemplateError } from './error.ts'
import { Undefined } from './values.ts'

/** A value that must be there. */
export function solid(value: unknown): unknown {
  if (!(value instanceof Undefined)) return value
  throw new TemplateError(`'${value.path}' is undefined${value.why === undefined ? '' : `: ${value.why}`}`, {
    line: Math.max(1, value.line),
    column: Math.max(1, value.column),
    undefinedName: value.path,
  })
}
