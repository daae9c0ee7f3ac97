import type { Fault } from '../model/fault.ts'
import type { JsonObject } from '../model/json.ts'
import type { Locate } from '../model/playbook.ts'
import type { AnyTaskType } from '../model/task-type.ts'
import { validate } from './validate.ts'

export interface CheckedParams {
  readonly params: Record<string, unknown>
  readonly faults: readonly Fault[]
}

interface Property {
  readonly type?: string | readonly string[]
  /** No number stands for this text. */
  readonly verbatim?: boolean
}

/**
 * Rendered params against the type's schema. Texts that came from `-e` or a template become the number or boolean that
 * the schema asks for, a number becomes the text it asks for; nothing else is converted.
 */
export function checkParams(type: AnyTaskType, rendered: JsonObject, locate: Locate): CheckedParams {
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rendered)) {
    const property = (type.params.properties[name] ?? {}) as Property
    const types = typeof property.type === 'string' ? [property.type] : (property.type ?? [])
    params[name] = property.verbatim === true ? value : fitting(value, types)
  }
  const expressions = new Set(type.expressions ?? [])
  const checked =
    expressions.size === 0
      ? params
      : Object.fromEntries(
          Object.entries(params).map(([name, value]) => [
            name,
            expressions.has(name) ? texts(value as readonly { expression: string }[]) : value,
          ]),
        )
  return {
    params,
    faults: validate(type.params, checked, { what: type.name, locate, path: [type.name], templates: false }),
  }
}

// The schema was written for what stands in the playbook: one expression is a text there.
const texts = (tried: readonly { readonly expression: string }[]): string | readonly string[] => {
  const [first, ...more] = tried.map(one => one.expression)
  return first !== undefined && more.length === 0 ? first : tried.map(one => one.expression)
}

const fitting = (value: unknown, types: readonly string[]): unknown => {
  if (types.length === 0) return value
  if (typeof value === 'string' && !types.includes('string')) {
    if ((types.includes('integer') || types.includes('number')) && /^[+-]?\d+(\.\d+)?$/.test(value.trim()))
      return Number(value)
    if (types.includes('boolean') && /^(true|false)$/i.test(value.trim())) return value.trim().toLowerCase() === 'true'
  }
  if (typeof value === 'number' && types.includes('string') && !types.includes('number') && !types.includes('integer'))
    return String(value)
  return value
}
