import { dirname, resolve } from 'node:path'
import { isFolder, isMap, type LoadSession, listOf } from './loading.ts'

/** Folders of the roles that a playbook names, found by a quick look: their own task types must be known before tasks are read. */
export function resolveRoleFolders(file: string, loading: LoadSession): readonly string[] {
  const found = new Set<string>()
  const roots = [
    resolve(dirname(file), 'roles'),
    resolve(dirname(file), '..', 'roles'),
    resolve(loading.options.cwd, 'roles'),
  ]
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit)
    if (!isMap(value)) return
    for (const key of ['role', 'import_role', 'include_role', 'roles', 'dependencies'])
      for (const entry of listOf(value[key])) {
        const name = typeof entry === 'string' ? entry : isMap(entry) ? (entry['role'] ?? entry['name']) : undefined
        if (typeof name === 'string') add(name)
      }
    for (const item of Object.values(value)) if (typeof item === 'object') visit(item)
  }
  const add = (name: string): void => {
    const path = roots.map(root => resolve(root, name)).find(isFolder)
    if (path === undefined || found.has(path)) return
    found.add(path)
    for (const part of ['meta/main.yml', 'tasks/main.yml']) {
      const inner = resolve(path, part)
      const document = isFolder(dirname(inner)) ? quietly(loading, inner) : undefined
      visit(document)
    }
  }
  visit(quietly(loading, file))
  return [...found]
}

// The proper reading tells what is wrong with a file; here it is only looked through.
const quietly = (loading: LoadSession, file: string): unknown => {
  const before = loading.faults.length
  const document = loading.yaml(file)
  if (document === undefined) {
    loading.forget(file)
    loading.faults.length = before
  }
  return document?.value
}
