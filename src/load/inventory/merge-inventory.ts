import type { Group, Host } from '../../model/inventory.ts'
import type { Vars } from '../../model/playbook.ts'
import { depths, descendants, settle } from './group-tree.ts'
import type { VarsOf } from './group-vars.ts'
import type { Draft, DraftGroup, DraftHost } from './inventory-draft.ts'
import { LayeredHost, mergeVars } from './layered-host.ts'

/** Where variables stand besides the inventory's own files: the inventory's folders first, then the playbooks'. */
export interface AdjacentVars {
  readonly inventoryGroups: readonly VarsOf[]
  readonly playbookGroups: readonly VarsOf[]
  readonly inventoryHosts: readonly VarsOf[]
  readonly playbookHosts: readonly VarsOf[]
}

interface Lineage {
  readonly groups: readonly string[]
  readonly layers: readonly Vars[]
}

/** Hosts with all that they inherit, and groups with all that they hold, both in Ansible's order. */
export function mergeInventory(
  draft: Draft,
  beside: AdjacentVars,
): { readonly hosts: ReadonlyMap<string, Host>; readonly groups: ReadonlyMap<string, Group> } {
  settle(draft)
  const depth = depths(draft)
  const groups = new Map<string, Group>()
  for (const group of draft.groups.values()) groups.set(group.name, groupOf(group))
  const lineages = new Map<string, Lineage>()
  const lineageOf = (host: DraftHost): Lineage => {
    // Hosts of the same groups share their groups' variables: these are merged once for all of them.
    const key = JSON.stringify([...host.groups].map(group => group.name))
    const known = lineages.get(key)
    if (known !== undefined) return known
    const made = lineage(host.groups, depth, beside)
    lineages.set(key, made)
    return made
  }
  const hosts = new Map<string, Host>()
  const hostFolders = [...beside.inventoryHosts, ...beside.playbookHosts]
  // In the order the sources name them, which patterns like web* follow; `all` has the order of its groups.
  for (const [name, host] of draft.hosts) {
    const { groups: above, layers } = lineageOf(host)
    const own = host.vars.size === 0 ? [] : [Object.fromEntries(host.vars)]
    for (const vars of hostFolders) {
      const found = vars(name)
      if (found !== undefined) own.push(found)
    }
    hosts.set(name, new LayeredHost(name, above, own.length === 0 ? layers : [...layers, ...own]))
  }
  return { hosts, groups }
}

const lineage = (
  direct: ReadonlySet<DraftGroup>,
  depth: ReadonlyMap<DraftGroup, number>,
  beside: AdjacentVars,
): Lineage => {
  const held = new Set(direct)
  for (const group of held) for (const parent of group.parents) held.add(parent)
  const rank = (group: DraftGroup) => (group.name === 'all' ? -1 : (depth.get(group) ?? 0))
  const sorted = [...held].sort((a, b) => rank(a) - rank(b) || a.priority - b.priority || (a.name < b.name ? -1 : 1))
  const groups = sorted.map(group => group.name)
  const others = groups.filter(name => name !== 'all')
  const from = (folders: readonly VarsOf[], names: readonly string[]) =>
    folders.flatMap(folder => names.flatMap(name => known(folder(name))))
  const vars = mergeVars([
    ...sorted.map(group => Object.fromEntries(group.vars)),
    ...from(beside.inventoryGroups, ['all']),
    ...from(beside.playbookGroups, ['all']),
    ...from(beside.inventoryGroups, others),
    ...from(beside.playbookGroups, others),
  ])
  return { groups, layers: Object.keys(vars).length === 0 ? [] : [vars] }
}

const known = (vars: Vars | undefined): readonly Vars[] => (vars === undefined ? [] : [vars])

const groupOf = (group: DraftGroup): Group => ({
  name: group.name,
  hosts: hostsOf(group),
  children: [...group.children.keys()].map(child => child.name),
  ...(group.children.size === 0 ? {} : { own: [...group.hosts].map(host => host.name) }),
})

const hostsOf = (group: DraftGroup): readonly string[] => {
  const hosts = new Set<DraftHost>()
  for (const one of descendants(group)) for (const host of one.hosts) hosts.add(host)
  return [...hosts].map(host => host.name)
}
