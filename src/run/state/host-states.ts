import type { SummaryEvent } from '../../model/event.ts'
import type { Host, Inventory } from '../../model/inventory.ts'
import { HostState, type PresenceCounter } from './host-state.ts'

/** What is known of every host that a run has met. */
export class HostStates {
  readonly #inventory: Inventory
  readonly #memories = new Map<string, HostState>()
  readonly #roster: PresenceCounter = { changes: 0 }
  readonly #alive = new WeakMap<readonly Host[], { readonly changes: number; readonly names: readonly string[] }>()

  constructor(inventory: Inventory) {
    this.#inventory = inventory
  }

  memory(host: Host): HostState {
    const known = this.#memories.get(host.name)
    if (known !== undefined) return known
    const made = new HostState(host, this.#roster)
    this.#memories.set(host.name, made)
    return made
  }

  met(name: string): HostState | undefined {
    return this.#memories.get(name)
  }

  /** A host to act on in another's place need not be in the inventory. */
  named(name: string): Host {
    return this.#inventory.hosts.get(name) ?? { name, groups: ['all'], vars: {} }
  }

  /** Names of those that are still in the play. */
  alive(hosts: readonly Host[]): readonly string[] {
    const known = this.#alive.get(hosts)
    const { changes } = this.#roster
    if (known?.changes === changes) return known.names
    const names = hosts.filter(host => this.met(host.name)?.present !== false).map(host => host.name)
    this.#alive.set(hosts, { changes, names })
    return names
  }

  get all(): readonly HostState[] {
    return [...this.#memories.values()]
  }

  totals(): Pick<SummaryEvent, 'hosts' | 'pending_handlers'> {
    // Who was only acted on in another's place has no line of its own.
    const met = this.all.filter(memory => memory.left !== undefined)
    return {
      hosts: Object.fromEntries(met.map(memory => [memory.host.name, memory.totals])),
      pending_handlers: Object.fromEntries(
        met
          .filter(memory => memory.pendingHandlers.length > 0)
          .map(memory => [memory.host.name, memory.pendingHandlers]),
      ),
    }
  }

  /** Hosts that began their last play and were stopped on the way. */
  get stopped(): readonly string[] {
    return this.all.filter(memory => memory.left === 'stopped').map(memory => memory.host.name)
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map(memory => memory.leave()))
  }
}
