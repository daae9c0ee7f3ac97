import { wholeFloatText } from './number-text.ts'

/**
 * A number that a JavaScript number would change: it stands in variables wherever a number can. Where a schema asks for
 * a number it becomes one; everywhere else it is written as it was.
 */
export abstract class ExactNumber {
  abstract readonly value: number | bigint
  /** As Python writes it. */
  abstract toString(): string
  /** For `JSON.stringify`, which knows no such numbers; `jsonText` writes them as they are. */
  abstract toJSON(): number | string

  valueOf(): number | bigint {
    return this.value
  }
}

/** A float without a fraction: `1.0`, which is not `1`. Other floats are plain numbers. */
export class Float extends ExactNumber {
  readonly value: number

  constructor(value: number) {
    super()
    this.value = value
  }

  override toString(): string {
    return wholeFloatText(this.value)
  }

  override toJSON(): number {
    return this.value
  }
}

/** An integer beyond 2^53 - 1 or below its negative, with all its digits. */
export class BigInteger extends ExactNumber {
  readonly value: bigint

  constructor(value: bigint) {
    super()
    this.value = value
  }

  override toString(): string {
    return this.value.toString()
  }

  override toJSON(): string {
    return this.value.toString()
  }
}

export const float = (value: number): number | Float => (Number.isInteger(value) ? new Float(value) : value)

export const integer = (value: bigint): number | BigInteger => {
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : new BigInteger(value)
}

// As many digits as Python reads and writes.
const MOST_DIGITS = 4300

/** The integer that decimal digits spell, or `undefined` where there are too many of them. */
export const integerOf = (digits: string): number | BigInteger | undefined => {
  const small = Number(digits)
  if (Number.isSafeInteger(small)) return small === 0 ? 0 : small
  return digits.length > MOST_DIGITS ? undefined : integer(BigInt(digits.replace(/^\+/, '')))
}

/** The value with plain numbers in place of exact ones: for a schema, which knows no others. Itself where it has none. */
export function plainNumbers(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value.value)
  if (Array.isArray(value)) {
    const items = value.map(plainNumbers)
    return items.some((item, i) => item !== value[i]) ? items : value
  }
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  const entries = Object.entries(value).map(([key, item]) => [key, item, plainNumbers(item)] as const)
  return entries.some(([, item, plain]) => item !== plain)
    ? Object.fromEntries(entries.map(([key, , plain]) => [key, plain]))
    : value
}
