import { findSource } from '../../load/playbook/find-source.ts'
import { checkParam, checkParams } from '../../load/schema/check-params.ts'
import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import { jsonText } from '../../model/json-text.ts'
import { type Evaluated, expressionKind, sourcesOf } from '../../model/params.ts'
import type { Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { evaluate, renderText, type Scope, type TemplateOptions } from '../../template/template.ts'
import { show } from '../../template/values.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import { lines, type Script, sh } from '../../text/sh.ts'
import { conditionOf } from '../../values/condition.ts'
import { turnOf } from '../../values/loop-turn.ts'
import { faultAt, holds, lazyParams, renderDeep } from '../../values/render.ts'

/** A task, or one turn of its loop, on one host: everything to look, decide and act with. */
export interface Item {
  readonly task: Task
  readonly type: AnyTaskType
  readonly scope: Scope
  /** Rendered when read; defaults of the schema filled in. */
  readonly lazy: JsonObject
  /** `undefined` without a loop. */
  readonly value?: unknown
  readonly label?: string
  /** What the loop says of this turn: its item under `loop_var`, its number, `ansible_loop`. */
  readonly turn: Readonly<Record<string, unknown>>
  readonly template: TemplateOptions
}

export interface ItemSource {
  readonly task: Task
  readonly type: AnyTaskType
  readonly template: TemplateOptions
  /** The task's scope with these variables on top, as data. */
  readonly scope: (extra: Readonly<Record<string, unknown>>) => Scope
}

/** The turns of a task whose `when` may still skip them. A loop that cannot be had is no error when `when` is false without it. */
export function itemsOf(source: ItemSource): readonly Item[] | 'skipped' {
  const { task, type, template } = source
  const item = (turn: Item['turn'], named: { value?: unknown; label?: string }): Item => {
    const scope = source.scope(turn)
    return {
      task,
      type,
      scope,
      template,
      turn,
      ...named,
      lazy: withDefaults(
        type,
        lazyParams(task.params, scope, {
          template,
          locate: task.locate,
          type: type.name,
          check: (name, value) => checkedParam(task, type, { name, value }),
        }) as JsonObject,
      ),
    }
  }
  const loop = task.loop
  if (loop === undefined) return [item({}, {})]
  const outside = source.scope({})
  let list: unknown
  try {
    list = renderDeep(loop.items, outside, template)
  } catch (error) {
    const told = faultAt(error, loop.at)
    if (told instanceof Fault && skippedWithoutItem(task, outside, template)) return 'skipped'
    throw told
  }
  if (!Array.isArray(list))
    throw new Fault('loop', `a loop takes a list, this is ${list === null ? 'null' : typeof list}`, {
      at: loop.at,
      hint: "a map becomes a list by '| dict2items'",
    })
  return list.map((value: unknown, index) => {
    const turn = turnOf(loop, list, index)
    return item(turn, { value, label: labelOf(value, loop.label, { scope: source.scope(turn), template }) })
  })
}

const checkedParam = (
  { locate }: Task,
  type: AnyTaskType,
  param: { readonly name: string; readonly value: unknown },
): unknown => {
  if (expressionKind(type.params, param.name) !== undefined) return param.value
  const { value, faults } = checkParam(type, param, locate)
  if (faults.length > 0) throw Fault.of(faults)
  return value
}

const skippedWithoutItem = (task: Task, scope: Scope, template: TemplateOptions): boolean => {
  try {
    return !holds(task.inherited.when, scope, template)
  } catch {
    return false
  }
}

const labelOf = (
  value: unknown,
  label: string | undefined,
  with_: { readonly scope: Scope; readonly template: TemplateOptions },
): string => {
  if (label !== undefined) return show(renderDeep(label, with_.scope, with_.template))
  if (value !== null && typeof value === 'object' && !(value instanceof ExactNumber)) {
    const { name, key, path, dest } = value as Record<string, unknown>
    const told = name ?? key ?? path ?? dest
    if (typeof told === 'string') return told
    return jsonText(value)
  }
  return show(value)
}

/** A param that is not given, or that its template omits, has the default of the schema. */
const withDefaults = (type: AnyTaskType, given: JsonObject): JsonObject => {
  const defaults = new Map(
    Object.entries(type.params.properties).flatMap(([name, schema]) =>
      'default' in schema ? [[name, schema.default] as const] : [],
    ),
  )
  const params = {}
  for (const name of new Set([...Object.keys(given), ...defaults.keys()]))
    Object.defineProperty(params, name, {
      enumerable: true,
      get: () => given[name] ?? (defaults.has(name) ? structuredClone(defaults.get(name)) : given[name]),
    })
  return params
}

/** All params rendered, checked against the type's schema, sources read. Throws a `Fault` at the place of the bad value. */
export async function fullParams(item: Item): Promise<JsonObject> {
  const { task, type, scope, template } = item
  const rendered: Record<string, unknown> = {}
  for (const name of Object.keys(item.lazy)) {
    const kind = expressionKind(type.params, name)
    if (kind !== undefined) {
      const all = expressions(task, name, { scope, template })
      rendered[name] = kind === 'expression' ? all[0] : all
    } else if (item.lazy[name] !== undefined) rendered[nameOf(item, name)] = item.lazy[name]
  }
  const { params, faults } = checkParams(type, rendered as JsonObject, task.locate)
  if (faults.length > 0) throw Fault.of(faults)
  for (const [name, kind] of sourcesOf(type.params)) {
    const src = params[name]
    if (typeof src !== 'string') continue
    const found = await findSource(task, kind, src)
    const { path, bytes } = found
    params[name] = kind === 'file' ? { path, bytes } : { path, text: textOf(found, { scope, template }) }
  }
  return params as JsonObject
}

/** Where any name is a param (`set_fact`), a name may be a template: what it gives must be the name of a variable. */
const nameOf = ({ task, scope, template }: Item, name: string): string => {
  if (!/\{[{%]/.test(name)) return name
  const at = task.locate([task.type, name], 'key')
  try {
    const given = renderDeep(name, scope, template)
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
  with_: { readonly scope: Scope; readonly template: TemplateOptions },
): string => {
  try {
    return renderText(Buffer.from(found.bytes).toString('utf8'), with_.scope, with_.template)
  } catch (error) {
    throw faultAt(error, { file: found.path, line: 1, column: 1 })
  }
}

const expressions = (
  task: Task,
  name: string,
  with_: { readonly scope: Scope; readonly template: TemplateOptions },
): readonly Evaluated[] => {
  const raw = task.params[name]
  return (Array.isArray(raw) ? raw : [raw]).map((expression: unknown, i) => {
    try {
      const value = typeof expression === 'string' ? evaluate(expression, with_.scope, with_.template) : expression
      return { expression: String(expression), value, holds: conditionOf(value) }
    } catch (error) {
      throw faultAt(error, task.locate(Array.isArray(raw) ? [task.type, name, i] : [task.type, name]))
    }
  })
}

/** `environment:` as exports in front of a script; values travel inside the script, never in an argv. */
export function environmentOf(item: Item): Script | undefined {
  const merged: Record<string, string> = {}
  for (const map of item.task.inherited.environment) {
    const rendered = renderDeep(map, item.scope, item.template)
    if (rendered === null || typeof rendered !== 'object')
      throw new Fault('environment', 'environment takes a map of names and values', { at: item.task.at })
    for (const [name, value] of Object.entries(rendered)) merged[name] = show(value)
  }
  const exports = Object.entries(merged).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new Fault('environment', `'${name}' cannot be the name of an environment variable`, { at: item.task.at })
    // What leaves the C locale of looks for the host's own (a command, `unless`) takes this one instead.
    return name === 'LC_ALL' ? sh`export LC_ALL=${value}; mlplay_locale=$LC_ALL` : sh`export ${name}=${value}`
  })
  return exports.length === 0 ? undefined : lines(...exports)
}

/** Which shell an item wants. */
export interface ShellWish {
  readonly user: string | undefined
  readonly method: string
  readonly host: string | undefined
}
