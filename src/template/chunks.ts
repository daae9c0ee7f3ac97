import { TemplateError } from './error.ts'
import { Temporal } from './moment.ts'
import { solid } from './solid.ts'
import { ExactNumber, isDict, OMIT, show, Tuple, Undefined } from './values.ts'

/** What a template wrote, piece by piece; values keep their types until it is known that they stand in a text. */
export type Chunks = unknown[]

/**
 * What pieces come to, as Ansible puts them together: null is no piece, no pieces are null, one piece is its own value,
 * more are a text, in which `omit` is nothing.
 */
export function joined(chunks: Chunks, spend: (text: string) => string): unknown {
  if (chunks.length === 1) return chunks[0]
  let first: unknown = null
  let count = 0
  let text = ''
  for (const chunk of chunks) {
    if (chunk === null) continue
    if (count++ === 0) first = chunk
    else {
      if (count === 2) text = textOf(first, spend)
      text += textOf(chunk, spend)
    }
  }
  return count < 2 ? first : text
}

const textOf = (value: unknown, spend: (text: string) => string): string =>
  typeof value === 'string' ? value : value === OMIT ? '' : spend(show(value))

/**
 * A value as it leaves a template: tuples are lists, what is omitted is gone, all that is in it is defined, and dates
 * in it are texts. A copy where the
 * rest of the template may still change it.
 */
export function finished(value: unknown, copied = false): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function') throw new TemplateError('a function is not a value', { line: 1, column: 1 })
    return value
  }
  if (value instanceof Undefined) return value.silent ? '' : solid(value)
  if (value instanceof ExactNumber) return value
  if (Array.isArray(value)) {
    let changed = copied || value instanceof Tuple
    const items: unknown[] = []
    for (const item of value) {
      const done = typeof item === 'string' ? item : item instanceof Temporal ? item.toString() : finished(item, copied)
      if (done !== item || done === OMIT) changed = true
      if (done !== OMIT) items.push(done)
    }
    return changed ? items : value
  }
  return isDict(value) ? finishedDict(value, copied) : value
}

// What is read when it is asked for (another host's variables) was finished by whoever answers.
const finishedDict = (value: Readonly<Record<string, unknown>>, copied: boolean): unknown => {
  const entries: [string, unknown][] = []
  let changed = copied
  for (const key of Object.keys(value)) {
    const described = Object.getOwnPropertyDescriptor(value, key)
    if (described === undefined || described.get !== undefined) return value
    const item: unknown = described.value
    const done = typeof item === 'string' ? item : item instanceof Temporal ? item.toString() : finished(item, copied)
    if (done !== item || done === OMIT) changed = true
    if (done !== OMIT) entries.push([key, done])
  }
  return changed ? Object.fromEntries(entries) : value
}
