import { findSource } from '../../load/playbook/find-source.ts'
import { checkParam, checkParams } from '../../load/schema/check-params.ts'
import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import { type Evaluated, expressionKind, sourcesOf } from '../../model/params.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { evaluate, renderText } from '../../template/template.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import type { Secrets } from '../../text/redact.ts'
import { conditionOf } from '../../values/condition.ts'
import type { Answer } from '../../values/need.ts'
import { faultAt, omitted, renderDeep } from '../../values/render.ts'
import type { HostTask, Item } from './item.ts'

type Reading = Pick<HostTask, 'task' | 'scope' | 'on'>

/** Reads a value, and gathers first what it needs where that can be had. */
export type Settle = <T>(read: () => T) => Promise<Answer<T>>

const defaults = new WeakMap<AnyTaskType, ReadonlyMap<string, unknown>>()

const defaultsOf = (type: AnyTaskType): ReadonlyMap<string, unknown> => {
  const known = defaults.get(type)
  if (known !== undefined) return known
  const all = Object.entries(type.params.properties)
  const made = new Map(all.flatMap(([name, schema]) => ('default' in schema ? [[name, schema.default] as const] : [])))
  defaults.set(type, made)
  return made
}

/**
 * Params that render when they are read: a probe touches few, so the rest may wait for facts and results. One that is not
 * given, or that its template omits, has the default of the schema.
 */
export function lazyParams(of: Reading, type: AnyTaskType): JsonObject {
  const { params: raw } = of.task
  const params = {}
  const otherwise = defaultsOf(type)
  for (const name of Object.keys(raw)) {
    let done = false
    let value: unknown
    const get = () => {
      if (done) return value
      value = renderParam(of, type, name)
      if ((value ?? undefined) === undefined && otherwise.has(name)) value = structuredClone(otherwise.get(name))
      done = true
      return value
    }
    Object.defineProperty(params, name, { enumerable: true, get })
  }
  for (const [name, value] of otherwise)
    if (!Object.hasOwn(raw, name))
      Object.defineProperty(params, name, { value: structuredClone(value), enumerable: true })
  return params
}

function renderParam({ task, scope, on }: Reading, type: AnyTaskType, name: string): unknown {
  const raw = task.params[name]
  try {
    const rendered = renderDeep(raw, scope, on.template)
    if (rendered === omitted) return undefined
    // What stands in the playbook as it is was checked before the first host; an expression is no value yet.
    if (rendered === raw || expressionKind(type.params, name) !== undefined) return rendered
    const { value, faults } = checkParam(type, { name, value: rendered }, on.places(task.source))
    if (faults.length > 0) throw Fault.of(faults)
    return value
  } catch (error) {
    throw faultAt(error, on.places(task.source)([type.name, name]))
  }
}

/**
 * All params as `plan` takes them: rendered, checked against the type's schema, sources read. Throws a `Fault` at the
 * place of a bad value.
 */
export async function planParams(item: Item, settle: Settle): Promise<Answer<JsonObject>> {
  const read = await settle(() => checkedParams(item))
  if (read.needs !== undefined) return read
  const params: Record<string, unknown> = { ...read.value }
  for (const [name, kind] of sourcesOf(item.type.params)) {
    const src = params[name]
    if (typeof src !== 'string') continue
    const found = await findSource(item.task, kind, {
      src,
      at: item.on.places(item.task.source)([item.type.name, 'src']),
    })
    const { path, bytes } = found
    if (kind === 'file') params[name] = { path, bytes }
    else {
      const text = await settle(() => textOf(found, item))
      if (text.needs !== undefined) return text
      params[name] = { path, text: text.value }
    }
  }
  return { value: params as JsonObject }
}

function checkedParams(item: Item): JsonObject {
  const { task, type, lazy, on } = item
  const rendered: Record<string, unknown> = {}
  for (const name of Object.keys(lazy)) {
    const kind = expressionKind(type.params, name)
    if (kind !== undefined) {
      const all = expressions(item, name)
      rendered[name] = kind === 'expression' ? all[0] : all
    } else if (lazy[name] !== undefined) rendered[nameOf(item, name)] = lazy[name]
  }
  const { params, faults } = checkParams(type, rendered as JsonObject, on.places(task.source))
  if (faults.length > 0) throw Fault.of(faults)
  return params as JsonObject
}

/** Where any name is a param (`set_fact`), a name may be a template: what it gives must be the name of a variable. */
const nameOf = ({ task, scope, on }: Reading, name: string): string => {
  if (!/\{[{%]/.test(name)) return name
  const at = on.places(task.source)([task.type, name], 'key')
  try {
    const given = renderDeep(name, scope, on.template)
    if (typeof given === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(given)) return given
    throw new Fault('variable-name', `'${String(given)}' cannot be the name of a variable`, {
      hint: 'letters, digits and _ only, no digit first',
    })
  } catch (error) {
    throw faultAt(error, at)
  }
}

const textOf = (
  found: { readonly path: string; readonly bytes: Uint8Array },
  { scope, on }: Pick<Reading, 'scope' | 'on'>,
): string => {
  try {
    return renderText(Buffer.from(found.bytes).toString('utf8'), scope, on.template)
  } catch (error) {
    throw faultAt(error, { file: found.path, line: 1, column: 1 })
  }
}

const expressions = ({ task, scope, on }: Reading, name: string): readonly Evaluated[] => {
  const raw = task.params[name]
  return (Array.isArray(raw) ? raw : [raw]).map((expression: unknown, i) => {
    try {
      const value = typeof expression === 'string' ? evaluate(expression, scope, on.template) : expression
      return { expression: String(expression), value, holds: conditionOf(value) }
    } catch (error) {
      const path = Array.isArray(raw) ? [task.type, name, i] : [task.type, name]
      throw faultAt(error, on.places(task.source)(path))
    }
  })
}

/** Tells the masks which values of an item are secret: the params that its type names. */
export function noteSecrets({ type, task, lazy }: Item, secrets: Secrets): void {
  for (const [name = '', ...rest] of type.secrets ?? [])
    if (Object.hasOwn(task.params, name)) walk(lazy[name], rest, secrets)
}

const walk = (value: unknown, path: readonly string[], secrets: Secrets): void => {
  const [step, ...rest] = path
  if (step === undefined) {
    if (typeof value === 'string' || typeof value === 'number' || value instanceof ExactNumber)
      secrets.add(String(value))
  } else if (step === '*') {
    if (Array.isArray(value)) for (const item of value) walk(item, rest, secrets)
  } else if (value !== null && typeof value === 'object') walk((value as Record<string, unknown>)[step], rest, secrets)
}
