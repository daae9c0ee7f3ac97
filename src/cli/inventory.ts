import { giveInventory } from '../check/no-inventory.ts'
import { Fault } from '../model/fault.ts'
import type { Group, Inventory } from '../model/inventory.ts'
import { jsonText } from '../model/json-text.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { inventoriesIn, withInventory } from './find-inventory.ts'
import { readInventory } from './read-inventory.ts'

/** `mlplay inventory`: the inventory as it was read, in the format of `ansible-inventory`. */
export async function inventory(options: {
  readonly inventory?: readonly string[]
  readonly graph?: boolean
  readonly host?: string
}): Promise<number> {
  const { inventory: sources } = withInventory(options)
  if (sources === undefined)
    throw new Fault('inventory', 'no inventory was given', { hint: giveInventory(inventoriesIn(process.cwd())) })
  const loaded = await readInventory(sources, [])
  const say = (text: string) => process.stdout.write(`${text}\n`)
  if (options.graph === true) say(graph(loaded))
  else if (options.host !== undefined) {
    const host = loaded.hosts.get(options.host)
    if (host === undefined)
      throw new Fault(
        'unknown-host',
        `no host is called '${options.host}'${didYouMean(options.host, [...loaded.hosts.keys()])}`,
      )
    say(jsonText(host.vars, 2))
  } else say(jsonText(listed(loaded), 2))
  return 0
}

const listed = ({ hosts, groups }: Inventory): object => ({
  _meta: { hostvars: Object.fromEntries([...hosts].map(([name, host]) => [name, host.vars])) },
  ...Object.fromEntries([...groups].map(([name, group]) => [name, members(group)])),
})

const members = (group: Group): object => {
  const { children } = group
  const hosts = ownHosts(group)
  return {
    ...(children.length > 0 ? { children } : {}),
    ...(hosts.length > 0 || children.length === 0 ? { hosts } : {}),
  }
}

// Hosts of no other group are listed in `ungrouped`; under `all` they would appear twice.
const ownHosts = ({ name, hosts, own = hosts }: Group): readonly string[] => (name === 'all' ? [] : own)

function graph({ groups }: Inventory): string {
  const lines: string[] = []
  const show = (name: string, before: string, below: string): void => {
    const group = groups.get(name)
    lines.push(`${before}@${name}:`)
    for (const child of group?.children ?? []) show(child, `${below}  |--`, `${below}  |`)
    for (const host of group === undefined ? [] : ownHosts(group)) lines.push(`${below}  |--${host}`)
  }
  show('all', '', '')
  return lines.join('\n')
}
