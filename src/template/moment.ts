import { strftime } from '../text/strftime.ts'

/** Seconds and microseconds, of which the latter are never negative: what Python's datetime and timedelta count in. */
export interface Amount {
  readonly seconds: number
  /** In [0, 1,000,000). */
  readonly micros: number
}

const DAY = 86_400
const two = (value: number): string => String(value).padStart(2, '0')
const fraction = (micros: number): string => (micros === 0 ? '' : `.${String(micros).padStart(6, '0')}`)

/** A value of Python's datetime module: it has attributes and methods, and prints as Python prints it. */
export abstract class Temporal {
  abstract readonly type: 'datetime' | 'date' | 'timedelta'
  abstract readonly amount: Amount
  abstract toString(): string
  /** For `JSON.stringify`. */
  toJSON(): string {
    return this.toString()
  }
}

/** A point in time as a wall clock shows it. */
export class Moment extends Temporal {
  readonly type: 'datetime' | 'date'
  /** Since 1970 by the same clock. */
  readonly amount: Amount
  /** Minutes east of UTC; undefined for a clock that does not say. */
  readonly offset: number | undefined

  constructor(amount: Amount, how: { readonly offset?: number | undefined; readonly dateOnly?: boolean } = {}) {
    super()
    this.amount = amount
    this.offset = how.offset
    this.type = how.dateOnly === true ? 'date' : 'datetime'
  }

  get wall(): Date {
    return new Date(this.amount.seconds * 1000)
  }

  get date(): Moment {
    return new Moment({ seconds: Math.floor(this.amount.seconds / DAY) * DAY, micros: 0 }, { dateOnly: true })
  }

  /** Seconds since 1970 in UTC; a clock that does not say its zone is the controller's. */
  get timestamp(): number {
    const { wall } = this
    const seconds =
      this.offset !== undefined
        ? this.amount.seconds - this.offset * 60
        : new Date(
            wall.getUTCFullYear(),
            wall.getUTCMonth(),
            wall.getUTCDate(),
            wall.getUTCHours(),
            wall.getUTCMinutes(),
            wall.getUTCSeconds(),
          ).getTime() / 1000
    return seconds + this.amount.micros / 1e6
  }

  iso(separator: string): string {
    const { wall } = this
    const day = `${String(wall.getUTCFullYear()).padStart(4, '0')}-${two(wall.getUTCMonth() + 1)}-${two(wall.getUTCDate())}`
    if (this.type === 'date') return day
    const time = [wall.getUTCHours(), wall.getUTCMinutes(), wall.getUTCSeconds()].map(two).join(':')
    return `${day}${separator}${time}${fraction(this.amount.micros)}${this.zone(':')}`
  }

  strftime(format: string): string {
    const { wall } = this
    // What strftime of the C library does not know, or knows only with a zone.
    const known = format.replace(/%(.)/gs, (all, letter: string) =>
      letter === 'f'
        ? String(this.amount.micros).padStart(6, '0')
        : letter === 'z'
          ? this.zone('')
          : letter === 'Z'
            ? this.offset === undefined
              ? ''
              : `UTC${this.offset === 0 ? '' : this.zone(':')}`
            : all,
    )
    return strftime(known, {
      year: wall.getUTCFullYear(),
      month: wall.getUTCMonth() + 1,
      day: wall.getUTCDate(),
      hour: wall.getUTCHours(),
      minute: wall.getUTCMinutes(),
      second: wall.getUTCSeconds(),
      zone: '',
      offset: this.offset ?? 0,
      epoch: Math.floor(this.timestamp),
    })
  }

  override toString(): string {
    return this.iso(' ')
  }

  override toJSON(): string {
    return this.iso('T')
  }

  private zone(between: string): string {
    if (this.offset === undefined) return ''
    const size = Math.abs(this.offset)
    return `${this.offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${between}${two(size % 60)}`
  }
}

/** The time between two moments. */
export class Duration extends Temporal {
  readonly type = 'timedelta'
  readonly amount: Amount

  constructor(amount: Amount) {
    super()
    this.amount = amount
  }

  get days(): number {
    return Math.floor(this.amount.seconds / DAY)
  }

  get seconds(): number {
    return this.amount.seconds - this.days * DAY
  }

  get total(): number {
    return this.amount.seconds + this.amount.micros / 1e6
  }

  override toString(): string {
    const { days, seconds } = this
    const time = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    const day = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `
    return `${day}${time}${fraction(this.amount.micros)}`
  }
}

/** The moment of a date as a clock without a zone shows it, the controller's or that of UTC. */
export function momentOf(date: Date, utc: boolean): Moment {
  const shifted = date.getTime() - (utc ? 0 : date.getTimezoneOffset() * 60_000)
  const seconds = Math.floor(shifted / 1000)
  return new Moment({ seconds, micros: (shifted - seconds * 1000) * 1000 })
}

const sum = (a: Amount, b: Amount, sign: 1 | -1): Amount => {
  const micros = a.micros + sign * b.micros
  const carry = Math.floor(micros / 1e6)
  return { seconds: a.seconds + sign * b.seconds + carry, micros: micros - carry * 1e6 }
}

const shifted = (moment: Moment, by: Duration, sign: 1 | -1): Moment => {
  const amount = sum(moment.amount, moment.type === 'date' ? { seconds: by.days * DAY, micros: 0 } : by.amount, sign)
  return new Moment(amount, { offset: moment.offset, dateOnly: moment.type === 'date' })
}

const sameKind = (a: Moment, b: Moment): void => {
  if (a.type !== b.type) throw new TypeError(`a ${a.type} and a ${b.type} cannot be compared`)
  if ((a.offset === undefined) !== (b.offset === undefined))
    throw new TypeError('a datetime with a time zone and one without cannot be compared')
}

const inUtc = ({ amount, offset }: Moment): Amount => ({ ...amount, seconds: amount.seconds - (offset ?? 0) * 60 })

/** The sum or difference of two values; undefined where they have none. */
export function addTimes(a: Temporal, b: Temporal, sign: 1 | -1): Temporal | undefined {
  if (a instanceof Moment && b instanceof Moment && sign === -1) {
    sameKind(a, b)
    return new Duration(sum(inUtc(a), inUtc(b), -1))
  }
  if (a instanceof Moment && b instanceof Duration) return shifted(a, b, sign)
  if (a instanceof Duration && b instanceof Moment && sign === 1) return shifted(b, a, 1)
  if (a instanceof Duration && b instanceof Duration) return new Duration(sum(a.amount, b.amount, sign))
  return undefined
}

/** Negative, zero or positive. Throws a `TypeError` for what has no order. */
export function compareTimes(a: Temporal, b: Temporal): number {
  if (a instanceof Moment && b instanceof Moment) sameKind(a, b)
  else if (a.type !== b.type) throw new TypeError(`a ${a.type} and a ${b.type} cannot be compared`)
  const [x, y] = a instanceof Moment && b instanceof Moment ? [inUtc(a), inUtc(b)] : [a.amount, b.amount]
  return x.seconds - y.seconds || x.micros - y.micros
}
