import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { checkNames } from '../check/check-names.ts'
import { sourcePaths } from '../load/playbook/find-source.ts'
import { readPlaybook } from '../load/playbook/load-playbook.ts'
import { isMap } from '../load/playbook/loading.ts'
import { readText } from '../load/yaml/read-text.ts'
import { parseYaml } from '../load/yaml/yaml.ts'
import { Fault, type FaultCode } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import { sourcesOf } from '../model/params.ts'
import type { LoadedPlaybook, Task } from '../model/playbook.ts'
import { taskTypes } from '../tasks/registry.ts'
import { splitShellWords } from '../text/split-shell-words.ts'
import { readInventory } from './read-inventory.ts'

export interface Prepared {
  readonly playbooks: readonly LoadedPlaybook[]
  readonly inventory: Inventory
  readonly extraVars: Readonly<Record<string, unknown>>
  /** Contents of the files given as `-e @FILE`. */
  readonly extraTexts: ReadonlyMap<string, string>
}

export interface PrepareOptions {
  readonly inventory?: readonly string[]
  readonly extraVars?: readonly string[]
}

/** Environment, directory, clock and randomness of this process, passed to a run as values. */
export const environment = () => ({
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  random: (bytes: number): Uint8Array => randomBytes(bytes),
})

/**
 * Reads and checks everything before any host is touched. Throws one `Fault` with all errors, those of `also` included;
 * `whole` says whether all files could be read.
 */
export async function prepare(
  paths: readonly string[],
  options: PrepareOptions,
  also: (prepared: Prepared, whole: boolean) => readonly Fault[] = () => [],
): Promise<Prepared> {
  const cwd = process.cwd()
  const faults: Fault[] = []
  const extraTexts = new Map<string, string>()
  const extraVars = gather(() => readExtraVars(options.extraVars ?? [], cwd, extraTexts), faults) ?? {}
  const playbooks: LoadedPlaybook[] = []
  for (const path of paths) {
    try {
      const read = await readPlaybook(path, { cwd, types: taskTypes, packageUrl: packageUrl() })
      playbooks.push(read.playbook)
      faults.push(...read.faults)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      faults.push(...error.all)
    }
  }
  let inventory: Inventory | undefined
  try {
    inventory = await readInventory(options.inventory ?? [], [
      ...new Set(paths.map(path => dirname(resolve(cwd, path)))),
    ])
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    faults.push(...error.all)
  }
  if (inventory !== undefined) {
    // When a file could not be read, it may define the variables that seem undefined: names are not checked then.
    const whole = faults.every(fault => !incompleteCodes.has(fault.code))
    if (whole)
      for (const playbook of playbooks)
        faults.push(...checkNames(playbook, inventory, { extraVars, templates: templatesOf(playbook) }))
    faults.push(...also({ playbooks: playbooks.map(withoutInvalidHosts), inventory, extraVars, extraTexts }, whole))
  }
  if (faults.length > 0 || inventory === undefined) throw Fault.of(inOrder(faults))
  return { playbooks, inventory, extraVars, extraTexts }
}

/** Codes of faults after which a part of the playbook, or of its variables, is unknown. */
const incompleteCodes: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'yaml',
  'file',
  'playbook',
  'import',
  'role',
  'vars',
  'vars_files',
  'steps',
  'task',
  'task-type',
  'extra-vars',
  'inventory',
])

/** Sorted by file, in the order of the first fault of each, then by position. */
const inOrder = (faults: readonly Fault[]): readonly Fault[] => {
  const files = [...new Set(faults.map(fault => fault.at?.file))]
  return faults.toSorted(
    (a, b) =>
      files.indexOf(a.at?.file) - files.indexOf(b.at?.file) ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0),
  )
}

// Plays with an invalid `hosts:` already have their fault.
const withoutInvalidHosts = (playbook: LoadedPlaybook): LoadedPlaybook => ({
  ...playbook,
  plays: playbook.plays.filter(({ hosts }) => Array.isArray(hosts) || (typeof hosts === 'string' && hosts !== '')),
})

export const packageUrl = (): string => {
  const here = import.meta.url
  return new URL(here.includes('/chunks/') ? '../index.js' : './index.js', here).href
}

const templatesOf =
  (playbook: LoadedPlaybook) =>
  (task: Task): readonly string[] =>
    sourcesOf(playbook.types.get(task.type)?.params ?? { type: 'object', properties: {} }).flatMap(([param, kind]) => {
      const src = task.params[param]
      if (kind !== 'template' || typeof src !== 'string') return []
      const path = sourcePaths(task, kind, src).find(one => playbook.sources.has(one))
      return path === undefined ? [] : [path]
    })

const gather = <T>(action: () => T, faults: Fault[]): T | undefined => {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    faults.push(...error.all)
    return undefined
  }
}

/** Reads `-e` values: `NAME=VALUE ...`, `@FILE` or `{json}`. The last one wins. */
function readExtraVars(
  given: readonly string[],
  cwd: string,
  texts: Map<string, string>,
): Readonly<Record<string, unknown>> {
  const vars: Record<string, unknown> = {}
  const addAll = (value: unknown, source: string) => {
    if (!isMap(value)) throw new Fault('extra-vars', `-e ${source} does not hold a map of variables`)
    for (const [name, one] of Object.entries(value)) vars[name] = one
  }
  for (const text of given) {
    if (text.startsWith('@')) {
      const file = resolve(cwd, text.slice(1))
      texts.set(file, readText(file))
      addAll(parseYaml(texts.get(file) ?? '', file).value, text)
    } else if (/^\s*[{[]/.test(text)) addAll(parseYaml(text, '-e').value, text)
    else
      for (const word of splitShellWords(text) ?? [text]) {
        const cut = word.indexOf('=')
        if (cut < 1) throw new Fault('extra-vars', `-e takes NAME=VALUE or @FILE, not '${word}'`)
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(word.slice(0, cut)))
          throw new Fault('extra-vars', `'${word.slice(0, cut)}' cannot be the name of a variable`)
        vars[word.slice(0, cut)] = word.slice(cut + 1)
      }
  }
  return vars
}
