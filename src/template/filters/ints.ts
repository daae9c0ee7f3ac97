import { type BigInteger, integer } from '../../text/exact-number.ts'

const PREFIX: Readonly<Record<number, RegExp>> = { 16: /^0x/i, 8: /^0o/i, 2: /^0b/i }

/** Python's `int(text, base)`; undefined where it refuses. */
export function parseInt_(text: string, base: number): number | BigInteger | undefined {
  const found = /^([+-]?)(\w+)$/.exec(text.trim())
  if (found === null) return undefined
  const [, sign, rest = ''] = found
  // As many digits as Python reads.
  if (rest.length > 4300) return undefined
  const own = base === 0 ? (([16, 8, 2] as const).find(one => PREFIX[one]?.test(rest)) ?? 10) : base
  const digits = rest.replace(PREFIX[own] ?? /^$/, '').replace(/(?<=\w)_(?=[^_])/g, '')
  if (base === 0 && own === 10 && /^0+[1-9]/.test(digits)) return undefined
  if (digits === '' || digits.includes('_')) return undefined
  let value = 0n
  for (const char of digits) {
    const digit = Number.parseInt(char, 36)
    if (!(digit < own)) return undefined
    value = value * BigInt(own) + BigInt(digit)
  }
  return integer(sign === '-' ? -value : value)
}

/** Python's `float(text)`; undefined where it refuses. */
export function parseFloat_(text: string): number | undefined {
  const bare = text.trim()
  const endless = /^([+-]?)inf(inity)?$/i.exec(bare)
  if (endless !== null) return endless[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  if (/^[+-]?nan$/i.test(bare)) return Number.NaN
  return /^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?$/i.test(bare)
    ? Number(bare.replaceAll('_', ''))
    : undefined
}
