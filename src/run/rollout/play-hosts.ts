import { Fault } from '../../model/fault.ts'
import type { Host } from '../../model/inventory.ts'
import type { Play } from '../../model/playbook.ts'
import { selectHosts } from '../../schedule/host-pattern.ts'
import { someNames } from '../../text/some-names.ts'
import type { HostStates } from '../state/host-states.ts'
import type { RunRequest } from '../state/request.ts'

type Limited = Pick<RunRequest, 'inventory' | 'limit'>

/**
 * The hosts of a play: its pattern, within the limit, without those that were lost before. A pattern that names none is
 * a fault. A limit that leaves none leaves the play out: other plays of the run have hosts within it.
 */
export function playHosts(
  play: Play,
  pattern: unknown,
  { inventory, limit, fleet }: Limited & { readonly fleet: HostStates },
): readonly Host[] {
  return within(play, pattern, { inventory, limit }).filter(host => fleet.met(host.name)?.dropped !== true)
}

/** All hosts of a play's pattern within the limit, also those that were lost. */
export function within(play: Play, pattern: unknown, { inventory, limit }: Limited): readonly Host[] {
  const chosen = selectHosts(textOf(pattern), inventory)
  if (chosen.length === 0)
    throw new Fault('no-hosts', `the play '${play.name}' has no hosts`, {
      at: play.hostsAt,
      hint: 'mlplay inventory --graph shows what the inventory holds',
    })
  if (limit === undefined) return chosen
  const names = new Set(selectHosts(limit, inventory).map(host => host.name))
  return chosen.filter(host => names.has(host.name))
}

/** A limit that leaves no play any host is a mistake, told before the first host is touched. */
export function checkLimit(
  plays: readonly { readonly play: Play; readonly pattern: () => unknown }[],
  { inventory, limit }: Limited,
): void {
  if (limit === undefined) return
  const all: Host[] = []
  for (const { play, pattern } of plays) {
    if (within(play, pattern(), { inventory, limit }).length > 0) return
    all.push(...selectHosts(textOf(pattern()), inventory))
  }
  const [first] = plays
  if (first === undefined) return
  const of = plays.length === 1 ? `no host of play '${first.play.name}'` : 'no play any host'
  throw new Fault('no-hosts', `the limit '${limit}' leaves ${of}`, {
    hint: `${plays.length === 1 ? 'its hosts are' : 'the hosts of the plays are'}: ${someNames([...new Set(all.map(host => host.name))])}`,
  })
}

const textOf = (pattern: unknown): string => (Array.isArray(pattern) ? pattern.join(',') : String(pattern))
