import { integer } from '../../text/exact-number.ts'
import { anything, items, nullable, number, oneOf, optional, perhaps, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { BigInteger, Float, float, plain, show, typeName } from '../values.ts'
import { parseFloat_, parseInt_ } from './ints.ts'

const isWhole = (value: unknown): value is number | BigInteger | boolean =>
  value instanceof BigInteger || typeof value === 'boolean' || (typeof value === 'number' && Number.isInteger(value))

const asInt = (value: unknown): unknown => {
  const bare = plain(value)
  if (value instanceof BigInteger) return value
  if (typeof bare === 'boolean') return Number(bare)
  return typeof bare === 'number' && Number.isFinite(bare) ? integer(BigInt(Math.trunc(bare))) : undefined
}

const rounded = (value: number, digits: number): number => {
  const scale = 10 ** digits
  const scaled = value * scale
  const low = Math.floor(scaled)
  // Python rounds a true half to even; 2.345 is none, its binary value lies above.
  const half = scaled - low === 0.5 && Number.isInteger(value * 2 ** 20)
  if (half || digits < 0) return (half && low % 2 === 0 ? low : Math.round(scaled)) / scale
  return Number(value.toFixed(Math.min(100, digits)))
}

const roundedInt = (value: bigint, digits: number): number | BigInteger => {
  const scale = 10n ** BigInt(-digits)
  const low = ((value % scale) + scale) % scale
  const down = value - low
  const up = low * 2n > scale || (low * 2n === scale && (down / scale) % 2n !== 0n)
  return integer(up ? down + scale : down)
}

const calculated = (name: string, value: number): number | Float => {
  if (Number.isFinite(value)) return float(value)
  throw new TypeError(`${name} has no result for this number`)
}

/** Filters that make numbers and calculate. */
export const numberFilters: Routines = {
  int: routine(
    { value: anything, default: optional(perhaps, 0), base: optional(whole, 10) },
    ({ value, default: otherwise, base }) => {
      if (base !== 0 && (base < 2 || base > 36)) throw new RangeError('int takes a base of 0 or 2 to 36')
      if (typeof value !== 'string') return asInt(value) ?? otherwise
      const found = parseInt_(value, base)
      return found ?? asInt(parseFloat_(value)) ?? otherwise
    },
  ),
  float: routine({ value: anything, default: optional(perhaps, new Float(0)) }, ({ value, default: otherwise }) => {
    const bare = plain(value)
    const found =
      typeof bare === 'string'
        ? parseFloat_(bare)
        : bare === null || typeof bare === 'object'
          ? undefined
          : Number(bare)
    return found === undefined ? otherwise : float(found)
  }),
  abs: routine({ x: anything }, ({ x }) => {
    if (x instanceof BigInteger) return x.value < 0n ? integer(-x.value) : x
    const size = Math.abs(number.read(x))
    return x instanceof Float ? float(size) : size
  }),
  round: routine(
    { value: anything, precision: optional(whole, 0), method: optional(oneOf('common', 'ceil', 'floor'), 'common') },
    ({ value, precision, method }) => {
      const bare = number.read(value)
      if (method !== 'common') {
        const scale = 10 ** precision
        // Python's ceil gives an integer, which has no negative zero.
        return float((Math[method](bare * scale) + 0) / scale)
      }
      if (isWhole(value))
        return precision >= 0
          ? typeof value === 'bigint'
            ? value
            : Number(value)
          : roundedInt(BigInt(plain(value) as number), precision)
      return float(rounded(bare, precision))
    },
  ),
  log: routine({ x: number, base: optional(number, Math.E) }, ({ x, base }) => {
    if (x <= 0 || base <= 0 || base === 1) throw new TypeError('log takes numbers above 0')
    return calculated('log', base === 10 ? Math.log10(x) : base === Math.E ? Math.log(x) : Math.log(x) / Math.log(base))
  }),
  pow: routine({ x: number, y: number }, ({ x, y }) => calculated('pow', x ** y)),
  root: routine({ x: number, base: optional(number, 2) }, ({ x, base }) =>
    calculated('root', base === 2 ? Math.sqrt(x) : x ** (1 / base)),
  ),
  random: routine(
    { end: anything, start: nullable(whole), step: nullable(whole), seed: optional(anything, null) },
    ({ end, start, step, seed }, { options }) => {
      const draw = seed === null ? (options.random ?? Math.random)() : seeded(show(seed))()
      if (typeof end === 'number' || typeof end === 'boolean') {
        const from = start || 0
        const by = step || 1
        const count = Math.ceil((whole.read(end) - from) / by)
        if (count <= 0) throw new RangeError(`random: there is no number from ${from} below ${show(end)}`)
        return from + by * Math.floor(draw * count)
      }
      if (start || step) throw new TypeError('random takes start and step with a number only')
      const all = items.read(end)
      if (all.length === 0) throw new TypeError('random cannot choose from an empty list')
      return all[Math.floor(draw * all.length)]
    },
  ),
  shuffle: routine({ mylist: anything, seed: optional(anything, null) }, ({ mylist, seed }, { options }) => {
    if (!Array.isArray(mylist) && typeof mylist !== 'string')
      throw new TypeError(`shuffle takes a list, not '${typeName(mylist)}'`)
    const draw = seed === null ? (options.random ?? Math.random) : seeded(show(seed))
    const all = [...items.read(mylist)]
    for (let i = all.length - 1; i > 0; i--) {
      const other = Math.floor(draw() * (i + 1))
      ;[all[i], all[other]] = [all[other], all[i]]
    }
    return all
  }),
}

/** The same numbers in [0, 1) for the same seed, on every machine. */
const seeded = (seed: string): (() => number) => {
  let state = 2166136261
  for (const char of seed) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16777619)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
