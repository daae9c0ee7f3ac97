import { randomUUID } from 'node:crypto'
import { float, integerOf } from '../text/exact-number.ts'
import type { Json } from './json.ts'

// No text can hold it by chance or on purpose: it is another one in each process.
const MARK = `number ${randomUUID()}`
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(\.\d+)?([eE][-+]?\d+)?/g

/** JSON with its numbers exact: `1.0` is a float, an integer keeps all its digits. Throws a `SyntaxError`. */
export function readJson(text: string): Json {
  const value = JSON.parse(text) as Json
  if (!/\d[.eE]|\d{16}/.test(text)) return value
  const marked = text.replace(TOKENS, (token, fraction?: string, power?: string) => {
    if (token.startsWith('"')) return token
    const whole = fraction === undefined && power === undefined
    const plain = Number(token)
    return (whole ? Number.isSafeInteger(plain) : !Number.isInteger(plain)) ? token : `{"${MARK}":"${token}"}`
  })
  return JSON.parse(marked, (_, one: unknown) => numberOf(one)) as Json
}

const numberOf = (one: unknown): unknown => {
  if (one === null || typeof one !== 'object' || !Object.hasOwn(one, MARK)) return one
  const digits = String((one as Readonly<Record<string, unknown>>)[MARK])
  if (/[.eE]/.test(digits)) return float(Number(digits))
  const exact = integerOf(digits)
  if (exact === undefined) throw new SyntaxError(`a number of ${digits.length} digits is too long`)
  return exact
}
