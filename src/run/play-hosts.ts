import { Fault } from '../model/fault.ts'
import type { Host } from '../model/inventory.ts'
import type { Play } from '../model/playbook.ts'
import { selectHosts } from '../schedule/host-pattern.ts'
import { someNames } from '../text/some-names.ts'
import type { Fleet } from './fleet.ts'
import type { RunRequest } from './request.ts'

/** The hosts of a play: its pattern, within the limit, without those that were lost before. None at all is a fault. */
export function playHosts(
  play: Play,
  pattern: unknown,
  { inventory, limit, fleet }: Pick<RunRequest, 'inventory' | 'limit'> & { readonly fleet: Fleet },
): readonly Host[] {
  const chosen = selectHosts(Array.isArray(pattern) ? pattern.join(',') : String(pattern), inventory)
  const limited = limit === undefined ? undefined : new Set(selectHosts(limit, inventory).map(host => host.name))
  const within = chosen.filter(host => limited === undefined || limited.has(host.name))
  if (chosen.length === 0)
    throw new Fault('no-hosts', `the play '${play.name}' has no hosts`, {
      at: play.locate(['hosts']),
      hint: 'mlplay inventory --graph shows what the inventory holds',
    })
  // Other plays of the same run may well have hosts within the limit; where all of this one's are lost, that was told.
  if (within.length === 0 && !chosen.some(host => fleet.met(host.name)?.dropped === true))
    throw new Fault('no-hosts', `the limit '${limit}' leaves no host of play '${play.name}'`, {
      hint: `its hosts are: ${someNames(chosen.map(host => host.name))}`,
    })
  return within.filter(host => fleet.met(host.name)?.dropped !== true)
}
