import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Vars } from '../model/playbook.ts'
import { isNoFact } from '../schedule/known-names.ts'
import { layeredScope } from '../schedule/scope.ts'
import { hasTemplate } from '../schedule/template/template.ts'
import { targetOf } from './target-of.ts'

const nowhere = { environment: { env: {}, cwd: '/', now: () => new Date(0), random: () => new Uint8Array() } }

/**
 * What an inventory says of connections and cannot be: an unknown kind, a port that is none. Hosts of one group share
 * what the group says, so that is looked at once. Values with templates wait until they can be rendered.
 */
export function checkConnections(inventory: Inventory): readonly Fault[] {
  const faults: Fault[] = []
  const seen = new Set<Vars>()
  for (const host of inventory.hosts.values())
    for (const layer of host.layers ?? [host.vars]) {
      if (seen.has(layer)) continue
      seen.add(layer)
      const said = Object.entries(layer).filter(([name, value]) => isNoFact(name) && !hasTemplate(value))
      if (said.length === 0) continue
      const scope = layeredScope([{ vars: Object.fromEntries(said), data: true }], value => value)
      try {
        targetOf({ host, scope, play: {}, template: {} }, nowhere)
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        faults.push(...error.all)
      }
    }
  return faults
}
