import { readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Fault } from '../../model/fault.ts'
import type { Vars } from '../../model/playbook.ts'
import { isFolder, isMap } from '../playbook/loading.ts'
import { readText } from '../yaml/read-text.ts'
import { parseYaml } from '../yaml/yaml.ts'
import type { Draft } from './inventory-draft.ts'

const extensions = ['', '.yml', '.yaml', '.json']

/** Variables by the name of a group or host; each file is read when its name is first asked for, and only once. */
export type VarsOf = ((name: string) => Vars | undefined) & {
  /** Names of its files and folders, each with the path. */
  readonly entries: ReadonlyMap<string, string>
}

/** What a `group_vars` or `host_vars` folder says. The folder is listed once: thousands of hosts cost no look-ups on disk. */
export function varsFolder(folder: string, draft: Draft): VarsOf {
  const files = filesByName(folder, draft)
  const known = new Map<string, Vars>()
  const entries = new Map([...files].flatMap(([name, paths]) => paths.slice(0, 1).map(path => [name, path] as const)))
  const varsOf = (name: string): Vars | undefined => {
    const found = files.get(name)
    if (found === undefined) return undefined
    let vars = known.get(name)
    if (vars === undefined) {
      vars = Object.fromEntries(found.flatMap(file => Object.entries(readVars(file, draft))))
      known.set(name, vars)
    }
    return vars
  }
  return Object.assign(varsOf, { entries })
}

const filesByName = (folder: string, draft: Draft): ReadonlyMap<string, readonly string[]> => {
  const files = new Map<string, readonly string[]>()
  const from = new Map<string, string>()
  for (const entry of list(folder)) {
    const path = join(folder, entry)
    const inside = isFolder(path)
    const extension = extname(entry)
    // `web.example.com` is a name without an extension.
    const name = !inside && extensions.includes(extension) ? entry.slice(0, entry.length - extension.length) : entry
    const other = from.get(name)
    if (other !== undefined)
      draft.fault(
        `the variables of '${name}' stand in two places: ${other} and ${entry}`,
        { file: path, line: 1, column: 1 },
        `of these Ansible would read one: move both into the folder ${name}/`,
      )
    from.set(name, entry)
    files.set(name, inside ? filesBelow(path) : [path])
  }
  return files
}

const filesBelow = (folder: string): readonly string[] =>
  list(folder).flatMap(entry => {
    const path = join(folder, entry)
    return isFolder(path) ? filesBelow(path) : extensions.includes(extname(entry)) ? [path] : []
  })

const list = (folder: string): readonly string[] =>
  isFolder(folder)
    ? readdirSync(folder)
        .filter(entry => !entry.startsWith('.') && !/(?:~|\.(?:bak|orig|retry|swp))$/.test(entry))
        .sort()
    : []

const readVars = (file: string, draft: Draft): Vars => {
  try {
    const text = readText(file)
    draft.text(file, text)
    if (text.startsWith('$ANSIBLE_VAULT')) {
      draft.fault('this file is encrypted with ansible-vault, which is not supported', { file, line: 1, column: 1 })
      return {}
    }
    const { value, locate } = parseYaml(text, file)
    if (isMap(value)) return value
    if (value !== null) draft.fault('a map of variables is expected here', locate([]), 'write name: value')
  } catch (error) {
    if (error instanceof Fault) draft.faults.push(...error.all)
    else draft.fault(`cannot read '${file}': ${(error as Error).message}`, undefined)
  }
  return {}
}
