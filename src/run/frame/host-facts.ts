import type { JsonObject } from '../../model/json.ts'
import { type AnyTaskType, factsType } from '../../model/task-type.ts'
import { needIn } from '../../values/need.ts'
import type { HostContext } from '../host-context.ts'
import { wishOf } from '../session/run-as.ts'
import type { Probe, Probes } from './probes.ts'
import { planOf } from './type-code.ts'

/** A host's facts: asked for when something first reads them, from the round trip that is made anyway where that can be. */
export class HostFacts {
  readonly #context: HostContext
  readonly #probes: Probes
  readonly #ahead: () => Promise<readonly Probe[]>
  /** Something wants them: they ride with the next round trip. */
  wanted: boolean

  constructor(context: HostContext, probes: Probes, ahead: () => Promise<readonly Probe[]>) {
    this.#context = context
    this.#probes = probes
    this.#ahead = ahead
    this.wanted = context.usesFacts
  }

  get missing(): boolean {
    return this.wanted && this.#context.memory.facts === undefined
  }

  async probe(): Promise<Probe | undefined> {
    const type = factsType(this.#context.types)
    return type === undefined ? undefined : await this.#probeOf(type)
  }

  /** Runs `action`; when it turns out to need facts they are gathered and it runs again. */
  async with<T>(action: () => T | Promise<T>): Promise<T> {
    return await this.awaiting(() => this.alone(action))
  }

  /** Runs `action`; when it turns out to need what another host is to set, that host is waited for and it runs again. */
  async awaiting<T>(action: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await action()
      } catch (error) {
        const need = needIn(error)
        if (need?.kind !== 'host') throw error
        await this.#context.reached(need.host)
      }
  }

  /** Facts that are there from the beginning: other hosts may read them although this one never does. */
  async first(): Promise<void> {
    const { usesFacts, readsOthers, memory, types } = this.#context
    const type = factsType(types)
    if (usesFacts && readsOthers && memory.facts === undefined && type !== undefined) await this.#gather(type)
  }

  /** As `with`, but whoever waits for another host is stopped: for where a host is held that others need meanwhile. */
  async alone<T>(action: () => T | Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      if (needIn(error)?.kind !== 'facts') throw error
      const type = factsType(this.#context.types)
      if (type === undefined) throw error
      await this.#gather(type)
      return await this.alone(action)
    }
  }

  async #gather(type: AnyTaskType): Promise<void> {
    this.wanted = true
    const { memory, random, hardSignal, signal } = this.#context
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
    const shell = await this.#context.openShell(wishOf(undefined, this.#context.scopeOf(undefined, {}), this.#context))
    return this.#probes.make(type, {}, { shell, patient: false, prefix: undefined })
  }
}
