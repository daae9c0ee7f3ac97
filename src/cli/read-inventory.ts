import { loadInventory } from '../load/inventory/load-inventory.ts'
import { MOST_BYTES } from '../load/yaml/yaml.ts'
import type { Inventory } from '../model/inventory.ts'
import { runProgram } from '../shell/run-program.ts'

/** Seconds until an executable inventory is killed; cloud inventories with many pages are slow. */
const PROGRAM_SECONDS = 120
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Reads the inventories given with -i, relative to the current directory. */
export async function readInventory(
  sources: readonly string[],
  playbookFolders: readonly string[],
): Promise<Inventory> {
  const cwd = process.cwd()
  const stop = new AbortController()
  // No host has been touched yet, so a signal just kills the inventory programs and exits.
  const onSignal = () => {
    stop.abort()
    process.exit(130)
  }
  const options = { cwd, env: process.env, seconds: PROGRAM_SECONDS, maxBytes: 4 * MOST_BYTES, signal: stop.signal }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  try {
    const inventory = await loadInventory(sources, {
      cwd,
      playbookFolders,
      runProgram: (file, args) => runProgram(file, args, options),
    })
    for (const warning of inventory.warnings ?? []) process.stderr.write(`warning: ${warning}\n`)
    return inventory
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal)
  }
}
