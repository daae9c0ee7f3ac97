import { Fault } from '../../model/fault.ts'
import { jsonText } from '../../model/json-text.ts'
import type { Loop, Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { show } from '../../template/values.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import { turnOf } from '../../values/loop-turn.ts'
import { quietly } from '../../values/quietly.ts'
import { faultAt, renderDeep } from '../../values/render.ts'
import type { HostTask, Item } from './item.ts'
import { Keywords, type Resolving } from './keywords.ts'
import { lazyParams } from './params.ts'

export function taskOn(task: Task, on: Resolving): HostTask {
  const scope = on.scopeOf(task, {})
  return { task, scope, on, keywords: new Keywords(task, scope, on) }
}

export function typeOf(task: Task, { types }: Pick<Resolving, 'types'>): AnyTaskType {
  const type = types.get(task.type)
  if (type === undefined) throw new Fault('task-type', `there is no task type '${task.type}'`, { at: task.at })
  return type
}

/**
 * The turns of a task whose `when` may still skip them. A loop that cannot be had is no error where `when` is false
 * without it: `skipped`.
 */
export function expand(host: HostTask): readonly Item[] | 'skipped' {
  const { task, on } = host
  const type = typeOf(task, on)
  if (task.loop === undefined) return [itemOf(host, type, { turn: {}, index: 0 })]
  const list = listOf(host, task.loop)
  if (list === undefined) return 'skipped'
  return list.map((value, index) => turned(host, type, { loop: task.loop as Loop, list, value, index }))
}

/** The same turn, with nothing rendered yet. */
export function renewed({ task, on, type, turn, index, label }: Item): Item {
  const scope = on.scopeOf(task, turn)
  const named = label === undefined ? {} : { label }
  return { ...itemOf({ task, on, scope, keywords: new Keywords(task, scope, on) }, type, { turn, index }), ...named }
}

function turned(
  { task, on }: HostTask,
  type: AnyTaskType,
  of: { readonly loop: Loop; readonly list: readonly unknown[]; readonly value: unknown; readonly index: number },
): Item {
  const turn = turnOf(of.loop, of.list, of.index)
  const scope = on.scopeOf(task, turn)
  const { label } = of.loop
  return {
    ...itemOf({ task, on, scope, keywords: new Keywords(task, scope, on) }, type, { turn, index: of.index }),
    label: label === undefined ? labelOf(of.value) : show(renderDeep(label, scope, on.template)),
  }
}

const itemOf = (host: HostTask, type: AnyTaskType, turn: Pick<Item, 'turn' | 'index'>): Item => ({
  ...host,
  ...turn,
  type,
  template: host.on.template,
  lazy: lazyParams(host, type),
})

function listOf({ scope, keywords, on }: HostTask, loop: Loop): readonly unknown[] | undefined {
  let list: unknown
  try {
    list = renderDeep(loop.items, scope, on.template)
  } catch (error) {
    const told = faultAt(error, loop.at)
    if (told instanceof Fault && quietly(() => keywords.unmet, undefined) !== undefined) return undefined
    throw told
  }
  if (Array.isArray(list)) return list
  throw new Fault('loop', `a loop takes a list, this is ${list === null ? 'null' : typeof list}`, {
    at: loop.at,
    hint: "a map becomes a list by '| dict2items'",
  })
}

const labelOf = (value: unknown): string => {
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) return show(value)
  const { name, key, path, dest } = value as Record<string, unknown>
  const told = name ?? key ?? path ?? dest
  return typeof told === 'string' ? told : jsonText(value)
}
