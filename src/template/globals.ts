import { momentOf } from './moment.ts'
import { anything, flag, nullable, optional, text } from './parameters.ts'
import { routine } from './routine.ts'
import { Undefined } from './values.ts'

/** `now(utc, fmt)`: the time as a datetime, or as a text of that format. */
export const nowRoutine = routine(
  {
    date: { read: (value: unknown): Date => value as Date },
    utc: optional(flag, false),
    fmt: nullable(text),
  },
  ({ date, utc, fmt }) => {
    const moment = momentOf(date, utc)
    return fmt === null || fmt === '' ? moment : moment.strftime(fmt)
  },
)

/** `undef(hint)`: what is undefined on purpose, for a default that the user is to set. */
export const undefRoutine = routine(
  { nothing: anything, hint: nullable(text) },
  ({ hint }) => new Undefined('undef()', { line: 1, column: 1, ...(hint === null ? {} : { why: hint }) }),
)
