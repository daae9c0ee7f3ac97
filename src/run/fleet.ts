import type { SummaryEvent } from '../model/event.ts'
import type { Host, Inventory } from '../model/inventory.ts'
import { HostMemory } from './memory.ts'

/** What is known of every host that a run has met. */
export class Fleet {
  readonly #inventory: Inventory
  readonly #memories = new Map<string, HostMemory>()

  constructor(inventory: Inventory) {
    this.#inventory = inventory
  }

  memory(host: Host): HostMemory {
    const known = this.#memories.get(host.name)
    if (known !== undefined) return known
    const made = new HostMemory(host)
    this.#memories.set(host.name, made)
    return made
  }

  met(name: string): HostMemory | undefined {
    return this.#memories.get(name)
  }

  /** A host to act on in another's place need not be in the inventory. */
  named(name: string): Host {
    return this.#inventory.hosts.get(name) ?? { name, groups: ['all'], vars: {} }
  }

  get all(): readonly HostMemory[] {
    return [...this.#memories.values()]
  }

  totals(): Pick<SummaryEvent, 'hosts' | 'owed'> {
    const met = this.all.filter(
      memory => memory.open.length > 0 || Object.values(memory.counts).some(count => count > 0),
    )
    return {
      hosts: Object.fromEntries(met.map(memory => [memory.host.name, memory.totals])),
      owed: Object.fromEntries(
        met.filter(memory => memory.owed.length > 0).map(memory => [memory.host.name, memory.owed]),
      ),
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(memory => memory.close()))
  }
}
