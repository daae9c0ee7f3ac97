import { Fault } from '../model/fault.ts'
import { checkRun } from '../run/check-run.ts'
import { type PrepareOptions, prepare } from './prepare.ts'

/** `mlplay validate`: every check that needs no host. Hosts are only checked against an inventory that was given. */
export async function validate(paths: readonly string[], options: PrepareOptions): Promise<number> {
  const prepared = await prepare(paths, options)
  const faults = options.inventory === undefined ? [] : checkRun({ ...prepared, tags: [], skipTags: [] })
  if (faults.length > 0) throw Fault.of(faults)
  for (const path of paths) process.stdout.write(`${path}: ok\n`)
  return 0
}
