import { strftime, wallOf } from '../../../text/strftime.ts'
import { anything, flag, optional, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { plain, show } from '../values.ts'
import { parseFloat_ } from './ints.ts'

export const timeFilters: Routines = {
  strftime: routine(
    { string_format: text, second: optional(anything, null), utc: optional(flag, false) },
    ({ string_format, second, utc }, { options }) => {
      const bare = plain(second)
      const seconds = typeof bare === 'string' ? parseFloat_(bare) : bare === null ? undefined : Number(bare)
      if (second !== null && (seconds === undefined || !Number.isFinite(seconds)))
        throw new TypeError(`strftime takes seconds since 1970, not '${show(second)}'`)
      const date = seconds === undefined ? (options.now?.() ?? new Date()) : new Date(Math.floor(seconds) * 1000)
      return strftime(string_format, wallOf(date, utc))
    },
  ),
}
