import { lookup } from './access.ts'
import type { Parameter } from './parameters.ts'
import { solid } from './solid.ts'
import { show, Undefined } from './values.ts'

/** The name of an attribute, with dots for those inside of it, or the index of an item. */
export const path: Parameter<string> = { read: show }

const UNKNOWN = { line: 0, column: 0 }

/** What is found along a path such as `a.b.0`; undefined where it ends, or what stands for what is missing. */
export function follow(item: unknown, path_: string, otherwise?: unknown): unknown {
  let at = item
  for (const step of path_.split('.')) {
    at = lookup(at, /^\d+$/.test(step) ? Number(step) : step, { ...UNKNOWN, path: path_ })
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
