import { readdirSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import type { Vars } from '../../model/playbook.ts'
import { closestName, didYouMean } from '../../text/did-you-mean.ts'
import { readText } from '../yaml/read-text.ts'
import type { Document } from '../yaml/yaml.ts'
import { isFile, isFolder, isMap, type LoadSession } from './loading.ts'

const folders = ['tasks', 'handlers', 'defaults', 'vars', 'meta', 'files', 'templates'] as const
export type RolePart = 'tasks' | 'handlers' | 'defaults' | 'vars' | 'meta'

/** The file of a role's part: `main.yml`, or the one that `tasks_from` and its kin name, with or without its ending. */
export const partFile = (role: string, part: RolePart, name = 'main'): string | undefined =>
  [`${name}.yml`, `${name}.yaml`, `${name}.json`, ...(extname(name) === '' ? [] : [name])]
    .map(file => resolve(role, part, file))
    .find(isFile)

/** Files of a role's variables: one, or all of the folder `main/` in the order of their names. */
export function variableFiles(role: string, part: 'defaults' | 'vars', name = 'main'): readonly string[] {
  const folder = resolve(role, part, name)
  const file = partFile(role, part, name)
  return [...(isFolder(folder) ? below(folder) : []), ...(file === undefined ? [] : [file])]
}

const below = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter(entry => !entry.startsWith('.') && !entry.endsWith('~'))
    .toSorted()
    .flatMap(entry => {
      const path = join(folder, entry)
      if (isFolder(path)) return below(path)
      return ['', '.yml', '.yaml', '.json'].includes(extname(entry)) ? [path] : []
    })

/** All variables of some files, the later over the earlier. */
export const variablesOf = (files: readonly string[], loading: LoadSession): Vars =>
  Object.fromEntries(files.flatMap(file => Object.entries(variablesIn(file, loading))))

const variablesIn = (file: string, loading: LoadSession): Vars => {
  const document = loading.yaml(file)
  return document === undefined ? {} : variablesOfDocument(document, loading, 'vars')
}

/** The variables that a file holds; what is no map of them is a fault. */
export function variablesOfDocument(document: Document, loading: LoadSession, code: 'vars' | 'vars_files'): Vars {
  const { value, locate, source } = document
  if (value === null) return {}
  if (isMap(value)) {
    loading.syntaxDeep(value, locate, [])
    return value as Vars
  }
  if (source.startsWith('$ANSIBLE_VAULT'))
    loading.fault(code, 'this file is encrypted with ansible-vault, which cannot be read here', {
      at: locate([]),
      hint: 'decrypt it with ansible-vault decrypt, or read the secret with lookup(): from a file, a program or the environment',
    })
  else loading.fault(code, 'a map of variables is expected here', { at: locate([]), hint: 'write name: value' })
  return {}
}

/** What is wrong with a role's folder, where nothing in it would ever be read: misspelt, empty, without `tasks/main.yml`. */
export function roleFolderFault(role: string): { readonly message: string; readonly hint: string } | undefined {
  const inside = readdirSync(role).filter(entry => !entry.startsWith('.') && isFolder(join(role, entry)))
  for (const entry of inside) {
    const meant = isRoleFolder(entry) ? undefined : closestName(entry, folders)
    if (meant !== undefined && !inside.includes(meant))
      return {
        message: `the role's folder '${entry}' is read by nothing${didYouMean(entry, folders)}`,
        hint: `rename ${join(role, entry)} to ${meant}`,
      }
  }
  if (!inside.some(isRoleFolder))
    return { message: 'this role is empty', hint: `${role} has none of the folders ${folders.join(', ')}` }
  const tasks = join(role, 'tasks')
  const files = isFolder(tasks) ? readdirSync(tasks).filter(name => /\.(ya?ml|json)$/.test(name)) : []
  if (files.length === 0 || partFile(role, 'tasks') !== undefined) return undefined
  return {
    message: `this role has no tasks/main.yml, its tasks/ holds ${files.join(', ')}`,
    hint: 'name the file that is meant with include_role: { name: ..., tasks_from: ... }',
  }
}

const isRoleFolder = (name: string): boolean => (folders as readonly string[]).includes(name)

/** The texts of a role's templates: one whose name is a template itself is not read with the playbook. */
export function templatesOfRole(role: string): readonly string[] {
  const folder = join(role, 'templates')
  if (!isFolder(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readText(join(entry.parentPath, entry.name)))
}
