import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Json, JsonObject } from '../model/json.ts'
import type { Inherited, RoleUse, Step, Task, Vars } from '../model/playbook.ts'
import { didYouMean, nearest } from '../text/did-you-mean.ts'
import { loadHandlers } from './handlers.ts'
import { checkKeywords, inherit, nothingInherited } from './inherit.ts'
import { includeRoleSchema, roleKeywords, roleMetaSchema, roleSchema } from './keywords.ts'
import { isFolder, isMap, type Loading, listOf, type Spot, within } from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'
import { partFile, type RolePart, roleFolderFault, variableFiles, variablesOf } from './role-files.ts'
import { loadSteps, type UseRole } from './steps.ts'
import { validate } from './validate.ts'

/** Files of a role in the place of its `main.yml`, by part. */
interface From {
  readonly tasks?: string
  readonly handlers?: string
  readonly vars?: string
  readonly defaults?: string
}

export interface RolesOfPlay {
  /** Adds a role with the roles it depends on, once per play unless its params differ. */
  readonly use: UseRole
  readonly roles: readonly RoleUse[]
  readonly handlers: readonly Task[]
}

/** The roles of one play, where their folders are looked for, and everything they bring. */
export function rolesOf(loading: Loading, folder: string): RolesOfPlay {
  const roles: RoleUse[] = []
  const handlers: Task[] = []
  const handled = new Set<string>()
  const run = new Set<string>()
  const underway: string[] = []
  const roots = [resolve(folder, 'roles'), resolve(folder, '..', 'roles'), resolve(loading.options.cwd, 'roles')]

  const find = (name: string, spot: Spot, key: string): string | undefined => {
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

  const spotIn = (role: RoleUse, part: RolePart, name?: string): Spot | undefined => {
    const file = partFile(role.path, part, name)
    const document = file === undefined ? undefined : loading.yaml(file)
    return document === undefined
      ? undefined
      : { value: document.value, locate: document.locate, folder: resolve(role.path), role }
  }

  /** The file names of `tasks_from` and its kin, which must be there. */
  const fromOf = (wanted: JsonObject, path: string, spot: Spot): From => {
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

  const use: UseRole = (wanted, spot, above) => {
    const key = 'role' in wanted ? 'role' : 'name'
    const name = String(wanted[key])
    const path = find(name, spot, key)
    if (path === undefined) return { steps: [] }
    if (underway.includes(path)) {
      loading.fault('role', `the role '${name}' depends on itself`, {
        at: spot.locate([key]),
        hint: [...underway, path].join(' -> '),
      })
      return { steps: [] }
    }
    const params = isMap(wanted['vars']) ? (wanted['vars'] as Vars) : {}
    loading.syntaxDeep(params, spot.locate, ['vars'])
    const from = fromOf(wanted, path, spot)
    if (from.tasks === undefined) checkFolder(path, spot, key)
    const defaults = variableFiles(path, 'defaults', from.defaults)
    const vars = variableFiles(path, 'vars', from.vars)
    const role: RoleUse = {
      name: name.split('/').at(-1) ?? name,
      path,
      defaults: variablesOf(defaults, loading),
      vars: variablesOf(vars, loading),
      params,
      variableFiles: [...defaults, ...vars],
    }
    underway.push(path)
    const steps = [...dependencies(role, above), ...own(role, from, above)]
    underway.pop()
    return { steps }
  }

  const dependencies = (role: RoleUse, above: Inherited): readonly Step[] => {
    const meta = spotIn(role, 'meta')
    if (meta === undefined || meta.value === null) return []
    loading.faults.push(
      ...validate(roleMetaSchema, meta.value, {
        what: "a role's meta",
        locate: meta.locate,
        path: [],
        templates: true,
      }),
    )
    const wanted = isMap(meta.value) ? meta.value['dependencies'] : undefined
    return listOf(wanted).flatMap((entry, i) =>
      useEntry(entry, { ...meta, locate: within(meta.locate, 'dependencies', i), role: undefined }, above),
    )
  }

  const own = (role: RoleUse, from: From, above: Inherited): readonly Step[] => {
    const identity = `${role.path} ${JSON.stringify(role.params)} ${JSON.stringify(from)}`
    if (run.has(identity)) return []
    run.add(identity)
    roles.push(role)
    const context = { loading, useRole: use, importing: [] }
    const list = spotIn(role, 'handlers', from.handlers)
    const handlersOf = `${role.path} ${from.handlers ?? 'main'}`
    if (list !== undefined && !handled.has(handlersOf)) handlers.push(...loadHandlers(list, nothingInherited, loading))
    handled.add(handlersOf)
    const tasks = spotIn(role, 'tasks', from.tasks)
    return tasks === undefined ? [] : loadSteps(tasks, above, context)
  }

  const checkFolder = (path: string, spot: Spot, key: string): void => {
    const wrong = roleFolderFault(path)
    if (wrong !== undefined) loading.fault('role', wrong.message, { at: spot.locate([key]), hint: wrong.hint })
  }

  const useEntry = (entry: Json, spot: Spot, above: Inherited): readonly Step[] => {
    const wanted = typeof entry === 'string' ? { role: entry } : entry
    if (!isMap(wanted)) {
      notARole(entry, spot, loading)
      return []
    }
    const named = 'name' in wanted && !('role' in wanted) ? { ...wanted, role: wanted['name'] as Json } : wanted
    const { name: _, ...checked } = named as { readonly [key: string]: Json }
    const faults = validate(roleSchema, checked, {
      what: 'a role',
      locate: spot.locate,
      path: [],
      templates: true,
      instead: key =>
        Object.hasOwn(includeRoleSchema('include_role').properties, key)
          ? `write a task: include_role: { name: ${String(checked['role'])}, ${key}: ... }`
          : nearest(key, Object.keys(roleKeywords)) === undefined
            ? `a variable for the role goes under vars: { ${key}: ... }`
            : undefined,
    })
    loading.faults.push(...faults)
    if (faults.length > 0) return []
    checkKeywords(checked, loading, spot.locate)
    // A role's vars are its params, above what the role itself sets: they do not go down as a block's vars.
    const { vars: __, ...keywords } = checked
    return use(checked, spot, inherit(above, keywords, spot.locate)).steps
  }

  return {
    use: (wanted, spot, above) =>
      'role' in wanted ? { steps: useEntry(wanted, spot, above) } : use(wanted, spot, above),
    roles,
    handlers,
  }
}

/** An entry of `roles:` or `dependencies:` that names no role. */
export function notARole(entry: Json, spot: Spot, loading: Loading): void {
  const key = isMap(entry) ? Object.keys(entry).find(one => nearest(one, ['role', 'name']) !== undefined) : undefined
  loading.fault(
    'role',
    key === undefined ? 'a role is a name, or a map with role:' : `a role has no '${key}', did you mean 'role'?`,
    { at: key === undefined ? spot.locate([]) : spot.locate([key], 'key') },
  )
}
