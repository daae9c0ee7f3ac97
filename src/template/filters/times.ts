import { strftime, wallOf } from '../../text/strftime.ts'
import { strptime } from '../../text/strptime.ts'
import { Moment } from '../moment.ts'
import { anything, flag, optional, shown, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { plain, show } from '../values.ts'
import { parseFloat_ } from './ints.ts'

export const timeFilters: Routines = {
  to_datetime: routine({ string: shown, format: optional(text, '%Y-%m-%d %H:%M:%S') }, ({ string, format }) => {
    const { offset, ...amount } = strptime(string, format)
    return new Moment(amount, { offset })
  }),
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
