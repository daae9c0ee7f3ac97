import type { JsonObject } from '../../model/json.ts'
import type { Inherited, Play } from '../../model/playbook.ts'
import { type AnyTaskType, factsType } from '../../model/task-type.ts'
import type { Shell } from '../../shell/shell.ts'
import { type Answer, answer, lacking } from '../../values/need.ts'
import { Keywords, type Resolving } from '../resolve/keywords.ts'
import type { RunAs } from '../session/connect.ts'
import type { Probe, Probes } from './probes.ts'
import { planOf } from './type-code.ts'

/** What gathering a host's facts takes of its run. */
export interface Gathering extends Omit<Resolving, 'memory'> {
  readonly memory: { readonly host: { readonly name: string }; facts: Readonly<Record<string, unknown>> | undefined }
  readonly play: Play
  readonly openShell: (as: RunAs) => Promise<Shell>
  /** Waits until another host has come as far as this one, or has left. */
  readonly reached: (host: string) => Promise<void>
  readonly usesFacts: boolean
  readonly readsOthers: boolean
  readonly random: (bytes: number) => Uint8Array
  readonly signal: AbortSignal
  readonly hardSignal: AbortSignal
}

const plain: Inherited = { when: [], tags: [], vars: {}, params: {}, environment: [], notify: [] }

/** A host's facts: asked for when something first reads them, from the round trip that is made anyway where that can be. */
export class HostFacts {
  readonly #on: Gathering
  readonly #probes: Probes
  readonly #ahead: () => Promise<readonly Probe[]>
  /** Something wants them: they ride with the next round trip. */
  wanted: boolean

  constructor(on: Gathering, probes: Probes, ahead: () => Promise<readonly Probe[]>) {
    this.#on = on
    this.#probes = probes
    this.#ahead = ahead
    this.wanted = on.usesFacts
  }

  get missing(): boolean {
    return this.wanted && this.#on.memory.facts === undefined
  }

  async probe(): Promise<Probe | undefined> {
    const type = factsType(this.#on.types)
    return type === undefined ? undefined : await this.#probeOf(type)
  }

  /**
   * Reads a value; facts that it needs are gathered first. Where it needs more than that (another host, a result) the
   * answer says so: it may be asked for where a host is held that others wait for.
   */
  async settle<T>(read: () => T): Promise<Answer<T>> {
    for (;;) {
      const said = answer(read)
      const type = said.needs?.kind === 'facts' ? factsType(this.#on.types) : undefined
      if (type === undefined) return said
      await this.#gather(type)
    }
  }

  /** As `settle`, and waits for what other hosts are to set. */
  async meet<T>(read: () => T): Promise<T> {
    return await this.waiting(() => this.settle(read))
  }

  /** Asks anew when another host has set what was needed. A result that only a real run gives is thrown, as it ends the item. */
  async waiting<T>(ask: () => Promise<Answer<T>>): Promise<T> {
    for (;;) {
      const said = await ask()
      if (said.needs === undefined) return said.value
      if (said.needs.kind !== 'host') return lacking(said.needs)
      await this.#on.reached(said.needs.host)
    }
  }

  /** Facts that are there from the beginning: other hosts may read them although this one never does. */
  async first(): Promise<void> {
    const { usesFacts, readsOthers, memory, types } = this.#on
    const type = factsType(types)
    if (usesFacts && readsOthers && memory.facts === undefined && type !== undefined) await this.#gather(type)
  }

  async #gather(type: AnyTaskType): Promise<void> {
    this.wanted = true
    const { memory, random, hardSignal, signal } = this.#on
    const probe = await this.#probeOf(type)
    if (probe === undefined) return
    if (!this.#probes.answered(probe))
      await this.#probes.ask(probe.shell, [], {
        probes: [probe, ...(await this.#ahead())],
        limits: { signal: hardSignal, begin: signal },
      })
    const state = this.#probes.state(probe) ?? {}
    const plan = planOf(type, {}, { state, context: { check: true, expected: [], random } })
    const facts = plan.facts?.['ansible_facts'] as JsonObject | undefined
    memory.facts = facts ?? {}
  }

  async #probeOf(type: AnyTaskType): Promise<Probe | undefined> {
    const { play, scopeOf } = this.#on
    const { runAs } = new Keywords({ inherited: plain, at: play.at }, scopeOf(undefined, {}), this.#on)
    const shell = await this.#on.openShell(runAs)
    return this.#probes.make(type, {}, { shell, patient: false, prefix: undefined })
  }
}
