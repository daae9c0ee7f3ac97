import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Json } from '../model/json.ts'
import type { Inherited, RoleUse, Step, Task, Vars } from '../model/playbook.ts'
import { didYouMean, nearest } from '../text/did-you-mean.ts'
import { checkKeywords, inherit, nothingInherited } from './inherit.ts'
import { roleSchema } from './keywords.ts'
import { isFile, isFolder, isMap, type Loading, listOf, type Spot, within } from './loading.ts'
import { loadSteps, type UseRole } from './steps.ts'
import { loadTask } from './task.ts'
import { validate } from './validate.ts'

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
      loading.fault('role', `there is no role '${name}'${didYouMean(name, known)}`, {
        at: spot.locate([key]),
        hint: `looked for ${paths.join(', ')}`,
      })
    }
    return path
  }

  const varsIn = (path: string, part: string): Vars => {
    const file = ['main.yml', 'main.yaml'].map(name => resolve(path, part, name)).find(isFile)
    const document = file === undefined ? undefined : loading.yaml(file)
    if (document === undefined || document.value === null) return {}
    if (!isMap(document.value)) {
      loading.fault('vars', 'a map of variables is expected here', { at: document.locate([]) })
      return {}
    }
    loading.syntaxDeep(document.value, document.locate, [])
    return document.value as Vars
  }

  const spotIn = (role: RoleUse, part: string): Spot | undefined => {
    const file = ['main.yml', 'main.yaml'].map(name => resolve(role.path, part, name)).find(isFile)
    const document = file === undefined ? undefined : loading.yaml(file)
    return document === undefined
      ? undefined
      : { value: document.value, locate: document.locate, folder: resolve(role.path), role }
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
    const role: RoleUse = {
      name: name.split('/').at(-1) ?? name,
      path,
      defaults: varsIn(path, 'defaults'),
      vars: varsIn(path, 'vars'),
      params,
    }
    underway.push(path)
    const steps = [...dependencies(role, above), ...own(role, above)]
    underway.pop()
    return { steps }
  }

  const dependencies = (role: RoleUse, above: Inherited): readonly Step[] => {
    const meta = spotIn(role, 'meta')
    if (meta === undefined || meta.value === null) return []
    const wanted = isMap(meta.value) ? meta.value['dependencies'] : undefined
    return listOf(wanted).flatMap((entry, i) =>
      useEntry(entry, { ...meta, locate: within(meta.locate, 'dependencies', i), role: undefined }, above),
    )
  }

  const own = (role: RoleUse, above: Inherited): readonly Step[] => {
    const identity = `${role.path} ${JSON.stringify(role.params)}`
    if (run.has(identity)) return []
    run.add(identity)
    roles.push(role)
    const context = { loading, useRole: use, importing: [] }
    const list = spotIn(role, 'handlers')
    if (list !== undefined && !handled.has(role.path)) handlers.push(...loadHandlers(list, nothingInherited, loading))
    handled.add(role.path)
    const tasks = spotIn(role, 'tasks')
    return tasks === undefined ? [] : loadSteps(tasks, above, context)
  }

  const useEntry = (entry: Json, spot: Spot, above: Inherited): readonly Step[] => {
    const wanted = typeof entry === 'string' ? { role: entry } : entry
    if (!isMap(wanted)) {
      notARole(entry, spot, loading)
      return []
    }
    const named = 'name' in wanted && !('role' in wanted) ? { ...wanted, role: wanted['name'] as Json } : wanted
    const { name: _, ...checked } = named as { readonly [key: string]: Json }
    const faults = validate(roleSchema, checked, { what: 'a role', locate: spot.locate, path: [], templates: true })
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

/** Handlers in the order they are written; only tasks, no blocks. */
export function loadHandlers(spot: Spot, above: Inherited, loading: Loading): readonly Task[] {
  if (spot.value === null) return []
  if (!Array.isArray(spot.value)) {
    loading.fault('handlers', 'a list of handlers is expected here', { at: spot.locate([]) })
    return []
  }
  const loaded: Task[] = []
  spot.value.forEach((value: Json, i) => {
    const locate = within(spot.locate, i)
    if (!isMap(value)) return loading.fault('handler', 'a handler is a map', { at: locate([]) })
    const handler = loadTask(value, { ...spot, value, locate }, { above, loading, handler: true })
    if (handler === undefined) return
    if (loaded.some(other => other.named && other.name === handler.name))
      loading.fault('handler', `there are two handlers '${handler.name}'`, {
        at: locate(['name']),
        hint: 'give one of them another name',
      })
    loaded.push(handler)
  })
  return loaded
}
