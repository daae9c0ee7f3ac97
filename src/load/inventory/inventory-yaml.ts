import type { Json } from '../../model/json.ts'
import type { Locate } from '../../model/playbook.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { isMap, within } from '../playbook/loading.ts'
import { parseYaml } from '../yaml/yaml.ts'
import type { Draft } from './inventory-draft.ts'

const sections = ['hosts', 'children', 'vars']

/** Reads a YAML (or JSON) inventory into the draft. Throws a `Fault` for what is no YAML. */
export function readYaml(text: string, file: string, draft: Draft): void {
  const { value, locate } = parseYaml(text, file)
  if (value === null) return
  if (!isMap(value)) {
    const playbook = Array.isArray(value) && value.some(item => isMap(item) && ('hosts' in item || 'tasks' in item))
    draft.fault(
      'an inventory is a map of groups',
      locate([]),
      playbook ? 'this looks like a playbook: -i takes the inventory' : 'start it with "all:"',
    )
    return
  }
  if (typeof value['plugin'] === 'string') {
    draft.partial = true
    draft.fault(
      'inventory plugins are not supported',
      locate(['plugin']),
      'an executable that answers --list with JSON serves: docs/inventories.md',
    )
    return
  }
  for (const [name, group] of Object.entries(value)) readGroup(name, group, within(locate, name), draft)
}

const readGroup = (name: string, value: Json, locate: Locate, draft: Draft): void => {
  const group = draft.group(name)
  if (value === null) return
  if (!isMap(value)) {
    draft.fault(`the group '${name}' is a map of hosts, children and vars`, locate([]))
    return
  }
  for (const [section, inside] of Object.entries(value)) {
    const here = within(locate, section)
    if (!sections.includes(section)) {
      draft.fault(
        `a group has hosts, children and vars, no '${section}'${didYouMean(section, sections)}`,
        locate([section], 'key'),
        `groups inside '${name}' go under children:, its hosts under hosts:`,
      )
      continue
    }
    const entries = entriesOf(inside, section, { here, draft })
    if (section === 'vars') for (const [key, one] of entries) draft.setGroupVar(group, key, one, () => here([key]))
    else if (section === 'children')
      for (const [child, one] of entries) {
        readGroup(child, one, within(here, child), draft)
        draft.link(name, child, () => here([child], 'key'))
      }
    else
      for (const [host, one] of entries) {
        const hosts = draft.expand(host, group, () => here([host], 'key'))
        if (one !== null && !isMap(one)) draft.fault(`the variables of '${host}' are a map`, here([host]))
        else
          for (const [key, variable] of Object.entries(one ?? {}))
            for (const each of hosts) each.vars.set(key, variable)
      }
  }
}

const entriesOf = (
  value: Json,
  section: string,
  { here, draft }: { readonly here: Locate; readonly draft: Draft },
): readonly (readonly [string, Json])[] => {
  if (value === null) return []
  // Ansible takes a lone name, too.
  if (typeof value === 'string' && section !== 'vars') return [[value, null]]
  if (isMap(value)) return Object.entries(value)
  draft.fault(
    `${section} is a map`,
    here([]),
    section === 'vars' ? 'write name: value' : 'write each name with a colon after it and no dash before it',
  )
  return []
}
