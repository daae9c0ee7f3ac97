import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { varsFolder } from './group-vars.ts'
import { Draft } from './inventory-draft.ts'
import { type LateVar, readIni } from './inventory-ini.ts'
import { readYaml } from './inventory-yaml.ts'
import { isFolder } from './loading.ts'
import { mergeInventory } from './merge-inventory.ts'
import { MOST_BYTES } from './yaml.ts'

export interface InventoryOptions {
  readonly cwd: string
  /** Folders of the playbooks: their group_vars and host_vars override the inventory's. */
  readonly playbookFolders?: readonly string[]
}

// What lies beside inventories in their folders without being one: Ansible's list.
const noInventory = /(?:~|\.(?:bak|cfg|md|orig|pyc|pyo|retry|rpm|rst|swp|txt))$/

/**
 * Reads inventories (files, folders, lists of hosts) and merges them, the later over the earlier.
 * Throws one `Fault` holding every mistake of every file.
 */
export async function loadInventory(sources: readonly string[], at: InventoryOptions): Promise<Inventory> {
  const reading = new Reading()
  const folders = [...new Set(sources.flatMap(source => reading.source(source, at.cwd)))]
  reading.finish()
  const { draft } = reading
  const playbookFolders = [...new Set((at.playbookFolders ?? []).map(folder => resolve(at.cwd, folder)))].filter(
    folder => !folders.includes(folder),
  )
  const beside = (where: readonly string[], name: string) => where.map(folder => varsFolder(join(folder, name), draft))
  const { hosts, groups } = mergeInventory(draft, {
    inventoryGroups: beside(folders, 'group_vars'),
    playbookGroups: beside(playbookFolders, 'group_vars'),
    inventoryHosts: beside(folders, 'host_vars'),
    playbookHosts: beside(playbookFolders, 'host_vars'),
  })
  if (draft.faults.length > 0) throw Fault.of(draft.faults)
  return { source: sources.join(','), folder: folders[0] ?? at.cwd, hosts, groups }
}

class Reading {
  readonly draft = new Draft()
  readonly #late: LateVar[] = []
  readonly #headings: ReturnType<typeof readIni>['sections'][number][] = []

  /** Gives the folders that group_vars and host_vars may stand in. */
  source(source: string, cwd: string): readonly string[] {
    const path = resolve(cwd, source)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() === true) {
      this.#folder(path)
      return [path]
    }
    if (found !== undefined) {
      this.#file(path)
      return [dirname(path)]
    }
    if (source.includes(',')) this.#list(source)
    else {
      this.draft.partial = true
      this.draft.fault(
        `there is no inventory '${source}'`,
        undefined,
        `-i takes a file, a folder, or hosts with a comma: -i '${source},'`,
      )
    }
    return []
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
  #folder(folder: string): void {
    for (const entry of this.#entries(folder)) {
      const path = join(folder, entry)
      if (!entry.startsWith('.') && !noInventory.test(entry) && !isFolder(path)) this.#file(path)
    }
  }

  #entries(folder: string): readonly string[] {
    try {
      return readdirSync(folder).sort()
    } catch (error) {
      this.draft.fault(`cannot read the folder '${folder}': ${(error as Error).message}`, undefined)
      return []
    }
  }

  #file(file: string): void {
    const { draft } = this
    const start = { file, line: 1, column: 1 }
    try {
      if (isProgram(file)) {
        this.#refuse(
          'dynamic inventories are not supported yet',
          start,
          'list the hosts in INI or YAML, or take the right to execute away',
        )
        return
      }
      if (extname(file) === '.toml') {
        this.#refuse('inventories in TOML are not supported', start, 'write it in INI or YAML')
        return
      }
      if (statSync(file).size > MOST_BYTES) {
        this.#refuse(`this file is larger than ${MOST_BYTES / 1024 / 1024} MiB`, start, 'split it')
        return
      }
      const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
      draft.text(file, text)
      if (text.startsWith('$ANSIBLE_VAULT')) {
        this.#refuse('this file is encrypted with ansible-vault, which is not supported', start)
        return
      }
      if (isYaml(file, text)) {
        readYaml(text, file, draft)
        return
      }
      const { late, sections } = readIni(text, file, draft)
      for (const one of late) this.#late.push(one)
      for (const one of sections) this.#headings.push(one)
    } catch (error) {
      draft.partial = true
      if (error instanceof Fault) draft.faults.push(...error.all)
      else draft.fault(`cannot read '${file}': ${(error as Error).message}`, undefined)
    }
  }

  #refuse(message: string, at: Parameters<Draft['fault']>[1], hint?: string): void {
    this.draft.partial = true
    this.draft.fault(message, at, hint)
  }

  /** Groups may be declared in a later section or file than the one that names them. */
  finish(): void {
    const { draft } = this
    for (const { group, name, value, at } of this.#late) {
      const known = draft.groups.get(group)
      if (known !== undefined) draft.setGroupVar(known, name, value, () => at)
    }
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

// On some disks every file may be executed: what starts like a program is one.
const isProgram = (file: string): boolean => {
  if ((statSync(file).mode & 0o111) === 0) return false
  const head = Buffer.alloc(64)
  const handle = openSync(file, 'r')
  try {
    const bytes = head.subarray(0, readSync(handle, head))
    return bytes.subarray(0, 2).toString() === '#!' || bytes.includes(0)
  } finally {
    closeSync(handle)
  }
}

const isYaml = (file: string, text: string): boolean => {
  const extension = extname(file)
  if (/^\.(?:ya?ml|json)$/.test(extension)) return true
  if (extension === '.ini') return false
  const first = text.split('\n').find(line => line.trim() !== '' && !/^\s*[#;]/.test(line)) ?? ''
  return /^(?:---|\{|"?[^\s[=:]+"?\s*:\s*(?:#.*)?$)/.test(first.trim())
}
