import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { isFolder } from '../playbook/loading.ts'
import { nearOnDisk } from '../playbook/near-on-disk.ts'
import { readText } from '../yaml/read-text.ts'
import { Draft } from './inventory-draft.ts'
import { type LateVar, readIni } from './inventory-ini.ts'
import { inventoryKind, isYaml } from './inventory-kind.ts'
import { type RunProgram, readProgram } from './inventory-program.ts'
import { readYaml } from './inventory-yaml.ts'

// What lies beside inventories in their folders without being one: Ansible's list.
const noInventory = /(?:~|\.(?:bak|cfg|md|orig|pyc|pyo|retry|rpm|rst|swp|txt))$/

export interface ReadingOptions {
  readonly cwd: string
  readonly runProgram?: RunProgram
}

/** Reads sources one after the other into one draft. */
export class InventoryReading {
  readonly draft = new Draft()
  readonly #options: ReadingOptions
  readonly #late: LateVar[] = []
  readonly #headings: ReturnType<typeof readIni>['sections'][number][] = []

  constructor(options: ReadingOptions) {
    this.#options = options
  }

  /** Gives the folders that group_vars and host_vars may stand in. */
  async source(source: string): Promise<readonly string[]> {
    const path = resolve(this.#options.cwd, source)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) {
      await this.#folder(path)
      return [path]
    }
    if (found !== undefined) {
      await this.#file(path)
      return [dirname(path)]
    }
    if (source.includes(',')) this.#list(source)
    else this.#missing(source, path)
    return []
  }

  #missing(source: string, path: string): void {
    const example = ['.example', '.sample'].map(ending => `${path}${ending}`).find(one => existsSync(one))
    const near = nearOnDisk(source, [path])
    this.#refuse(
      `there is no inventory '${source}'${near}`,
      undefined,
      example !== undefined
        ? `${source}${example.slice(path.length)} is an example: copy it to ${source} and write your hosts into it`
        : near !== ''
          ? undefined
          : `-i takes a file, a folder, or hosts with a comma: -i '${source},'`,
    )
  }

  #list(source: string): void {
    // Commas inside of brackets belong to names.
    for (const name of source.split(/,(?![^[]*\])/))
      if (name.trim() !== '')
        this.draft.expand(name.trim(), this.draft.group('ungrouped'), () => ({
          file: '-i',
          line: 1,
          column: source.indexOf(name) + 1,
        }))
  }

  // Its files alone: a folder within (group_vars, secrets, files) holds no hosts, and a password file read as a list of
  // hosts would show the password as a host's name.
  async #folder(folder: string): Promise<void> {
    for (const entry of this.#entries(folder)) {
      const path = join(folder, entry)
      if (!entry.startsWith('.') && !noInventory.test(entry) && !isFolder(path)) await this.#file(path)
    }
  }

  #entries(folder: string): readonly string[] {
    try {
      return readdirSync(folder).sort()
    } catch (error) {
      this.#refuse(`cannot read the folder '${folder}': ${(error as Error).message}`, undefined)
      return []
    }
  }

  async #file(file: string): Promise<void> {
    const start = { file, line: 1, column: 1 }
    try {
      const kind = inventoryKind(file)
      if (kind.kind === 'none') this.#refuse(kind.message, start, kind.hint)
      else if (kind.kind === 'text') this.#text(file, kind.executable)
      else if (this.#options.runProgram === undefined)
        this.#refuse('this is a program, and nobody said how to run programs', start, 'give loadInventory a runProgram')
      else await readProgram({ file, draft: this.draft, runProgram: this.#options.runProgram })
    } catch (error) {
      this.draft.partial = true
      if (error instanceof Fault) this.draft.faults.push(...error.all)
      else this.draft.fault(`cannot read this inventory: ${(error as Error).message}`, start)
    }
  }

  #text(file: string, executable: boolean): void {
    const { draft } = this
    const text = readText(file).replace(/^\uFEFF/, '')
    draft.text(file, text)
    if (text.startsWith('$ANSIBLE_VAULT')) {
      this.#refuse('this file is encrypted with ansible-vault, which is not supported', { file, line: 1, column: 1 })
      return
    }
    const before = draft.faults.length
    if (isYaml(file, text)) readYaml(text, file, draft)
    else this.#ini(text, file)
    if (executable && draft.faults.length > before)
      draft.fault(
        'this file may be executed, but does not start with #!: it was read as a list of hosts',
        { file, line: 1, column: 1 },
        `a program starts with #! and its interpreter; a list of hosts needs no right to be executed: chmod -x ${file}`,
      )
  }

  #ini(text: string, file: string): void {
    const { late, sections } = readIni(text, file, this.draft)
    // A later file overrides an earlier one: what can be set is set before the next is read.
    for (const one of late) if (!this.#set(one)) this.#late.push(one)
    for (const one of sections) this.#headings.push(one)
  }

  #set({ group, name, value, at }: LateVar): boolean {
    const known = this.draft.groups.get(group)
    if (known !== undefined) this.draft.setGroupVar(known, name, value, () => at)
    return known !== undefined
  }

  #refuse(message: string, at: Parameters<Draft['fault']>[1], hint?: string): void {
    this.draft.partial = true
    this.draft.fault(message, at, hint)
  }

  /** Groups may be declared in a later file than the one that names them. */
  finish(): void {
    const { draft } = this
    for (const late of this.#late) this.#set(late)
    // What a file that cannot be read would have declared is not missing.
    if (draft.partial) return
    const names = [...draft.groups.keys()]
    for (const { group, at } of this.#headings)
      if (!draft.groups.has(group))
        draft.fault(
          `there is no group '${group}' to give variables to${didYouMean(group, names)}`,
          at,
          `declare it with [${group}]`,
        )
    for (const { parent, child, at } of draft.undeclared())
      draft.fault(
        `'${parent}' has a child '${child}' that is no group${didYouMean(child, names)}`,
        at(),
        draft.hosts.has(child) ? `'${child}' is a host: it goes under [${parent}]` : `declare it with [${child}]`,
      )
  }
}
