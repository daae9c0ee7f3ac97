import { placesIn } from '../load/yaml/places.ts'
import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Playbook } from '../model/playbook.ts'
import { allTasks } from '../model/steps.ts'
import { hasTemplate } from '../template/template.ts'
import { codeFrame } from '../text/code-frame.ts'
import { didYouMean } from '../text/did-you-mean.ts'

/** Hosts that `delegate_to` names in so many words, and that are neither in the inventory nor addresses. */
export function checkDelegates({ plays, sources }: Playbook, { hosts, groups }: Inventory): readonly Fault[] {
  const known = (name: string) => hosts.has(name) || isAddress(name)
  return plays.flatMap(allTasks).flatMap(task => {
    const name = task.inherited.delegate_to
    if (typeof name !== 'string' || hasTemplate(name) || known(name)) return []
    const at = placesIn(sources)(task.source)(['delegate_to'])
    return new Fault('unknown-host', `no host is called '${name}'${didYouMean(name, ['localhost', ...hosts.keys()])}`, {
      at,
      hint: groups.has(name)
        ? `'${name}' is a group: delegate_to takes one host, such as "{{ groups['${name}'][0] }}"`
        : 'delegate_to takes a host of the inventory, localhost, or an address',
      frame: codeFrame(sources.get(at.file) ?? '', at),
    })
  })
}

// Any other host is found by its address, or by a name with a dot.
const isAddress = (name: string): boolean => name === 'localhost' || /[.:@/]/.test(name)
