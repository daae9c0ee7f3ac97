import type { Json, JsonObject } from '../../model/json.ts'
import type { Block, Inherited, Meta, Step, Vars } from '../../model/playbook.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { includeRoleSchema } from '../schema/include-maps.ts'
import { placeSchema } from '../schema/place-schema.ts'
import { validate } from '../schema/validate.ts'
import { insteadOf } from './ansible-habits.ts'
import { checkKeywords } from './check-keywords.ts'
import { applyOf, importedFile } from './imported-file.ts'
import { inherit } from './inherit.ts'
import { atFile, isMap, type LoadSession, type NodeContext, part, within } from './loading.ts'
import { loadTask } from './task.ts'

/** Loads a role by the name in `import_role`; a floor of its own since roles hold steps and steps import roles. */
export type UseRole = (
  wanted: { readonly [key: string]: Json },
  spot: NodeContext,
  above: Inherited,
  kind?: 'import_role' | 'include_role',
) => { readonly steps: readonly Step[] }

export interface StepContext {
  readonly loading: LoadSession
  readonly useRole: UseRole
  /** Files being imported, outermost first: a file that imports itself would never end. */
  readonly importing: readonly string[]
}

/** A list of tasks, blocks and imports; imports are replaced by what they hold. */
export function loadSteps(spot: NodeContext, above: Inherited, context: StepContext): readonly Step[] {
  const { loading } = context
  if (spot.value === null || spot.value === undefined) return []
  if (!Array.isArray(spot.value)) {
    loading.fault('steps', 'a list of tasks is expected here', {
      at: spot.locate([]),
      hint: 'start each task with "- "',
    })
    return []
  }
  return spot.value.flatMap((value: Json, i) => {
    const inner = part(spot, value, i)
    if (isMap(value)) return loadStep(value, inner, above, context)
    loading.fault('task', 'a task is a map', {
      at: inner.locate([]),
      hint: 'for example "- debug: hello"',
    })
    return []
  })
}

const imports = ['import_tasks', 'include_tasks', 'import_role', 'include_role'] as const

function loadStep(
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  above: Inherited,
  context: StepContext,
): readonly Step[] {
  if ('block' in value) return [loadBlock(value, spot, above, context)]
  if ('meta' in value) return loadMeta(value, spot, above, context)
  const kind = imports.find(name => name in value)
  if (kind !== undefined) return loadImport(kind, value, spot, above, context)
  const task = loadTask(value, spot, { above, loading: context.loading, handler: false })
  return task === undefined ? [] : [task]
}

function loadBlock(
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  above: Inherited,
  context: StepContext,
): Block {
  const { loading } = context
  checkKeywords('block', value, {
    what: 'a block',
    locate: spot.locate,
    loading,
    instead: key => (key === 'loop' ? 'put the loop on the tasks inside' : insteadOf(key)),
  })
  const inherited = inherit(above, value, spot.locate)
  const steps = (name: 'block' | 'rescue' | 'always') =>
    loadSteps(part(spot, value[name] ?? null, name), inherited, context)
  return {
    kind: 'block',
    address: spot.address,
    ...(typeof value['name'] === 'string' ? { name: value['name'] } : {}),
    at: spot.locate([]),
    block: steps('block'),
    rescue: steps('rescue'),
    always: steps('always'),
  }
}

export const actions = ['flush_handlers', 'end_host', 'end_batch', 'end_play', 'noop', 'clear_host_errors'] as const

function loadMeta(
  { meta, ...keywords }: { readonly [key: string]: Json },
  spot: NodeContext,
  above: Inherited,
  { loading }: StepContext,
): readonly Meta[] {
  const action = actions.find(name => name === meta)
  if (action === undefined) {
    loading.fault('meta', `meta has no '${String(meta)}'${didYouMean(String(meta), actions)}`, {
      at: spot.locate(['meta']),
      hint: `it is one of ${actions.join(', ')}`,
    })
    return []
  }
  checkKeywords('meta', keywords, {
    what: 'meta',
    locate: spot.locate,
    loading,
    instead: key =>
      Object.hasOwn(placeSchema('import').properties, key)
        ? `leave ${key} out: meta runs nothing on the host, so it has no effect there`
        : insteadOf(key),
  })
  return [
    {
      kind: 'meta',
      address: spot.address,
      action,
      at: spot.locate([]),
      inherited: inherit(above, keywords, spot.locate),
    },
  ]
}

/** What an include is given stands above facts and results for all that it holds; an import's `vars` are a block's. */
const including = (kind: string, inherited: Inherited, vars: Json | undefined): Inherited =>
  kind.startsWith('include') && isMap(vars)
    ? { ...inherited, params: { ...inherited.params, ...(vars as Vars) } }
    : inherited

/** What `import_role` and `include_role` are given, checked. */
function roleMap(kind: string, wanted: Json, spot: NodeContext, loading: LoadSession): JsonObject | undefined {
  if (typeof wanted === 'string' && wanted !== '') return { name: wanted }
  if (!isMap(wanted)) {
    loading.fault('import', `${kind} takes a role's name`, { at: spot.locate([kind]) })
    return undefined
  }
  const { role, ...rest } = wanted
  const named = 'name' in rest || role === undefined ? wanted : { ...rest, name: role }
  const faults = validate(includeRoleSchema(kind), named, {
    what: kind,
    locate: spot.locate,
    path: [kind],
    templates: false,
    instead: key => (key === 'vars' ? `put vars: beside ${kind}, not into it` : insteadOf(key)),
  })
  loading.faults.push(...faults)
  return faults.length === 0 ? named : undefined
}

function loadImport(
  kind: (typeof imports)[number],
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  above: Inherited,
  context: StepContext,
): readonly Step[] {
  const { loading } = context
  const { [kind]: wanted, ...keywords } = value
  if ('loop' in keywords) {
    loading.fault('import', `${kind} cannot loop: it is read before the run`, {
      at: spot.locate(['loop'], 'key'),
      hint: 'put the loop on the tasks inside',
    })
    return []
  }
  checkKeywords('import', keywords, { what: kind, locate: spot.locate, loading })
  const inherited = including(kind, inherit(above, keywords, spot.locate), keywords['vars'])
  if (kind === 'import_role' || kind === 'include_role') {
    const role = roleMap(kind, wanted ?? null, spot, loading)
    if (role === undefined) return []
    const apply = applyOf(kind, wanted ?? null, spot, loading)
    const inside = inherit(inherited, apply, within(spot.locate, kind, 'apply'))
    return context.useRole(role, { ...part(spot, wanted ?? null, kind), address: spot.address }, inside, kind).steps
  }
  const found = importedFile(kind, wanted ?? null, spot, context)
  if (found === undefined) return []
  const { path, document, apply } = found
  return loadSteps(atFile(spot, document), inherit(inherited, apply, within(spot.locate, kind, 'apply')), {
    ...context,
    importing: [...context.importing, path],
  })
}
