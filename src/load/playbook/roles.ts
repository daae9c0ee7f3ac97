import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Address, inside } from '../../model/address.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { keywordsOn } from '../../model/keywords.ts'
import type { Block, Inherited, RoleUse, Step, Task, Vars } from '../../model/playbook.ts'
import { closestName, didYouMean } from '../../text/did-you-mean.ts'
import { includeRoleSchema, roleMetaSchema } from '../schema/include-maps.ts'
import { validate } from '../schema/validate.ts'
import { checkKeywords } from './check-keywords.ts'
import { loadHandlers } from './handlers.ts'
import { inherit } from './inherit.ts'
import { atFile, isFolder, isMap, type LoadSession, listOf, type NodeContext, part } from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'
import { partFile, type RolePart, roleFolderFault, variableFiles, variablesOf } from './role-files.ts'
import { roleSpec } from './role-spec.ts'
import { loadSteps, type UseRole } from './steps.ts'

/** Files of a role in the place of its `main.yml`, by part. */
interface From {
  readonly tasks?: string
  readonly handlers?: string
  readonly vars?: string
  readonly defaults?: string
}

/** How a role is called. */
interface Call {
  readonly kind: 'listed' | 'import_role' | 'include_role'
  readonly callers: readonly RoleUse[]
  readonly depended: boolean
  readonly public: boolean
  readonly params: Vars
}

const paramName = /^[A-Za-z_][A-Za-z0-9_]*$/

// What Ansible, too, takes for a keyword there, what stands in a task's or an include's place, and what is one but misspelt.
const known = (key: string): boolean =>
  closestName(key, [...keywordsOn('role'), 'name']) !== undefined ||
  [...keywordsOn('task'), ...keywordsOn('play')].some(name => name === key) ||
  Object.hasOwn(includeRoleSchema('include_role').properties, key) ||
  ['debugger', 'collections', 'module_defaults'].includes(key)

/** What of the keywords around a call decides how its handlers run. */
const contextOf = ({ tags: _, notify: __, ...above }: Inherited) => above

export interface RolesOfPlay {
  /** Adds a role with the roles it depends on. */
  readonly use: UseRole
  readonly roles: readonly RoleUse[]
  readonly handlers: readonly Task[]
}

/** The roles of one play, where their folders are looked for, and everything they bring. */
export function rolesOf(loading: LoadSession, folder: string): RolesOfPlay {
  const roles: RoleUse[] = []
  const handlers: Task[] = []
  const handled = new Set<string>()
  const underway: string[] = []
  const roots = [resolve(folder, 'roles'), resolve(folder, '..', 'roles'), resolve(loading.options.cwd, 'roles')]

  const find = (name: string, spot: NodeContext, key: string): string | undefined => {
    const paths = name.includes('/')
      ? [resolve(spot.folder, name)]
      : [...new Set(roots)].map(root => resolve(root, name))
    const path = paths.find(isFolder)
    if (path === undefined) {
      const known = [...new Set(roots)].filter(isFolder).flatMap(root => readdirSync(root))
      const near = name.includes('/') ? nearOnDisk(name, paths) : didYouMean(name, known)
      loading.fault('role', `there is no role '${name}'${near}`, {
        at: spot.locate([key]),
        hint: `looked for ${paths.join(', ')}`,
      })
    }
    return path
  }

  const spotIn = (role: RoleUse, call: Address, part: { readonly of: RolePart; readonly file?: string }) => {
    const file = partFile(role.path, part.of, part.file)
    const document = file === undefined ? undefined : loading.yaml(file)
    return document === undefined
      ? undefined
      : atFile({ address: inside(call, part.of), folder: resolve(role.path), role }, document)
  }

  /** The file names of `tasks_from` and its kin, which must be there. */
  const fromOf = (wanted: JsonObject, path: string, spot: NodeContext): From => {
    const from: Record<string, string> = {}
    for (const part of ['tasks', 'handlers', 'vars', 'defaults'] as const) {
      const name = wanted[`${part}_from`]
      if (typeof name !== 'string') continue
      from[part] = name
      const there =
        part === 'vars' || part === 'defaults'
          ? variableFiles(path, part, name).length > 0
          : partFile(path, part, name) !== undefined
      if (!there)
        loading.fault(
          'role',
          `the role has no ${part} file '${name}'${nearOnDisk(name, [resolve(path, part, name)])}`,
          {
            at: spot.locate([`${part}_from`]),
            hint: `looked for ${resolve(path, part, name)}.yml`,
          },
        )
    }
    return from
  }

  const use = (wanted: JsonObject, spot: NodeContext, above: Inherited, call: Call): readonly Step[] => {
    const key = 'role' in wanted ? 'role' : 'name'
    const name = String(wanted[key])
    const path = find(name, spot, key)
    if (path === undefined) return []
    if (underway.includes(path)) {
      loading.fault('role', `the role '${name}' depends on itself`, {
        at: spot.locate([key]),
        hint: [...underway, path].join(' -> '),
      })
      return []
    }
    const given = isMap(wanted['vars']) ? (wanted['vars'] as Vars) : {}
    loading.syntaxDeep(given, spot.locate, ['vars'])
    const from = fromOf(wanted, path, spot)
    if (from.tasks === undefined) checkFolder(path, spot, key)
    const defaults = variableFiles(path, 'defaults', from.defaults)
    const vars = variableFiles(path, 'vars', from.vars)
    const { params, kind } = call
    const dependencies: RoleUse[] = []
    const meta = metaOf(path, spot.address)
    const spec = roleSpec(path, from.tasks ?? 'main', { loading, meta })
    const role: RoleUse = {
      name: name.split('/').at(-1) ?? name,
      path,
      defaults: variablesOf(defaults, loading),
      vars: variablesOf(vars, loading),
      given,
      params,
      variableFiles: [...defaults, ...vars],
      identity: JSON.stringify([path, kind, given, params, from, wanted['when'], wanted['tags']]),
      handlersOf: JSON.stringify([path, given, params, from.handlers, contextOf(above)]),
      callers: call.callers,
      dependencies,
      depended: call.depended,
      public: call.public,
      ...(spec === undefined ? {} : { spec }),
    }
    underway.push(path)
    const before = brought(meta, role, above, dependencies)
    // A role that is called by a task runs each time, one that is listed once for each host, as in Ansible.
    const again = kind === 'listed' ? meta?.value['allow_duplicates'] === true : wanted['allow_duplicates'] !== false
    const tasks = own(role, spot.address, { from, above })
    underway.pop()
    const steps =
      spec === undefined || wanted['rolespec_validate'] === false
        ? tasks
        : [
            {
              ...blockOf(tasks, spot, 'validated'),
              validates: {
                address: inside(spot.address, 'arguments'),
                role,
                spec,
                inherited: above,
                at: spot.locate([key]),
                source: spot.source,
              },
            },
          ]
    return [...before, ...(again ? steps : [{ ...blockOf(steps, spot, 'once'), once: role.identity }])]
  }

  const blockOf = (block: readonly Step[], spot: NodeContext, as: 'validated' | 'once'): Block => ({
    kind: 'block',
    address: inside(spot.address, as),
    at: spot.locate([]),
    block,
    rescue: [],
    always: [],
  })

  const metaOf = (path: string, call: Address): (NodeContext & { readonly value: JsonObject }) | undefined => {
    const file = partFile(path, 'meta')
    const meta = file === undefined ? undefined : loading.yaml(file)
    if (meta === undefined || meta.value === null) return undefined
    loading.faults.push(
      ...validate(roleMetaSchema, meta.value, {
        what: "a role's meta",
        locate: meta.locate,
        path: [],
        templates: true,
      }),
    )
    if (isMap(meta.value) && listOf(meta.value['collections']).length > 0)
      loading.fault('role', "'collections' of a role's meta has no effect: there are no collections", {
        at: meta.locate(['collections'], 'key'),
        hint: 'take it away; docs/task-types.md lists the task types',
      })
    return isMap(meta.value)
      ? { ...atFile({ address: call, folder: resolve(path) }, meta), value: meta.value }
      : undefined
  }

  /** The steps of the roles that a role depends on; they and what they depend on are added to `all`. */
  const brought = (
    meta: (NodeContext & { readonly value: JsonObject }) | undefined,
    role: RoleUse,
    above: Inherited,
    all: RoleUse[],
  ): readonly Step[] => {
    if (meta === undefined) return []
    const call = { kind: 'listed', callers: [...role.callers, role], depended: true, public: role.public } as const
    return listOf(meta.value['dependencies']).flatMap((entry, i) => {
      const known = roles.length
      const spot = { ...part(meta, entry, 'dependencies', i), role: undefined }
      const steps = useEntry(entry, spot, above, call)
      all.push(...roles.slice(known).filter(one => one.depended))
      return steps
    })
  }

  const own = (
    role: RoleUse,
    call: Address,
    { from, above }: { readonly from: From; readonly above: Inherited },
  ): readonly Step[] => {
    roles.push(role)
    const context = { loading, useRole, importing: [] }
    const list = spotIn(role, call, { of: 'handlers', file: from.handlers })
    // Handlers run as the call that brought them: as its account, with its variables and environment.
    if (list !== undefined && !handled.has(role.handlersOf))
      handlers.push(...loadHandlers(list, { ...above, tags: [], notify: [] }, loading))
    handled.add(role.handlersOf)
    const tasks = spotIn(role, call, { of: 'tasks', file: from.tasks })
    return tasks === undefined ? [] : loadSteps(tasks, above, context)
  }

  const checkFolder = (path: string, spot: NodeContext, key: string): void => {
    const wrong = roleFolderFault(path)
    if (wrong !== undefined) loading.fault('role', wrong.message, { at: spot.locate([key]), hint: wrong.hint })
  }

  /** An entry of `roles:` or of `dependencies:`; what is no keyword is a param of the role. */
  const useEntry = (entry: Json, spot: NodeContext, above: Inherited, call: Omit<Call, 'params'>): readonly Step[] => {
    const wanted = typeof entry === 'string' ? { role: entry } : entry
    if (!isMap(wanted)) {
      notARole(entry, spot, loading)
      return []
    }
    const named = 'name' in wanted && !('role' in wanted) ? { ...wanted, role: wanted['name'] as Json } : wanted
    const { name: _, ...all } = named as { readonly [key: string]: Json }
    const isParam = (key: string) => paramName.test(key) && !known(key)
    const params = Object.fromEntries(Object.entries(all).filter(([key]) => isParam(key)))
    const checked = Object.fromEntries(Object.entries(all).filter(([key]) => !isParam(key)))
    loading.syntaxDeep(params, spot.locate, [])
    const valid = checkKeywords('role', checked, {
      what: 'a role',
      locate: spot.locate,
      loading,
      instead: key =>
        Object.hasOwn(includeRoleSchema('include_role').properties, key)
          ? `write a task: include_role: { name: ${String(checked['role'])}, ${key}: ... }`
          : undefined,
    })
    if (!valid) return []
    // The vars of an entry stand beside those that the role itself sets: they do not go down as a block's vars.
    const { vars: __, ...keywords } = checked
    return use(checked, spot, inherit(above, keywords, spot.locate), { ...call, params })
  }

  const useRole: UseRole = (wanted, spot, above, kind) => {
    if (kind === undefined)
      return { steps: useEntry(wanted, spot, above, { kind: 'listed', callers: [], depended: false, public: true }) }
    const callers = spot.role === undefined ? [] : [...spot.role.callers, spot.role]
    const seen = wanted['public'] ?? kind === 'import_role'
    return { steps: use(wanted, spot, above, { kind, callers, depended: false, public: seen === true, params: {} }) }
  }

  return {
    use: useRole,
    roles,
    handlers,
  }
}

/** An entry of `roles:` or `dependencies:` that names no role. */
export function notARole(entry: Json, spot: NodeContext, loading: LoadSession): void {
  const key = isMap(entry)
    ? Object.keys(entry).find(one => closestName(one, ['role', 'name']) !== undefined)
    : undefined
  loading.fault(
    'role',
    key === undefined ? 'a role is a name, or a map with role:' : `a role has no '${key}', did you mean 'role'?`,
    { at: key === undefined ? spot.locate([]) : spot.locate([key], 'key') },
  )
}
