import { ExactNumber } from '../text/exact-number.ts'

const DEEPEST = 500

/** A value as JSON with numbers as they are: `1.0`, and integers of any length. `indent` spaces a level; 0 for one line. */
export function jsonText(value: unknown, indent = 0): string {
  const write = (one: unknown, depth: number): string => {
    if (one instanceof ExactNumber) return one.toString()
    if (one === null || typeof one !== 'object' || one instanceof Date) return JSON.stringify(one) ?? 'null'
    if (depth > DEEPEST) throw new RangeError(`the value is nested more than ${DEEPEST} levels deep`)
    if (Array.isArray(one))
      return around(
        '[]',
        one.map(item => write(item, depth + 1)),
        depth,
      )
    const entries = Object.entries(one)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => `${JSON.stringify(key)}:${indent > 0 ? ' ' : ''}${write(item, depth + 1)}`)
    return around('{}', entries, depth)
  }
  const around = (brackets: string, items: readonly string[], depth: number): string => {
    const [open, close] = brackets
    if (items.length === 0 || indent === 0) return `${open}${items.join(',')}${close}`
    const line = `\n${' '.repeat(indent * (depth + 1))}`
    return `${open}${line}${items.join(`,${line}`)}\n${' '.repeat(indent * depth)}${close}`
  }
  return write(value, 0)
}
