import { readdirSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { Address } from '../../model/address.ts'
import { Fault } from '../../model/fault.ts'
import type { Json } from '../../model/json.ts'
import type { Inherited, LoadedPlaybook, Play, Task, Vars } from '../../model/playbook.ts'
import { prepareValidators } from '../schema/validators.ts'
import { insteadOf } from './ansible-habits.ts'
import { checkHandlers } from './check-handlers.ts'
import { checkKeywords } from './check-keywords.ts'
import { loadHandlers } from './handlers.ts'
import { handedDown, inherit, keywordsOfPlay, nothingInherited } from './inherit.ts'
import {
  atFile,
  isFile,
  isFolder,
  isMap,
  type LoadOptions,
  LoadSession,
  listOf,
  type NodeContext,
  part,
} from './loading.ts'
import { nearOnDisk } from './near-on-disk.ts'
import { resolveRoleFolders } from './role-folders.ts'
import { notARole, rolesOf } from './roles.ts'
import { loadSteps } from './steps.ts'
import { importTaskType, typeFiles } from './user-types.ts'
import { varsFiles } from './vars-files.ts'

export interface ReadPlaybook {
  readonly playbook: LoadedPlaybook
  /** Every mistake of every file, each with its place and the lines around it, in the order of the text. */
  readonly faults: readonly Fault[]
}

/** Reads a playbook with all that it imports: roles, task files, variable files, task types of the user's own. */
export async function readPlaybook(path: string, options: LoadOptions): Promise<ReadPlaybook> {
  const file = resolve(options.cwd, path)
  const loading = new LoadSession(options)
  if (isFolder(file))
    throw new Fault('playbook', `'${path}' is a folder, a playbook is a file`, { hint: inFolder(file) })
  if (!isFile(file))
    throw new Fault('playbook', `there is no playbook '${path}'${nearOnDisk(path, [file])}`, {
      hint: 'give the path of a YAML file',
    })
  await loadUserTypes(file, loading)
  await prepareValidators([...loading.types.values()].map(type => type.params))
  const plays = loadPlays(file, loading, {
    files: [],
    above: nothingInherited,
    address: relative(options.cwd, file),
  })
  return { playbook: { file, plays, types: loading.types, sources: loading.sources }, faults: loading.framed() }
}

/** As `readPlaybook`, but throws one `Fault` that holds all there are. */
export async function loadPlaybook(path: string, options: LoadOptions): Promise<LoadedPlaybook> {
  const { playbook, faults } = await readPlaybook(path, options)
  if (faults.length > 0) throw Fault.of(faults)
  return playbook
}

const inFolder = (folder: string): string => {
  const files = readdirSync(folder).filter(name => /\.ya?ml$/.test(name))
  return files.length === 0 ? 'give the path of a YAML file' : `it holds ${files.slice(0, 10).join(', ')}`
}

async function loadUserTypes(file: string, loading: LoadSession): Promise<void> {
  const folders = [
    resolve(dirname(file), 'tasks'),
    ...resolveRoleFolders(file, loading).map(role => resolve(role, 'tasks')),
  ]
  for (const path of new Set(folders.flatMap(typeFiles))) {
    try {
      const type = await importTaskType(path, loading.options.packageUrl)
      if (loading.options.types.has(type.name))
        loading.fault('task-type', `'${type.name}' is a task type of mlplay's own`, {
          at: { file: path, line: 1, column: 1 },
          hint: 'give yours another name',
        })
      else loading.types.set(type.name, type)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      loading.faults.push(error)
    }
  }
}

/** The imports around a playbook: their files, outermost first, and the keywords that go down to all its tasks. */
interface Importing {
  /** Of the playbook: its path from the working folder, or the place of its import. */
  readonly address: Address
  readonly files: readonly string[]
  readonly above: Inherited
}

function loadPlays(file: string, loading: LoadSession, importing: Importing): readonly Play[] {
  const document = loading.yaml(file)
  if (document === undefined) return []
  if (!Array.isArray(document.value)) {
    loading.fault(
      'playbook',
      document.value === null ? 'this file is empty: a playbook is a list of plays' : 'a playbook is a list of plays',
      {
        at: document.locate([]),
        hint: 'start it with "- hosts: ..."',
      },
    )
    return []
  }
  const first = document.value.findIndex(value => isMap(value) && isStep(value, loading))
  if (first >= 0 && !document.value.some(value => isMap(value) && ('hosts' in value || 'import_playbook' in value))) {
    loading.fault('playbook', 'this is a list of tasks, a playbook is a list of plays', {
      at: document.locate([first]),
      hint: 'put the tasks under "- hosts: ..." and "tasks:", or include_tasks this file from a play',
    })
    return []
  }
  if (document.value.length === 0) loading.fault('playbook', 'this playbook holds no play', { at: document.locate([]) })
  return document.value.flatMap((value: Json, i) => {
    const spot = part(atFile({ folder: dirname(file), address: importing.address }, document), value, i)
    if (!isMap(value)) {
      loading.fault('play', 'a play is a map', { at: spot.locate([]), hint: 'it has hosts: and tasks: or roles:' })
      return []
    }
    if ('import_playbook' in value)
      return importPlays(value, spot, {
        loading,
        importing: { ...importing, files: [...importing.files, file], address: spot.address },
      })
    return [loadPlay(value, spot, { loading, above: importing.above })]
  })
}

// A task, not a play: by its type, or by what only tasks have.
const isStep = (value: { readonly [key: string]: Json }, { types }: LoadSession): boolean =>
  Object.keys(value).some(
    key =>
      types.has(key) || ['block', 'include_tasks', 'import_tasks', 'include_role', 'import_role', 'meta'].includes(key),
  )

function importPlays(
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  { loading, importing }: { readonly loading: LoadSession; readonly importing: Importing },
): readonly Play[] {
  checkKeywords('import_playbook', value, {
    what: 'import_playbook',
    locate: spot.locate,
    loading,
    instead: key => (key === 'loop' ? 'write one import_playbook for each' : undefined),
  })
  const path = resolve(spot.folder, String(value['import_playbook']))
  if (importing.files.includes(path)) {
    loading.fault('import', `this playbook imports itself`, {
      at: spot.locate(['import_playbook']),
      hint: [...importing.files, path].join(' -> '),
    })
    return []
  }
  if (!isFile(path)) {
    const asked = String(value['import_playbook'])
    loading.fault('import', `there is no playbook '${asked}'${nearOnDisk(asked, [path])}`, {
      at: spot.locate(['import_playbook']),
      hint: `looked for ${path}`,
    })
    return []
  }
  const vars = isMap(value['vars']) ? (value['vars'] as Vars) : {}
  const { when, tags } = value
  const above = inherit(importing.above, { when: when ?? null, tags: tags ?? null }, spot.locate)
  return loadPlays(path, loading, { ...importing, above }).map(play => ({ ...play, vars: { ...play.vars, ...vars } }))
}

function loadPlay(
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  { loading, above: outside }: { readonly loading: LoadSession; readonly above: Inherited },
): Play {
  const { locate, folder } = spot
  checkKeywords('play', value, { what: 'a play', locate, loading, instead: insteadOf })
  const above = inherit(outside, handedDown(value), locate)
  const roles = rolesOf(loading, folder)
  const context = { loading, useRole: roles.use, importing: [] }
  const section = (name: string) => loadSteps(part(spot, value[name] ?? null, name), above, context)
  const pre_tasks = section('pre_tasks')
  if (value['roles'] !== undefined && value['roles'] !== null && !Array.isArray(value['roles']))
    loading.fault('role', 'a list of roles is expected here', {
      at: locate(['roles']),
      hint: 'start each with "- "',
    })
  const ofRoles = listOf(value['roles']).flatMap((entry, i) => {
    const inner = part(spot, entry, 'roles', i)
    const wanted =
      typeof entry === 'string'
        ? { role: entry }
        : isMap(entry)
          ? 'name' in entry && !('role' in entry)
            ? { ...entry, role: entry['name'] as Json }
            : entry
          : undefined
    if (wanted !== undefined && 'role' in wanted) return roles.use(wanted, inner, above).steps
    notARole(entry, inner, loading)
    return []
  })
  const tasks = [...ofRoles, ...section('tasks')]
  const post_tasks = section('post_tasks')
  const own = loadHandlers(
    part(spot, value['handlers'] ?? null, 'handlers'),
    // Whether a handler runs is decided by what notified it.
    { ...above, when: nothingInherited.when },
    loading,
  )
  const handlers: readonly Task[] = [...roles.handlers, ...own]
  checkHandlers([...pre_tasks, ...tasks, ...post_tasks, ...handlers], handlers, loading)
  return {
    ...keywordsOfPlay(value, locate),
    name:
      typeof value['name'] === 'string' || typeof value['name'] === 'number'
        ? String(value['name'])
        : String(listOf(value['hosts']).join(',')),
    at: locate([]),
    address: spot.address,
    source: spot.source,
    folder,
    hosts: value['hosts'] ?? null,
    hostsAt: locate(['hosts']),
    vars: isMap(value['vars']) ? (value['vars'] as Vars) : {},
    vars_files: varsFiles(value['vars_files'], spot, loading),
    roles: roles.roles,
    pre_tasks,
    tasks,
    post_tasks,
    handlers,
  }
}
