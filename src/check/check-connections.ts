import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import { connectionVariables, isNoFact, magicNames, passingNames } from '../model/known-names.ts'
import type { Vars } from '../model/playbook.ts'
import { hasTemplate } from '../template/template.ts'
import { codeFrame } from '../text/code-frame.ts'
import { closestName } from '../text/did-you-mean.ts'
import { layeredScope } from '../values/scope.ts'
import { targetOf } from '../values/target-of.ts'
import { settingPlace } from './setting-place.ts'

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
      faults.push(...misspelt(layer, inventory))
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

const known: ReadonlySet<string> = new Set([...connectionVariables, ...magicNames, ...passingNames])

// Ansible's own, which nothing here reads: they are no slips.
const ofAnsible =
  /^ansible_(become_(exe|flags)|shell_|ssh_(executable|pipelining|retries|transfer_method|use_tty)|pipelining|winrm_|psrp_|network_|scp_|sftp_|remote_tmp|async_dir|su_|sudo_)/

/** Names that are nearly those of connection variables: how a host is reached would not be what the inventory says. */
const misspelt = (layer: Vars, { texts = new Map() }: Inventory): readonly Fault[] =>
  Object.entries(layer).flatMap(([name, value]) => {
    if (!name.startsWith('ansible_') || known.has(name) || ofAnsible.test(name)) return []
    const meant = closestName(
      name.slice('ansible_'.length),
      connectionVariables.map(known => known.slice('ansible_'.length)),
    )
    if (meant === undefined) return []
    const at = settingPlace(name, value, { texts, key: true })
    const frame = at === undefined ? undefined : codeFrame(texts.get(at.file) ?? '', at)
    const message = `there is no connection variable '${name}', did you mean 'ansible_${meant}'?`
    return [new Fault('connection', message, at === undefined ? {} : { at, ...(frame === undefined ? {} : { frame }) })]
  })
