import { lookup } from './access.ts'
import type { Parameter } from './parameters.ts'
import { solid } from './solid.ts'
import { show, Undefined } from './values.ts'

/** The name of an attribute, with dots for those inside of it, or the index of an item. */
export const path: Parameter<string> = { read: show }

interface Path {
  readonly steps: readonly (string | number)[]
  readonly place: { readonly line: number; readonly column: number; readonly path: string }
}

const known = new Map<string, Path>()

// A list of thousands is gone over with one path.
const pathOf = (text: string): Path => {
  const found = known.get(text)
  if (found !== undefined) return found
  const steps = text.split('.').map(step => (/^\d+$/.test(step) ? Number(step) : step))
  const made: Path = { steps, place: { line: 0, column: 0, path: text } }
  if (known.size > 1000) known.clear()
  known.set(text, made)
  return made
}

/** What is found along a path such as `a.b.0`; undefined where it ends, or what stands for what is missing. */
export function follow(item: unknown, path_: string, otherwise?: unknown): unknown {
  const { steps, place } = pathOf(path_)
  let at = item
  for (const step of steps) {
    at = lookup(at, step, place)
    if (at instanceof Undefined && otherwise !== undefined) at = otherwise
  }
  return at
}

/** The same; `otherwise`, when there is one, stands for what is missing. */
export const attributeOf = (item: unknown, path_: string | null, otherwise?: unknown): unknown => {
  if (path_ === null) return solid(item)
  return solid(follow(item, path_, otherwise))
}

export const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
