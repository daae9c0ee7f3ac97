import { join, resolve } from 'node:path'
import { Fault } from '../../model/fault.ts'
import type { Inventory } from '../../model/inventory.ts'
import { varsFolder } from './group-vars.ts'
import type { Draft } from './inventory-draft.ts'
import type { RunProgram } from './inventory-program.ts'
import { InventoryReading } from './inventory-reading.ts'
import { mergeInventory } from './merge-inventory.ts'
import { unusedVariables } from './unused-variables.ts'

export interface InventoryOptions {
  readonly cwd: string
  /** Folders of the playbooks: their group_vars and host_vars override the inventory's. */
  readonly playbookFolders?: readonly string[]
  /** How executable inventories are run; without it they are refused. */
  readonly runProgram?: RunProgram
}

/**
 * Reads inventories (files, folders, programs, lists of hosts) and merges them, the later over the earlier.
 * Throws one `Fault` holding every mistake of every file.
 */
export async function loadInventory(sources: readonly string[], at: InventoryOptions): Promise<Inventory> {
  const reading = new InventoryReading(at)
  const folders: string[] = []
  if (sources.some(source => source.trim() === ''))
    throw new Fault('inventory', 'the name of the inventory is empty', {
      hint: '-i takes a file, a folder or hosts with commas',
    })
  for (const source of sources)
    for (const folder of await reading.source(source)) if (!folders.includes(folder)) folders.push(folder)
  reading.finish()
  const { draft } = reading
  const playbookFolders = [...new Set((at.playbookFolders ?? []).map(folder => resolve(at.cwd, folder)))].filter(
    folder => !folders.includes(folder),
  )
  const beside = (where: readonly string[], name: string) => where.map(folder => varsFolder(join(folder, name), draft))
  const variables = {
    inventoryGroups: beside(folders, 'group_vars'),
    playbookGroups: beside(playbookFolders, 'group_vars'),
    inventoryHosts: beside(folders, 'host_vars'),
    playbookHosts: beside(playbookFolders, 'host_vars'),
  }
  const { hosts, groups } = mergeInventory(draft, variables)
  if (sources.length > 0 && hosts.size === 0) noHosts(sources, draft, at.cwd)
  if (draft.faults.length > 0) throw Fault.of(draft.faults)
  const warnings =
    sources.length === 0
      ? []
      : unusedVariables(variables, { hosts, groups, own: sources.map(source => resolve(at.cwd, source)) })
  return { source: sources.join(','), folder: folders[0] ?? at.cwd, hosts, groups, texts: draft.texts, warnings }
}

// A run over no hosts would be a success that did nothing. A source that cannot be read has its own fault.
const noHosts = (sources: readonly string[], draft: Draft, cwd: string): void => {
  const [first = ''] = sources
  if (draft.faults.length === 0)
    draft.fault(
      sources.length === 1 ? 'this inventory names no host' : `these inventories name no host: ${sources.join(' ')}`,
      { file: resolve(cwd, first), line: 1, column: 1 },
      'write one host in a line, or give -i localhost,',
    )
}
