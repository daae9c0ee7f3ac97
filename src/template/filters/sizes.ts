import { integer } from '../../text/exact-number.ts'
import { toFixed } from '../../text/fixed.ts'
import { anything, flag, nullable, number, optional, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { show } from '../values.ts'
import { parseFloat_ } from './ints.ts'

const PREFIXES = 'YZEPTGMKB'
const limitOf = (prefix: string): number => 1024 ** (PREFIXES.length - 1 - PREFIXES.indexOf(prefix))
const words: Readonly<Record<string, string>> = {
  Y: 'yotta',
  Z: 'zetta',
  E: 'exa',
  P: 'peta',
  T: 'tera',
  G: 'giga',
  M: 'mega',
  K: 'kilo',
  B: '',
}

/** Filters between numbers of bytes and what people read. */
export const sizeFilters: Routines = {
  human_readable: routine({ size: number, isbits: optional(flag, false), unit: nullable(text) }, call => {
    const wanted = call.unit === null ? undefined : call.unit.toUpperCase()
    const prefix = [...PREFIXES].find(one => (wanted === undefined ? call.size >= limitOf(one) : wanted === one)) ?? 'B'
    const base = call.isbits ? 'bits' : 'Bytes'
    return `${toFixed(call.size / limitOf(prefix), 2)} ${prefix === 'B' ? base : prefix + base.charAt(0)}`
  }),
  human_to_bytes: routine(
    { size: anything, default_unit: nullable(text), isbits: optional(flag, false) },
    ({ size, default_unit, isbits }) => {
      const found = /^(\d*\.?\d+)(?:\s*([A-Za-z]+))?\s*$/.exec(show(size))
      if (found === null) throw new TypeError(`human_to_bytes cannot read '${show(size)}'`)
      const value = Number(found[1])
      const unit = found[2] ?? default_unit
      if (unit === null) return integer(BigInt(roundHalfEven(value)))
      const prefix = unit.charAt(0).toUpperCase()
      if (!PREFIXES.includes(prefix))
        throw new TypeError(`human_to_bytes: '${unit}' begins with none of ${[...PREFIXES].join(', ')}`)
      const word = `${words[prefix]}${isbits ? 'bit' : 'byte'}`
      const short = prefix === 'B' ? (isbits ? 'b' : 'B') : prefix + (isbits ? 'b' : 'B')
      if (unit.length > 1 && unit.toLowerCase() !== word && unit !== short)
        throw new TypeError(`human_to_bytes: '${unit}' is neither '${short}' nor '${word}'`)
      return integer(BigInt(roundHalfEven(value * limitOf(prefix))))
    },
  ),
  filesizeformat: routine({ value: anything, binary: optional(flag, false) }, ({ value, binary }) => {
    const size = typeof value === 'string' ? parseFloat_(value) : number.read(value)
    if (size === undefined) throw new TypeError(`filesizeformat takes a number, not '${show(value)}'`)
    const base = binary ? 1024 : 1000
    if (size === 1) return '1 Byte'
    if (size < base) return `${Math.trunc(size)} Bytes`
    const prefixes = binary ? 'KMGTPEZY' : 'kMGTPEZY'
    const power = [...prefixes].findIndex((_, i) => size < base ** (i + 2))
    const at = power < 0 ? prefixes.length - 1 : power
    return `${toFixed((base * size) / base ** (at + 2), 1)} ${prefixes[at]}${binary ? 'i' : ''}B`
  }),
}

const roundHalfEven = (value: number): number => {
  const low = Math.floor(value)
  return value - low === 0.5 ? low + (low % 2) : Math.round(value)
}
