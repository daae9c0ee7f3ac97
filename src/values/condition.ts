import { Fault } from '../model/fault.ts'
import { truthy } from '../template/values.ts'
import type { At } from '../text/position.ts'

/**
 * What a value says where a condition stands: the one rule for `when`, `until`, `failed_when`, `changed_when` and
 * `assert`. A text says nothing (`undefined`): "false", "no" and "n > 2" are all true to Python, and never meant so.
 */
export const conditionOf = (value: unknown): boolean | undefined =>
  typeof value === 'string' ? undefined : truthy(value)

/** As `conditionOf`; a text is a fault at the place of the condition. */
export function truth(value: unknown, at: At): boolean {
  const holds = conditionOf(value)
  if (holds === undefined)
    throw new Fault('condition', `this condition gave the text '${String(value)}', not a boolean`, {
      at,
      hint: "compare it (== '...'), ask for its length (| length > 0), or add '| bool' if the variable holds true or false as text",
    })
  return holds
}

/**
 * The value of a keyword that takes a boolean: true, false, or the words for them, as `-e` and INI inventories make
 * texts of everything. Nothing is false; anything else is a fault.
 */
export function booleanOf(value: unknown): boolean {
  if (value === undefined || value === null) return false
  const word = String(typeof value === 'boolean' ? value : show(value))
    .trim()
    .toLowerCase()
  if (/^(true|yes|on|1|t|y)$/.test(word)) return true
  if (/^(false|no|off|0|f|n|)$/.test(word)) return false
  throw new Fault('boolean', `true or false is expected here, not '${word}'`, { hint: 'write true or false' })
}

const show = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value))
