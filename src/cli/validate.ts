import { checkRun } from '../check/check-run.ts'
import { checkSettings } from '../check/check-settings.ts'
import { idleBecome } from '../check/idle-become.ts'
import { withInventory } from './find-inventory.ts'
import { type PrepareOptions, prepare } from './prepare.ts'

/** `mlplay validate`: every check that needs no host. Host names are checked only when an inventory is given. */
export async function validate(paths: readonly string[], given: PrepareOptions): Promise<number> {
  const options = withInventory(given)
  const { playbooks, inventory } = await prepare(paths, options, (read, whole) =>
    options.inventory !== undefined
      ? checkRun({ ...read, tags: [], skipTags: [], whole })
      : whole
        ? checkSettings({ ...read, withoutHosts: true })
        : [],
  )
  for (const warning of idleBecome(playbooks, inventory)) process.stderr.write(`warning: ${warning}\n`)
  for (const path of paths) process.stdout.write(`${path}: ok\n`)
  return 0
}
