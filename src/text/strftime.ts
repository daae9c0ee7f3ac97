const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
]

/** A point in time in some time zone. */
export interface LocalTime {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly zone: string
  /** Minutes east of UTC. */
  readonly offset: number
  /** Seconds since 1970. */
  readonly epoch: number
}

export function wallOf(date: Date, utc: boolean): LocalTime {
  const offset = utc ? 0 : -date.getTimezoneOffset()
  const shifted = new Date(date.getTime() + offset * 60_000)
  const zone = utc
    ? 'UTC'
    : (new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' })
        .formatToParts(date)
        .find(part => part.type === 'timeZoneName')?.value ?? '')
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    second: shifted.getUTCSeconds(),
    zone,
    offset,
    epoch: Math.floor(date.getTime() / 1000),
  }
}

/** `strftime` in the C locale. Unknown directives are kept. */
export function strftime(format: string, wall: LocalTime): string {
  const midnight = Date.UTC(wall.year, wall.month - 1, wall.day)
  const weekday = new Date(midnight).getUTCDay()
  const yearday = Math.round((midnight - Date.UTC(wall.year, 0, 1)) / 86_400_000) + 1
  const two = (value: number, fill = '0') => String(value).padStart(2, fill)
  const hour12 = wall.hour % 12 === 0 ? 12 : wall.hour % 12
  const iso = isoWeek(midnight)
  const again = (inner: string) => strftime(inner, wall)
  const letters: Readonly<Record<string, () => string>> = {
    a: () => (DAYS[weekday] as string).slice(0, 3),
    A: () => DAYS[weekday] as string,
    b: () => (MONTHS[wall.month - 1] as string).slice(0, 3),
    B: () => MONTHS[wall.month - 1] as string,
    c: () => again('%a %b %e %H:%M:%S %Y'),
    C: () => two(Math.floor(wall.year / 100)),
    d: () => two(wall.day),
    D: () => again('%m/%d/%y'),
    e: () => two(wall.day, ' '),
    F: () => again('%Y-%m-%d'),
    g: () => two(iso.year % 100),
    G: () => String(iso.year),
    h: () => again('%b'),
    H: () => two(wall.hour),
    I: () => two(hour12),
    j: () => String(yearday).padStart(3, '0'),
    k: () => two(wall.hour, ' '),
    l: () => two(hour12, ' '),
    m: () => two(wall.month),
    M: () => two(wall.minute),
    n: () => '\n',
    p: () => (wall.hour < 12 ? 'AM' : 'PM'),
    P: () => (wall.hour < 12 ? 'am' : 'pm'),
    r: () => again('%I:%M:%S %p'),
    R: () => again('%H:%M'),
    s: () => String(wall.epoch),
    S: () => two(wall.second),
    t: () => '\t',
    T: () => again('%H:%M:%S'),
    u: () => String(weekday === 0 ? 7 : weekday),
    U: () => two(Math.floor((yearday + 6 - weekday) / 7)),
    V: () => two(iso.week),
    w: () => String(weekday),
    W: () => two(Math.floor((yearday + 6 - ((weekday + 6) % 7)) / 7)),
    x: () => again('%m/%d/%y'),
    X: () => again('%H:%M:%S'),
    y: () => two(wall.year % 100),
    Y: () => String(wall.year),
    z: () =>
      `${wall.offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(wall.offset) / 60))}${two(Math.abs(wall.offset) % 60)}`,
    Z: () => wall.zone,
    '%': () => '%',
  }
  return format.replace(/%(-?)(.)/gs, (all, bare: string, letter: string) => {
    const made = letters[letter]?.()
    if (made === undefined) return all
    return bare === '' ? made : made.replace(/^[0 ]+(?=.)/, '')
  })
}

const isoWeek = (midnight: number): { readonly year: number; readonly week: number } => {
  const day = new Date(midnight)
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7))
  const year = day.getUTCFullYear()
  return { year, week: Math.ceil(((day.getTime() - Date.UTC(year, 0, 1)) / 86_400_000 + 1) / 7) }
}
