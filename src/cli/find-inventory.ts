import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isFile, isFolder } from '../load/playbook/loading.ts'
import type { PrepareOptions } from './prepare.ts'

// Folders beside an inventory file that are not inventories.
const beside = /^(?:group_vars|host_vars|files|secrets|templates)$/
const noInventory = /(?:~|\.(?:example|sample|bak|cfg|md|orig|retry|rst|swp|txt))$/

/** Inventories found in a folder: `inventory/`, the folders in it when it holds several, or a file called inventory. */
export function inventoriesIn(cwd: string): readonly string[] {
  const folder = resolve(cwd, 'inventory')
  if (isFile(folder)) return ['inventory']
  if (!isFolder(folder))
    return ['inventory.yml', 'inventory.yaml', 'inventory.ini'].filter(name => isFile(resolve(cwd, name))).slice(0, 1)
  const entries = readdirSync(folder).filter(name => !name.startsWith('.') && !noInventory.test(name))
  // With files in it the folder itself is the inventory; otherwise each subfolder is one.
  if (entries.some(name => statSync(join(folder, name)).isFile())) return ['inventory']
  return entries
    .filter(name => !beside.test(name) && isFolder(join(folder, name)))
    .toSorted()
    .map(name => `inventory/${name}`)
}

/** Without -i, uses the inventory of the current folder if there is exactly one, and says so on stderr. */
export function withInventory<T extends PrepareOptions>(options: T, cwd = process.cwd()): T {
  if (options.inventory !== undefined) return options
  const [only, ...more] = inventoriesIn(cwd)
  if (only === undefined || more.length > 0) return options
  process.stderr.write(`inventory: ${only} (none was given with -i)\n`)
  return { ...options, inventory: [only] }
}
