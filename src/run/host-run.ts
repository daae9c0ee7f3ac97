import type { Change } from '../model/change.ts'
import type { Emit, Status } from '../model/event.ts'
import { Fault } from '../model/fault.ts'
import type { JsonObject } from '../model/json.ts'
import type { Block, Play, Step, Task } from '../model/playbook.ts'
import type { AnyTaskType, Plan } from '../model/task-type.ts'
import { FactsNeeded } from '../schedule/scope.ts'
import { selected } from '../schedule/tags.ts'
import type { Scope, TemplateOptions } from '../schedule/template/template.ts'
import { BecomeFailed, type Shell, Unreachable } from '../shell/shell.ts'
import type { Secrets } from '../text/redact.ts'
import { unifiedDiff } from '../text/unified-diff.ts'
import { act, asOutcome } from './act.ts'
import { environmentOf, fullParams, type Item, itemsOf, type ShellWish } from './item.ts'
import type { HostMemory } from './memory.ts'
import { failure, type Outcome, report, skipped } from './outcome.ts'
import { type Probe, Probes } from './probes.ts'
import { faultAt, flag, holds, renderDeep } from './render.ts'
import { noteSecrets } from './secrets.ts'
import { Undoable } from './undo.ts'

export interface HostContext {
  readonly play: Play
  readonly memory: HostMemory
  readonly types: ReadonlyMap<string, AnyTaskType>
  readonly check: boolean
  readonly emit: Emit
  readonly secrets: Secrets
  readonly template: TemplateOptions
  readonly signal: AbortSignal
  readonly hardSignal: AbortSignal
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly become: unknown
  readonly becomeUser: string | undefined
  /** True when some file of the play speaks of facts: then they ride in the first round trip. */
  readonly usesFacts: boolean
  readonly scopeOf: (
    task: Pick<Task, 'role' | 'inherited'> | undefined,
    extra: Readonly<Record<string, unknown>>,
  ) => Scope
  readonly openShell: (wish: ShellWish) => Promise<Shell>
  readonly startAt?: { reached: boolean; readonly name: string }
  /** For `run_once`: the first host's promise of a task's result. */
  readonly once: Map<number, Promise<unknown>>
  readonly step?: (task: string) => Promise<boolean>
  readonly now: () => Date
  readonly random: (bytes: number) => Uint8Array
}

class HostFailed extends Error {}
class EndHost extends Error {}
export class Interrupted extends Error {}

/** One host's way through one play: its sections in order, handlers after each, probes of coming steps riding ahead. */
export class HostRun {
  readonly #context: HostContext
  readonly #probes = new Probes()
  readonly #undoable = new Undoable()
  #pending: Change[] = [] // of a dry run
  #notified = new Set<Task>()
  #coming: readonly Task[] = []
  #done = new Set<Task>()
  #factsAsked = false
  /** Names that a dry run could not register anything under. */
  readonly #unknown = new Set<string>()

  constructor(context: HostContext) {
    this.#context = context
    this.#factsAsked = context.usesFacts
  }

  async run(): Promise<void> {
    const { play, memory } = this.#context
    const sections = [play.pre_tasks, play.tasks, play.post_tasks]
    this.#coming = sections.flatMap(flatten)
    try {
      for (const section of sections) {
        await this.#steps(section)
        await this.#flush()
      }
    } catch (error) {
      if (error instanceof EndHost) return await this.#flush()
      if (error instanceof HostFailed) {
        memory.dropped ??= 'failed'
        if (flag(play.force_handlers, this.#context.scopeOf(undefined, {}), this.#context.template))
          await this.#flush().catch(ignoreHostFailed)
      } else if (error instanceof Unreachable) {
        memory.dropped = 'unreachable'
        memory.counts.unreachable++
        this.#emitTask(
          { name: 'connection', type: 'connection' },
          { ...failure(error.message), status: 'unreachable' },
          0,
        )
      } else if (!(error instanceof Interrupted)) throw error
    } finally {
      for (const handler of this.#notified) {
        memory.owed.push(handler.name)
        this.#context.emit({
          event: 'notified',
          play: play.name,
          host: memory.host.name,
          handler: handler.name,
          state: 'owed',
        })
      }
    }
  }

  async #steps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#context.signal.aborted) throw new Interrupted()
      if (step.kind === 'task') await this.#task(step)
      else if (step.kind === 'block') await this.#block(step)
      else await this.#meta(step)
    }
  }

  async #block(block: Block): Promise<void> {
    const { memory } = this.#context
    try {
      await this.#steps(block.block)
    } catch (error) {
      if (!(error instanceof HostFailed) || block.rescue.length === 0) throw error
      await this.#steps(block.rescue)
      memory.counts.failed--
      memory.counts.rescued++
    } finally {
      if (block.always.length > 0 && !this.#context.hardSignal.aborted) await this.#steps(block.always)
    }
  }

  async #meta(step: Extract<Step, { kind: 'meta' }>): Promise<void> {
    const scope = this.#context.scopeOf(step, {})
    if (!holds(step.inherited.when, scope, this.#context.template)) return
    if (step.action === 'flush_handlers') await this.#flush()
    if (step.action === 'end_host' || step.action === 'end_play') throw new EndHost()
  }

  /** Handlers in the order of their definition, each once; a handler may notify a later one. */
  async #flush(): Promise<void> {
    const { play, signal } = this.#context
    for (const handler of play.handlers) {
      if (!this.#notified.has(handler)) continue
      if (signal.aborted) throw new Interrupted()
      await this.#task(handler, true)
      this.#notified.delete(handler)
    }
  }

  async #task(task: Task, handler = false): Promise<void> {
    const { context, type } = { context: this.#context, type: this.#typeOf(task) }
    this.#done.add(task)
    if (!handler && !this.#selected(task)) return
    const name = this.#nameOf(task)
    if (!handler && !this.#started(task, name)) return
    if (context.step !== undefined && !(await context.step(name))) return
    context.emit({
      event: 'start',
      play: context.play.name,
      host: context.memory.host.name,
      task: name,
      type: task.type,
      ...(handler ? { handler } : {}),
    })

    const began = context.now().getTime()
    let items: readonly Item[] | 'skipped'
    try {
      items = await this.#withFacts(() => itemsOf(this.#source(task, type)))
    } catch (error) {
      return this.#finish(task, [{ outcome: this.#thrown(error), ms: context.now().getTime() - began }], {
        name,
        handler,
      })
    }
    const ended: Ended[] = []
    if (items === 'skipped' || items.length === 0) ended.push({ outcome: skipped, ms: 0 })
    else
      for (const item of items) {
        if (context.signal.aborted && ended.length > 0) throw new Interrupted()
        const start = context.now().getTime()
        const outcome = await this.#item(item)
        ended.push({ item, outcome, ms: context.now().getTime() - start })
        if (outcome.status === 'changed') this.#notify(item)
      }
    this.#finish(task, ended, { name, handler })
    if (ended.some(({ outcome }) => outcome.status === 'failed')) {
      if (type.guards === true) await this.#putBack(name)
      throw new HostFailed()
    }
  }

  /** One item: `when`, retries, the verdicts of failed_when and changed_when, ignore_errors. */
  async #item(item: Item): Promise<Outcome> {
    const { context } = { context: this.#context }
    const { task, scope, template } = item
    try {
      if (!(await this.#withFacts(() => holds(task.inherited.when, scope, template)))) return skipped
      const retries =
        task.until === undefined && task.retries === undefined
          ? 0
          : Number(renderDeep(task.retries ?? 3, scope, template))
      for (let attempt = 0; ; attempt++) {
        const outcome = this.#verdict(item, await this.#once(item))
        const satisfied =
          task.until === undefined
            ? outcome.status !== 'failed'
            : holds(
                task.until,
                context.scopeOf(task, {
                  ...extraOf(item),
                  ...(task.register === undefined ? {} : { [task.register]: outcome.result }),
                }),
                template,
              )
        if (satisfied || attempt >= retries) {
          const final =
            satisfied || outcome.status === 'failed'
              ? outcome
              : {
                  ...outcome,
                  ...failure(`gave up after ${attempt + 1} attempts`, {
                    ...outcome,
                    result: { ...outcome.result, failed: true },
                  }),
                }
          const ignore = final.status === 'failed' && flag(task.inherited.ignore_errors, scope, template)
          return ignore ? { ...final, status: 'ignored' } : final
        }
        this.#probes.forget()
        await pause(Number(renderDeep(task.delay ?? 5, scope, template)) * 1000, context.signal)
        if (context.signal.aborted) throw new Interrupted()
      }
    } catch (error) {
      const outcome = this.#thrown(error)
      if (outcome.status === 'skipped') return outcome
      return flagQuietly(task.inherited.ignore_errors, item) ? { ...outcome, status: 'ignored' } : outcome
    }
  }

  async #once(item: Item): Promise<Outcome> {
    const { context } = { context: this.#context }
    const { task, type, scope, template } = item
    try {
      await this.#withFacts(() => noteSecrets(item, context.secrets))
      const check =
        task.inherited.check_mode === undefined ? context.check : flag(task.inherited.check_mode, scope, template)
      const shell = await context.openShell(this.#wish(task, scope))
      const timeout =
        task.inherited.timeout === undefined
          ? undefined
          : Number(renderDeep(task.inherited.timeout, scope, template)) * 1000
      const outcome = await this.#withFacts(async () =>
        act(item, {
          shell,
          probes: this.#probes,
          prefix: environmentOf(item),
          check,
          pending: context.check ? this.#pending : [],
          ahead: () => this.#ahead(),
          random: context.random,
          limits: { timeout: timeout === 0 ? undefined : timeout, signal: context.hardSignal },
        }),
      )
      const facts = outcome.result['ansible_facts'] as JsonObject | undefined
      if (facts !== undefined) this.#remember(type, facts)
      if (check) this.#pending.push(...outcome.changes)
      else this.#undoable.add(outcome, shell)
      return outcome
    } catch (error) {
      if (error instanceof BecomeFailed) return failure(error.message, { at: task.at })
      throw error
    }
  }

  #remember(type: AnyTaskType, facts: JsonObject): void {
    const { memory } = this.#context
    if (type.name === 'facts') memory.facts = { ...memory.facts, ...facts }
    else Object.assign(memory.results, facts)
  }

  #verdict(item: Item, outcome: Outcome): Outcome {
    const { task, template } = item
    if (this.#unrun(item, outcome) && task.changed_when?.every(({ expression }) => expression === false) === true)
      return {
        ...outcome,
        status: 'ok',
        changes: [],
        message: 'not run in a dry run',
        result: { ...outcome.result, changed: false },
      }
    if (task.failed_when === undefined && task.changed_when === undefined) return outcome
    if (outcome.status === 'skipped' || this.#unrun(item, outcome)) return outcome
    const scope = this.#context.scopeOf(task, {
      ...extraOf(item),
      ...(task.register === undefined ? {} : { [task.register]: outcome.result }),
    })
    let judged = outcome
    if (task.failed_when !== undefined) {
      const failed = holds(task.failed_when, scope, template)
      const status: Status = failed
        ? 'failed'
        : outcome.status === 'failed'
          ? outcome.made > 0
            ? 'changed'
            : 'ok'
          : outcome.status
      judged = {
        ...judged,
        status,
        result: { ...judged.result, failed },
        ...(failed && outcome.status !== 'failed' ? { message: 'failed_when holds' } : {}),
      }
    }
    if (task.changed_when !== undefined && judged.status !== 'failed') {
      const changed = holds(task.changed_when, scope, template)
      judged = {
        ...judged,
        status: changed ? 'changed' : 'ok',
        made: changed ? judged.made : 0,
        result: { ...judged.result, changed },
      }
    }
    return judged
  }

  /** A command that a dry run left alone: nothing is known of what it would have said. */
  #unrun(item: Item, outcome: Outcome): boolean {
    const unrun =
      this.#context.check && item.type.nature === 'opaque' && outcome.made === 0 && outcome.changes.length > 0
    if (unrun && item.task.register !== undefined) this.#unknown.add(item.task.register)
    return unrun
  }

  /** What became of a task that threw: in a dry run it may hang on a result that only a run gives. */
  #thrown(error: unknown): Outcome {
    const name = ((error as Error).cause as { readonly undefinedName?: string } | undefined)?.undefinedName?.split(
      '.',
    )[0]
    if (error instanceof Fault && name !== undefined && this.#unknown.has(name))
      return { ...skipped, message: `not known in a dry run: it hangs on '${name}', which only a run gives` }
    return asOutcome(error)
  }

  /** Emits, counts and registers what became of a task's items. */
  #finish(task: Task, ended: readonly Ended[], as: { readonly name: string; readonly handler: boolean }): void {
    const { memory, template } = this.#context
    const hidden = flagQuietly(task.inherited.no_log, { scope: this.#context.scopeOf(task, {}), template })
    for (const { item, outcome, ms } of ended) {
      memory.counts[outcome.status]++
      if (outcome.verified === true) memory.verified++
      const shown = hidden
        ? {
            ...outcome,
            changes: outcome.changes.map(({ what, sh }) => ({ what, sh, before: null, after: null })),
            stdout: undefined,
            stderr: undefined,
            message: outcome.status === 'failed' ? 'failed; the details are hidden by no_log' : undefined,
          }
        : outcome
      this.#emitTask(
        { name: as.name, type: task.type, handler: as.handler, label: item?.label, at: outcome.at ?? task.at },
        shown,
        ms,
      )
    }
    if (task.register === undefined) return
    const results = ended.map(({ item, outcome }) => ({
      ...outcome.result,
      ...(item?.value === undefined ? {} : { item: item.value }),
    }))
    const some = (key: 'changed' | 'failed') =>
      results.some(result => (result as Record<string, unknown>)[key] === true)
    memory.results[task.register] =
      task.loop === undefined
        ? results[0]
        : {
            results,
            changed: some('changed'),
            failed: some('failed'),
            skipped: ended.every(({ outcome }) => outcome.status === 'skipped'),
          }
  }

  #emitTask(
    task: {
      readonly name: string
      readonly type: string
      readonly handler?: boolean
      readonly label?: string
      readonly at?: Task['at']
    },
    outcome: Outcome,
    ms: number,
  ): void {
    const { play, memory, emit } = this.#context
    const diff = outcome.changes
      .map(change => unifiedDiff(change))
      .filter(text => text !== '')
      .join('')
    emit({
      event: 'task',
      play: play.name,
      host: memory.host.name,
      task: task.name,
      type: task.type,
      status: outcome.status,
      ...(task.label === undefined ? {} : { item: task.label }),
      ...(task.handler === true ? { handler: true } : {}),
      changes: outcome.changes.map(report),
      ...(diff === '' ? {} : { diff }),
      ...(outcome.message === undefined ? {} : { message: outcome.message }),
      ...(outcome.stdout === undefined || outcome.stdout === '' ? {} : { stdout: outcome.stdout }),
      ...(outcome.stderr === undefined || outcome.stderr === '' ? {} : { stderr: outcome.stderr }),
      ...(task.at === undefined || outcome.status !== 'failed' ? {} : { at: task.at }),
      ms,
    })
  }

  #notify(item: Item): void {
    const { play, memory, emit } = this.#context
    for (const wanted of item.task.inherited.notify) {
      const name = String(renderDeep(wanted, item.scope, item.template))
      const found = play.handlers.filter(
        handler =>
          handler.name === name ||
          handler.listen.includes(name) ||
          (handler.role !== undefined && `${handler.role.name} : ${handler.name}` === name),
      )
      if (found.length === 0) throw new Fault('handler', `there is no handler '${name}'`, { at: item.task.at })
      for (const handler of found) {
        if (this.#notified.has(handler)) continue
        this.#notified.add(handler)
        emit({ event: 'notified', play: play.name, host: memory.host.name, handler: handler.name, state: 'pending' })
      }
    }
  }

  /** A guard said no: the play's reversible changes are taken back, and no handler runs on account of them. */
  async #putBack(because: string): Promise<void> {
    if (this.#context.check || this.#undoable.empty) return
    const { play, memory, emit } = this.#context
    const { undone, kept } = await this.#undoable.takeBack()
    this.#probes.forget()
    this.#notified.clear()
    emit({ event: 'rollback', play: play.name, host: memory.host.name, undone, kept, because })
  }

  /**
   * Probes of the steps still to come, as far as their params can be rendered now, and no further than the first step
   * that is going to change something: after that change they would all have to be asked again.
   */
  async #ahead(): Promise<readonly Probe[]> {
    const probes: Probe[] = []
    for (const handler of this.#context.check ? [] : this.#notified) await this.#lookInto(handler, probes)
    for (const task of this.#coming)
      if (!this.#done.has(task) && this.#selected(task) && (await this.#lookInto(task, probes))) break
    if (this.#factsAsked && this.#context.memory.facts === undefined) {
      const probe = await this.#factsProbe()
      if (probe !== undefined) probes.unshift(probe)
    }
    return probes
  }

  /** Adds a task's probes; true when it is going to change something, as far as one can tell. */
  async #lookInto(task: Task, probes: Probe[]): Promise<boolean> {
    let changes = false
    try {
      const type = this.#typeOf(task)
      if (type.probe === undefined) return false
      const items = itemsOf(this.#source(task, type))
      if (items === 'skipped') return false
      for (const item of items) {
        if (!this.#mayHold(item)) continue
        const shell = await this.#context.openShell(this.#wish(task, item.scope))
        const probe = this.#probes.make(type, item.lazy, { shell, patient: false, prefix: environmentOf(item) })
        if (probe === undefined) continue
        probes.push(probe)
        changes ||= await this.#willChange(item, probe)
      }
    } catch (error) {
      // It waits for facts or for a result: it will ask when its turn comes.
      if (error instanceof FactsNeeded) this.#factsAsked = true
    }
    return changes
  }

  // A look does no harm: where `when` waits for facts or a result, the step is looked into as if it ran.
  #mayHold(item: Item): boolean {
    try {
      return holds(item.task.inherited.when, item.scope, item.template)
    } catch (error) {
      if (error instanceof FactsNeeded) this.#factsAsked = true
      return true
    }
  }

  async #willChange(item: Item, probe: Probe): Promise<boolean> {
    const { check, random } = this.#context
    const state = check ? undefined : this.#probes.guess(probe)
    if (state === undefined) return false
    try {
      const plan = item.type.plan(await fullParams(item), state, { check: false, pending: [], random })
      return Array.isArray(plan) ? plan.length > 0 : (plan as Plan).changes.length > 0
    } catch {
      return false
    }
  }

  async #factsProbe(): Promise<Probe | undefined> {
    const type = this.#context.types.get('facts')
    if (type === undefined) return undefined
    const shell = await this.#context.openShell(this.#wish(undefined, this.#context.scopeOf(undefined, {})))
    return this.#probes.make(type, {}, { shell, patient: false, prefix: undefined })
  }

  /** Runs `act`; when it turns out to need facts they are gathered (from the same round trip where they rode along) and it runs again. */
  async #withFacts<T>(action: () => T | Promise<T>): Promise<T> {
    try {
      return await action()
    } catch (error) {
      if (!(error instanceof FactsNeeded)) throw error
      this.#factsAsked = true
      const probe = await this.#factsProbe()
      const type = this.#context.types.get('facts')
      if (probe === undefined || type === undefined) throw error
      if (!this.#probes.answered(probe))
        await this.#probes.ask(probe.shell, [], { probes: [probe, ...(await this.#ahead())], limits: {} })
      const plan = type.plan({}, this.#probes.state(probe) ?? {}, {
        check: true,
        pending: [],
        random: this.#context.random,
      })
      const facts = ('facts' in plan ? plan.facts?.['ansible_facts'] : undefined) as JsonObject | undefined
      this.#context.memory.facts = facts ?? {}
      return await this.#withFacts(action)
    }
  }

  #wish(task: Task | undefined, scope: Scope): ShellWish {
    const { play, template, become: asked } = this.#context
    const pick = (own: unknown, ofPlay: unknown, variable: string, fallback: unknown) =>
      own ?? ofPlay ?? (scope.has(variable) ? scope.get(variable) : fallback)
    const inherited = task?.inherited
    const become = flag(pick(inherited?.become, play.become, 'ansible_become', asked), scope, template)
    const user = pick(
      inherited?.become_user,
      play.become_user,
      'ansible_become_user',
      this.#context.becomeUser ?? 'root',
    )
    const method = pick(inherited?.become_method, play.become_method, 'ansible_become_method', 'sudo')
    const delegate = inherited?.delegate_to
    return {
      user: become ? String(renderDeep(user, scope, template)) : undefined,
      method: String(renderDeep(method, scope, template)),
      host: delegate === undefined || delegate === null ? undefined : String(renderDeep(delegate, scope, template)),
    }
  }

  #source(task: Task, type: AnyTaskType) {
    return {
      task,
      type,
      template: this.#context.template,
      scope: (extra: Readonly<Record<string, unknown>>) => this.#context.scopeOf(task, extra),
    }
  }

  #typeOf(task: Task): AnyTaskType {
    const type = this.#context.types.get(task.type)
    if (type === undefined) throw new Fault('task-type', `there is no task type '${task.type}'`, { at: task.at })
    return type
  }

  #selected(task: Task): boolean {
    return selected(task.inherited.tags, this.#context.tags, this.#context.skipTags)
  }

  #started(task: Task, name: string): boolean {
    const { startAt } = this.#context
    if (startAt === undefined || startAt.reached) return true
    startAt.reached = startAt.name === name || startAt.name === task.name
    return startAt.reached
  }

  #nameOf(task: Task): string {
    return quietly(
      () => String(renderDeep(task.name, this.#context.scopeOf(task, {}), this.#context.template)),
      task.name,
    )
  }
}

interface Ended {
  readonly item?: Item
  readonly outcome: Outcome
  readonly ms: number
}

const extraOf = (item: Item): Readonly<Record<string, unknown>> =>
  item.task.loop === undefined ? {} : { [item.task.loop.variable]: item.value }

const flatten = (steps: readonly Step[]): readonly Task[] =>
  steps.flatMap(step =>
    step.kind === 'task' ? [step] : step.kind === 'block' ? [...flatten(step.block), ...flatten(step.always)] : [],
  )

const quietly = <T>(action: () => T, otherwise: T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof FactsNeeded) throw error
    return otherwise
  }
}

const flagQuietly = (value: unknown, at: { readonly scope: Scope; readonly template: TemplateOptions }): boolean => {
  try {
    return flag(value, at.scope, at.template)
  } catch {
    return false
  }
}

const ignoreHostFailed = (error: unknown): void => {
  if (!(error instanceof HostFailed)) throw error
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })

export { faultAt }
