import { loadInventory } from '../load/inventory/load-inventory.ts'
import { MOST_BYTES } from '../load/yaml/yaml.ts'
import type { Inventory } from '../model/inventory.ts'
import { runProgram } from '../shell/run-program.ts'

/** Seconds that an executable inventory may take to answer: a cloud with many pages is slow, a dead one is slower. */
const PROGRAM_SECONDS = 120
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The inventories given with -i, from where the person stands. */
export async function readInventory(
  sources: readonly string[],
  playbookFolders: readonly string[],
): Promise<Inventory> {
  const cwd = process.cwd()
  const stop = new AbortController()
  // Nothing has been touched yet: to stop is to end the programs and be gone.
  const onSignal = () => {
    stop.abort()
    process.exit(130)
  }
  const options = { cwd, env: process.env, seconds: PROGRAM_SECONDS, most: 4 * MOST_BYTES, signal: stop.signal }
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
