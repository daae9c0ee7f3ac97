import type { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Evaluated, expressionKind } from '../../model/params.ts'
import type { Locate } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { coerced, type Schema } from './coerce.ts'
import { validate } from './validate.ts'

export interface CheckedParams {
  readonly params: Record<string, unknown>
  readonly faults: readonly Fault[]
}

/** All rendered params of a task, converted as `coerced` says and checked against the type's schema. */
export function checkParams(type: AnyTaskType, rendered: JsonObject, locate: Locate): CheckedParams {
  const params = coercedParams(type, rendered)
  const checked = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      expressionKind(type.params, name) === undefined ? value : texts(value as Evaluated | readonly Evaluated[]),
    ]),
  )
  return {
    params,
    faults: validate(type.params, checked, { what: type.name, locate, path: [type.name], templates: false }),
  }
}

/**
 * One rendered param, before the others are known: what a probe may read of it. `undefined` when it is one that was not
 * given. Whether all that is needed is there shows when all are known.
 */
export function checkParam(
  type: AnyTaskType,
  param: { readonly name: string; readonly value: unknown },
  locate: Locate,
): { readonly value: unknown; readonly faults: readonly Fault[] } {
  const { name } = param
  const value = fitting(type, name, param.value)
  if (value === undefined) return { value, faults: [] }
  const subject = { what: type.name, locate, path: [type.name], templates: false, only: name }
  return { value, faults: validate(type.params, { [name]: value }, subject) }
}

/** Params as they stand in a playbook or came out of its templates; those that are null were not given. */
export function coercedParams(type: AnyTaskType, given: JsonObject): Record<string, unknown> {
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    const fit = expressionKind(type.params, name) === undefined ? fitting(type, name, value) : value
    if (fit !== undefined || value === undefined) params[name] = fit
  }
  return params
}

// Nothing in the place of what must be there is told as that.
const fitting = (type: AnyTaskType, name: string, value: unknown): unknown => {
  const fit = coerced(value, schemaOf(type, name))
  const needed = value === null && ((type.params['required'] ?? []) as readonly string[]).includes(name)
  return needed ? null : fit
}

const schemaOf = (type: AnyTaskType, name: string): Schema =>
  Object.hasOwn(type.params.properties, name) ? ((type.params.properties[name] ?? {}) as Schema) : {}

// The schema was written for what stands in the playbook: one expression is a text there.
const texts = (read: Evaluated | readonly Evaluated[]): string | readonly string[] => {
  const all = [read].flat().map(one => one.expression)
  const [first, ...more] = all
  return first !== undefined && more.length === 0 ? first : all
}
