import type { Task } from '../../model/playbook.ts'
import { BecomeFailed, type Shell, Unreachable } from '../../shell/shell.ts'
import { NulByte } from '../../text/sh.ts'
import { answer, needIn } from '../../values/need.ts'
import { isExpected } from '../../values/quietly.ts'
import type { WatchedOptions } from '../../values/watched.ts'
import { expand, renewed, taskOn } from '../resolve/expand.ts'
import type { HostTask, Item } from '../resolve/item.ts'
import type { Resolving } from '../resolve/keywords.ts'
import { planParams } from '../resolve/params.ts'
import type { RunAs } from '../session/connect.ts'
import type { HostFacts } from './host-facts.ts'
import type { Probe, Probes } from './probes.ts'
import { planOf, TaskTypeError } from './type-code.ts'

export interface Looking extends Resolving {
  readonly template: WatchedOptions
  readonly openShell: (as: RunAs) => Promise<Shell>
  readonly random: (bytes: number) => Uint8Array
}

/** The tasks that a host has before it, in their order. */
export interface Before {
  /** Handlers that were notified, in a real run. */
  readonly handlers: () => Iterable<Task>
  readonly tasks: () => Iterable<Task>
  /** What one host of the batch runs for all is this one's to run. */
  readonly runsForAll: () => boolean
}

interface Kept {
  readonly host: HostTask
  /** Resolved anew where that does not hold any more. */
  readonly items: Item[]
}

/** Which steps are still to come, and the probes of theirs that can ride along now. */
export class LookAhead {
  readonly #on: Looking
  readonly #probes: Probes
  readonly #facts: HostFacts
  readonly #before: Before
  /** Tasks as far as they are resolved: each is rendered once, however many frames its probes ride in. */
  readonly #kept = new Map<Task, Kept>()

  constructor(
    on: Looking,
    { probes, facts, before }: { readonly probes: Probes; readonly facts: HostFacts; readonly before: Before },
  ) {
    this.#on = on
    this.#probes = probes
    this.#facts = facts
    this.#before = before
  }

  /** Its turn has come: the task on this host, with what is resolved of it already. */
  begin(task: Task): HostTask {
    return this.#still(task)?.host ?? taskOn(task, this.#on)
  }

  /** The task is left out: there is no need to look. */
  leaveOut(task: Task): void {
    this.#kept.delete(task)
  }

  /** Its turns. Each is to be taken with `current` when it comes, as those before it may have set variables. */
  items(host: HostTask): readonly Item[] | 'skipped' {
    const kept = this.#still(host.task)
    this.#kept.delete(host.task)
    return kept?.host === host ? kept.items : expand(host)
  }

  /**
   * Probes of the steps still to come, as far as their params can be rendered now, and no further than the first step
   * that is going to change something: after that change they would all have to be asked again.
   */
  async probes(): Promise<readonly Probe[]> {
    const probes: Probe[] = []
    for (const handler of this.#before.handlers()) await this.#lookInto(handler, probes)
    for (const task of this.#before.tasks()) if (await this.#lookInto(task, probes)) break
    if (this.#facts.missing) {
      const probe = await this.#facts.probe()
      if (probe !== undefined) probes.unshift(probe)
    }
    return probes
  }

  // Nothing that was read for it has changed since.
  #still(task: Task): Kept | undefined {
    const kept = this.#kept.get(task)
    if (kept?.host.scope.unchanged() === true) return kept
    this.#kept.delete(task)
    return undefined
  }

  /** Adds a task's probes; true when it is going to change something, as far as one can tell. */
  async #lookInto(task: Task, probes: Probe[]): Promise<boolean> {
    const type = this.#on.types.get(task.type)
    if (type?.probe === undefined || this.#byOthers(task)) return false
    const { template, openShell, check } = this.#on
    const uses = template.uses()
    let changes = false
    try {
      const items = this.#resolved(task)
      for (let i = 0; i < items.length; i++) {
        const item = current(items[i] as Item)
        items[i] = item
        // A look does no harm: where `when` waits for facts or a result, the step is looked into as if it ran.
        if (this.#unmet(item)) continue
        const { runAs, environment: prefix } = item.keywords
        const shell = await openShell(runAs)
        const probe = this.#probes.make(type, item.lazy, { shell, patient: false, prefix })
        if (probe === undefined) continue
        probes.push(probe)
        changes ||= !check && (await this.#willChange(item, probe))
      }
    } catch (error) {
      // What it waits for, or what is wrong with it, is told when its turn comes.
      if (!isTold(error)) throw error
      this.#noteFacts(error)
    }
    if (template.uses() !== uses) this.#kept.delete(task)
    return changes
  }

  #resolved(task: Task): Item[] {
    const known = this.#still(task)
    if (known !== undefined) return known.items
    const host = taskOn(task, this.#on)
    const items = expand(host)
    const kept = { host, items: items === 'skipped' ? [] : [...items] }
    if (items !== 'skipped') this.#kept.set(task, kept)
    return kept.items
  }

  #unmet({ keywords }: Item): boolean {
    try {
      return keywords.unmet !== undefined
    } catch (error) {
      if (!isTold(error)) throw error
      this.#noteFacts(error)
      return false
    }
  }

  #noteFacts(error: unknown): void {
    if (needIn(error)?.kind === 'facts') this.#facts.wanted = true
  }

  // By an answer from before the last change: good for guessing.
  async #willChange(item: Item, probe: Probe): Promise<boolean> {
    const state = this.#probes.guess(probe)
    if (state === undefined) return false
    const params = await planParams(item, async read => answer(read))
    if (params.needs !== undefined) return false
    const context = { check: false, expected: [], random: this.#on.random }
    return planOf(item.type, params.value, { state, context }).changes.length > 0
  }

  // Another host is looked at when its turn comes, as others may change it until then; and what one host does for all is
  // no business of the others.
  #byOthers({ inherited: { delegate_to, run_once } }: Task): boolean {
    if (delegate_to !== undefined && delegate_to !== null) return true
    return run_once !== undefined && run_once !== false && !this.#before.runsForAll()
  }
}

/** The turn as it is resolved, if that still holds; else to be resolved anew. */
export const current = (item: Item): Item => (item.scope.unchanged() ? item : renewed(item))

const isTold = (error: unknown): boolean =>
  isExpected(error) ||
  error instanceof TaskTypeError ||
  error instanceof NulByte ||
  error instanceof BecomeFailed ||
  error instanceof Unreachable
