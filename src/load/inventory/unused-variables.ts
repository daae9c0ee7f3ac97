import type { Group, Host } from '../../model/inventory.ts'
import { closestName, didYouMean } from '../../text/did-you-mean.ts'
import type { AdjacentVars } from './merge-inventory.ts'

interface Known {
  readonly hosts: ReadonlyMap<string, Host>
  readonly groups: ReadonlyMap<string, Group>
  /** The sources of the inventory: a folder among them keeps variables of its own. */
  readonly own: readonly string[]
}

/**
 * Files of `group_vars` and `host_vars` for a group or host that the inventory does not have. Beside a playbook or an
 * inventory file they may serve several inventories: there a name is only told where it is near to one that is known.
 */
export function unusedVariables(variables: AdjacentVars, { hosts, groups, own }: Known): readonly string[] {
  const { inventoryGroups, playbookGroups, inventoryHosts, playbookHosts } = variables
  const isOwn = (path: string) =>
    own.some(folder => path.startsWith(`${folder}/`)) && /\/[^/.]+(\.(ya?ml|json))?$/.test(path)
  const unused = (folders: AdjacentVars['inventoryGroups'], kind: 'group' | 'host', names: readonly string[]) =>
    folders.flatMap(({ entries }) =>
      [...entries]
        .filter(([name, path]) => !names.includes(name) && (isOwn(path) || closestName(name, names) !== undefined))
        .map(([name, path]) => `nothing reads ${path}: there is no ${kind} '${name}'${didYouMean(name, names)}`),
    )
  return [
    ...unused([...inventoryGroups, ...playbookGroups], 'group', [...groups.keys()]),
    ...unused([...inventoryHosts, ...playbookHosts], 'host', [...hosts.keys(), 'localhost']),
  ]
}
