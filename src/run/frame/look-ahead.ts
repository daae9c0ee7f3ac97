import type { Task } from '../../model/playbook.ts'
import { needIn } from '../../values/need.ts'
import { holds } from '../../values/render.ts'
import type { HostContext } from '../host-context.ts'
import { wishOf } from '../session/run-as.ts'
import { environmentOf, fullParams, type Item, itemsOf } from '../task/item.ts'
import type { Notified } from '../task/notified.ts'
import { chosen } from '../task/run-task.ts'
import { sourceOf, typeOf } from '../task/source-of.ts'
import type { HostFacts } from './host-facts.ts'
import type { Probe, Probes } from './probes.ts'
import { planOf } from './type-code.ts'

interface Looking {
  readonly context: HostContext
  readonly probes: Probes
  readonly facts: HostFacts
  readonly notified: Notified
}

/** Which steps are still to come, and the probes of theirs that can ride along now. */
export class LookAhead {
  readonly #with: Looking
  readonly #coming: readonly Task[]
  readonly #done = new Set<Task>()

  constructor(coming: readonly Task[], looking: Looking) {
    this.#coming = coming
    this.#with = looking
  }

  begun(task: Task): void {
    this.#done.add(task)
  }

  /**
   * Probes of the steps still to come, as far as their params can be rendered now, and no further than the first step
   * that is going to change something: after that change they would all have to be asked again.
   */
  async probes(): Promise<readonly Probe[]> {
    const { context, notified, facts } = this.#with
    const probes: Probe[] = []
    for (const handler of context.check ? [] : notified) await this.#lookInto(handler, probes)
    for (const task of this.#coming)
      if (!this.#done.has(task) && chosen(task, context.batch.places.of(task), context))
        if (await this.#lookInto(task, probes)) break
    if (facts.missing) {
      const probe = await facts.probe()
      if (probe !== undefined) probes.unshift(probe)
    }
    return probes
  }

  /** Adds a task's probes; true when it is going to change something, as far as one can tell. */
  async #lookInto(task: Task, probes: Probe[]): Promise<boolean> {
    const { context } = this.#with
    let changes = false
    try {
      const type = typeOf(task, context)
      if (type.probe === undefined || this.#byOthers(task)) return false
      const items = itemsOf(sourceOf(task, type, context))
      if (items === 'skipped') return false
      for (const item of items) {
        if (!this.#mayHold(item)) continue
        const shell = await context.openShell(wishOf(task, item.scope, context))
        const probe = this.#with.probes.make(type, item.lazy, { shell, patient: false, prefix: environmentOf(item) })
        if (probe === undefined) continue
        probes.push(probe)
        changes ||= await this.#willChange(item, probe)
      }
    } catch (error) {
      // It waits for facts or for a result: it will ask when its turn comes.
      if (asksForFacts(error)) this.#with.facts.wanted = true
    }
    return changes
  }

  // A look does no harm: where `when` waits for facts or a result, the step is looked into as if it ran.
  #mayHold(item: Item): boolean {
    try {
      return holds(item.task.inherited.when, item.scope, item.template)
    } catch (error) {
      if (asksForFacts(error)) this.#with.facts.wanted = true
      return true
    }
  }

  async #willChange(item: Item, probe: Probe): Promise<boolean> {
    const { check, random } = this.#with.context
    try {
      const state = check ? undefined : this.#with.probes.guess(probe)
      if (state === undefined) return false
      const context = { check: false, expected: [], random }
      return planOf(item.type, await fullParams(item), { state, context }).changes.length > 0
    } catch {
      return false
    }
  }

  // Another host is looked at when its turn comes, as others may change it until then; and what one host does for all is
  // no business of the others.
  #byOthers({ inherited: { delegate_to, run_once } }: Task): boolean {
    const { batch, walker } = this.#with.context
    if (delegate_to !== undefined && delegate_to !== null) return true
    return run_once !== undefined && run_once !== false && batch.walkers[0] !== walker
  }
}

const asksForFacts = (error: unknown): boolean => needIn(error)?.kind === 'facts'
