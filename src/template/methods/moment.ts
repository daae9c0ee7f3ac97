import { Duration, type Moment, type Temporal } from '../moment.ts'
import { optional, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { float } from '../values.ts'

const self = { read: (value: unknown): Moment => value as Moment }
const span = { read: (value: unknown): Duration => value as Duration }

const weekday = (value: Moment): number => (value.wall.getUTCDay() + 6) % 7

const momentMethods: Routines = {
  strftime: routine({ value: self, format: text }, ({ value, format }) => value.strftime(format)),
  isoformat: routine({ value: self, sep: optional(text, 'T') }, ({ value, sep }) => value.iso(sep)),
  timestamp: routine({ value: self }, ({ value }) => float(value.timestamp)),
  date: routine({ value: self }, ({ value }) => value.date),
  weekday: routine({ value: self }, ({ value }) => weekday(value)),
  isoweekday: routine({ value: self }, ({ value }) => weekday(value) + 1),
}

const durationMethods: Routines = {
  total_seconds: routine({ value: span }, ({ value }) => float(value.total)),
}

/** The methods of a datetime, a date and a timedelta. */
export const methodsOf = (value: Temporal): Routines => (value instanceof Duration ? durationMethods : momentMethods)

/** What `value.year` and the like are; undefined for a name that is no attribute. */
export function attributeOf(value: Temporal, name: string): number | undefined {
  if (value instanceof Duration)
    return name === 'days'
      ? value.days
      : name === 'seconds'
        ? value.seconds
        : name === 'microseconds'
          ? value.amount.micros
          : undefined
  const { wall, amount, type } = value as Moment
  const day: Readonly<Record<string, number>> = {
    year: wall.getUTCFullYear(),
    month: wall.getUTCMonth() + 1,
    day: wall.getUTCDate(),
  }
  if (Object.hasOwn(day, name)) return day[name]
  const time: Readonly<Record<string, number>> = {
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
    second: wall.getUTCSeconds(),
    microsecond: amount.micros,
  }
  return type === 'datetime' && Object.hasOwn(time, name) ? time[name] : undefined
}
