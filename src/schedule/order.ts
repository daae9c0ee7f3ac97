import { Fault } from '../model/fault.ts'
import type { Host } from '../model/inventory.ts'

const orders = ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] as const

/** A play's hosts in the order in which they are taken; batches are cut from it. */
export function ordered(
  hosts: readonly Host[],
  order: unknown,
  random: (bytes: number) => Uint8Array,
): readonly Host[] {
  switch (order) {
    case undefined:
    case 'inventory':
      return hosts
    case 'reverse_inventory':
      return hosts.toReversed()
    case 'sorted':
      return hosts.toSorted(byName)
    case 'reverse_sorted':
      return hosts.toSorted(byName).toReversed()
    case 'shuffle':
      return shuffled(hosts, random)
    default:
      throw new Fault('order', `'order' cannot be '${String(order)}'`, { hint: `it is one of ${orders.join(', ')}` })
  }
}

// By code unit, as Python sorts names: the same on every machine, whatever its locale.
const byName = (a: Host, b: Host): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const shuffled = (hosts: readonly Host[], random: (bytes: number) => Uint8Array): readonly Host[] => {
  const left = [...hosts]
  const bytes = random(hosts.length * 4)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let i = left.length - 1; i > 0; i--) {
    const j = view.getUint32(i * 4) % (i + 1)
    const [one, other] = [left[i] as Host, left[j] as Host]
    left[i] = other
    left[j] = one
  }
  return left
}
