import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { checkNames } from '../check/check-names.ts'
import { sourcePaths } from '../load/playbook/find-source.ts'
import { readPlaybook } from '../load/playbook/load-playbook.ts'
import { isMap } from '../load/playbook/loading.ts'
import { readText } from '../load/yaml/read-text.ts'
import { parseYaml } from '../load/yaml/yaml.ts'
import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Playbook, Task } from '../model/playbook.ts'
import { taskTypes } from '../tasks/registry.ts'
import { checkSyntax } from '../template/template.ts'
import { words } from '../text/split-shell-words.ts'
import { readInventory } from './read-inventory.ts'

export interface Prepared {
  readonly playbooks: readonly Playbook[]
  readonly inventory: Inventory
  readonly extraVars: Readonly<Record<string, unknown>>
  /** Texts of the files that `-e @FILE` names. */
  readonly extraTexts: ReadonlyMap<string, string>
}

export interface PrepareOptions {
  readonly inventory?: readonly string[]
  readonly extraVars?: readonly string[]
}

/** What a run takes from the process it is in. */
export const environment = () => ({
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  random: (bytes: number): Uint8Array => randomBytes(bytes),
})

/**
 * Reads and checks everything; throws one `Fault` with all that is wrong, before any host is touched. What `also` finds
 * is told with the rest; it hears whether the playbooks were read whole.
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
  const playbooks: Playbook[] = []
  for (const path of paths) {
    try {
      const language = { checkSyntax }
      const read = await readPlaybook(path, { cwd, types: taskTypes, language, packageUrl: packageUrl() })
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
    // Where a file is missing, so may be what defines a variable: nothing is said of names then.
    const whole = faults.every(fault => !hiding.has(fault.code))
    if (whole)
      for (const playbook of playbooks)
        faults.push(...checkNames(playbook, inventory, { extraVars, templates: templatesOf(playbook) }))
    faults.push(...also({ playbooks: playbooks.map(withHosts), inventory, extraVars, extraTexts }, whole))
  }
  if (faults.length > 0 || inventory === undefined) throw Fault.of(inOrder(faults))
  return { playbooks, inventory, extraVars, extraTexts }
}

/** Faults that come with a part of the playbook, or of its variables, not read. */
const hiding: ReadonlySet<string> = new Set([
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

/** By file, in the order in which something was found there, then from top to bottom. */
const inOrder = (faults: readonly Fault[]): readonly Fault[] => {
  const files = [...new Set(faults.map(fault => fault.at?.file))]
  return faults.toSorted(
    (a, b) =>
      files.indexOf(a.at?.file) - files.indexOf(b.at?.file) ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0),
  )
}

// Plays whose hosts: is wrong were told already.
const withHosts = (playbook: Playbook): Playbook => ({
  ...playbook,
  plays: playbook.plays.filter(({ hosts }) => Array.isArray(hosts) || (typeof hosts === 'string' && hosts !== '')),
})

export const packageUrl = (): string => {
  const here = import.meta.url
  return new URL(here.includes('/chunks/') ? '../index.js' : './index.js', here).href
}

const templatesOf =
  (playbook: Playbook) =>
  (task: Task): readonly string[] =>
    Object.entries(playbook.types.get(task.type)?.sources ?? {}).flatMap(([param, kind]) => {
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

/** `NAME=VALUE ...`, `@FILE` or `{json}`; the last one wins. */
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
      for (const word of words(text) ?? [text]) {
        const cut = word.indexOf('=')
        if (cut < 1) throw new Fault('extra-vars', `-e takes NAME=VALUE or @FILE, not '${word}'`)
        if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(word.slice(0, cut)))
          throw new Fault('extra-vars', `'${word.slice(0, cut)}' cannot be the name of a variable`)
        vars[word.slice(0, cut)] = word.slice(cut + 1)
      }
  }
  return vars
}
