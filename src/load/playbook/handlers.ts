import type { Json, JsonObject } from '../../model/json.ts'
import type { Inherited, Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { checkKeywords } from './check-keywords.ts'
import { importedFile } from './imported-file.ts'
import { inherit } from './inherit.ts'
import { atFile, isMap, type LoadSession, listOf, type NodeContext, part, within } from './loading.ts'
import { loadTask } from './task.ts'

/** Names that a list of handlers answers to beside their own, and the files it was imported from, outermost first. */
interface Around {
  readonly listen: readonly string[]
  readonly importing: readonly string[]
}

/**
 * Handlers in the order they are written. Imports and blocks are replaced by the handlers they hold, which answer to its
 * `listen`; those of an `include_tasks` and of a block answer to its name as well.
 */
export function loadHandlers(spot: NodeContext, above: Inherited, loading: LoadSession): readonly Task[] {
  const loaded = listed(spot, above, { loading, around: { listen: [], importing: [] } })
  const seen = new Set<string>()
  for (const handler of loaded) {
    if (handler.named && seen.has(handler.name))
      loading.fault('handler', `there are two handlers '${handler.name}'`, {
        at: loading.places(handler.source)(['name']),
        hint: 'give one of them another name',
      })
    if (handler.named) seen.add(handler.name)
  }
  return loaded
}

interface Context {
  readonly loading: LoadSession
  readonly around: Around
}

function listed(spot: NodeContext, above: Inherited, context: Context): readonly Task[] {
  const { loading } = context
  if (spot.value === null) return []
  if (!Array.isArray(spot.value)) {
    loading.fault('handlers', 'a list of handlers is expected here', { at: spot.locate([]) })
    return []
  }
  return spot.value.flatMap((value: Json, i) => {
    const inner = part(spot, value, i)
    if (isMap(value)) return entry(value, inner, above, context)
    loading.fault('handler', 'a handler is a map', { at: inner.locate([]) })
    return []
  })
}

function entry(value: JsonObject, spot: NodeContext, above: Inherited, context: Context): readonly Task[] {
  const { loading, around } = context
  for (const kind of ['import_tasks', 'include_tasks'] as const)
    if (kind in value) return imported(kind, value, spot, above, context)
  for (const kind of ['import_role', 'include_role'])
    if (kind in value) {
      loading.fault('handler', `a handler cannot be an ${kind}`, {
        at: spot.locate([kind], 'key'),
        hint: "a role's own handlers come with the role; include_tasks takes a file of tasks",
      })
      return []
    }
  if ('block' in value) return blockOf(value, spot, above, context)
  if ('meta' in value) return noop(value, spot, above, context)
  const handler = loadTask(value, spot, { above, loading, handler: true })
  return handler === undefined ? [] : [answering(handler, around.listen)]
}

const answering = (handler: Task, listen: readonly string[]): Task =>
  listen.length === 0 ? handler : { ...handler, listen: [...new Set([...handler.listen, ...listen])] }

/** What an entry that holds handlers answers to. */
const namesOf = (value: JsonObject): readonly string[] => [
  ...(typeof value['name'] === 'string' ? [value['name']] : []),
  ...listOf(value['listen']).map(String),
]

function imported(
  kind: 'import_tasks' | 'include_tasks',
  value: JsonObject,
  spot: NodeContext,
  above: Inherited,
  context: Context,
): readonly Task[] {
  const { loading, around } = context
  const { [kind]: wanted, ...keywords } = value
  checkKeywords('handler import', keywords, { what: kind, locate: spot.locate, loading })
  const found = importedFile(kind, wanted ?? null, spot, { loading, importing: around.importing })
  if (found === undefined) return []
  // Whoever notifies an include means all that it holds; the name of an import is only for readers of the file.
  const listen = kind === 'include_tasks' ? namesOf(value) : listOf(value['listen']).map(String)
  return listed(
    atFile(spot, found.document),
    inherit(inherit(above, keywords, spot.locate), found.apply, within(spot.locate, kind, 'apply')),
    { loading, around: { listen: [...around.listen, ...listen], importing: [...around.importing, found.path] } },
  )
}

function blockOf(value: JsonObject, spot: NodeContext, above: Inherited, context: Context): readonly Task[] {
  const { loading, around } = context
  const { block, ...keywords } = value
  checkKeywords('handler block', value, {
    what: 'a block of handlers',
    locate: spot.locate,
    loading,
    instead: key =>
      key === 'rescue' || key === 'always' ? 'write the block into a file and include_tasks it' : undefined,
  })
  return listed(part(spot, block ?? null, 'block'), inherit(above, keywords, spot.locate), {
    loading,
    around: { ...around, listen: [...around.listen, ...namesOf(value)] },
  })
}

/** A handler that does nothing: a name that can be notified. */
const nothing: AnyTaskType = {
  name: 'meta',
  summary: 'does nothing',
  params: { type: 'object', additionalProperties: false, properties: {} },
  plan: () => [],
}

function noop(value: JsonObject, spot: NodeContext, above: Inherited, { loading, around }: Context): readonly Task[] {
  const { meta, ...rest } = value
  if (meta !== 'noop') {
    loading.fault('handler', `a handler cannot be meta: ${String(meta)}`, {
      at: spot.locate(['meta']),
      hint: 'meta: noop makes a handler that does nothing; the others are steps of a play',
    })
    return []
  }
  const types = new Map(loading.types)
  loading.types.set(nothing.name, nothing)
  const handler = loadTask({ ...rest, meta: {} }, spot, { above, loading, handler: true })
  if (types.has(nothing.name)) loading.types.set(nothing.name, types.get(nothing.name) as AnyTaskType)
  return handler === undefined ? [] : [answering(handler, around.listen)]
}
