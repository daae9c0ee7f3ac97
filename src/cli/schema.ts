import { inventorySchema, playbookSchema } from '../load/schema/schemas.ts'
import { Fault } from '../model/fault.ts'
import { taskTypes } from '../tasks/registry.ts'

/** `mlplay schema`: JSON Schema for completion and checks in editors. */
export function schema(what: string): number {
  if (what !== 'playbook' && what !== 'inventory')
    throw new Fault('schema', `there is no schema of '${what}'`, { hint: 'it is playbook or inventory' })
  process.stdout.write(
    `${JSON.stringify(what === 'playbook' ? playbookSchema(taskTypes) : inventorySchema, null, 2)}\n`,
  )
  return 0
}
