import { Fault } from '../../model/fault.ts'
import type { Block, Meta, RoleCall, Step, Task } from '../../model/playbook.ts'
import { EndHost, HostFailed, HostLost, HostStopped, Interrupted } from '../../shell/interrupted.ts'
import { BecomeFailed, Unreachable } from '../../shell/shell.ts'
import { quietly } from '../../values/quietly.ts'
import { flag } from '../../values/render.ts'
import { type AtWork, atWork } from '../at-work.ts'
import type { HostContext } from '../host-context.ts'
import { stackOf } from '../task/as-outcome.ts'
import { runTask } from '../task/run-task.ts'
import type { TaskEnd } from '../task/task-end.ts'
import { loseHost } from './lose-host.ts'
import { runMeta } from './run-meta.ts'
import { deedOf } from './same-deed.ts'
import { validateRole } from './validate-role.ts'

/** One host's way through one play: its sections in order, handlers after each, probes of coming steps riding ahead. */
export class HostRun {
  readonly #context: HostContext
  readonly #work: AtWork
  #place = -1
  /** How many blocks around the host's place would rescue it. */
  #rescuers = 0
  #closing = false

  constructor(context: HostContext) {
    const { pre_tasks, tasks, post_tasks } = context.play
    this.#context = context
    this.#work = atWork(context, [...pre_tasks, ...tasks, ...post_tasks].flatMap(tasksIn))
  }

  async run(): Promise<void> {
    const { play, batch, memory, walker } = this.#context
    memory.left = undefined
    try {
      await this.#firstFacts()
      for (const [i, section] of [play.pre_tasks, play.tasks, play.post_tasks].entries()) {
        await this.#steps(section)
        await this.#flush(batch.places.afterSection(i))
      }
      memory.left = 'ended'
    } catch (error) {
      await this.#ended(error).catch((bug: unknown) => this.#broke(bug))
    } finally {
      this.#work.notified.leave()
      batch.leave(walker)
    }
  }

  async #firstFacts(): Promise<void> {
    try {
      await this.#work.facts.first()
    } catch (error) {
      if (error instanceof Unreachable) throw new HostLost(error.message, false)
      // An account that cannot be had, say: the first task that needs it tells.
      if (!(error instanceof BecomeFailed) && !(error instanceof Fault)) throw error
    }
  }

  /** A bug in mlplay outside of any task: this host is lost, the others go on. */
  #broke(bug: unknown): void {
    const { memory, play, emit } = this.#context
    memory.bug = true
    emit({
      event: 'warning',
      message: `a bug in mlplay, not in your files, ended the play '${play.name}' for ${memory.host.name}. Please report it with this:\n${stackOf(bug)}`,
    })
    this.#lose(new HostFailed(false))
  }

  async #ended(error: unknown): Promise<void> {
    const { memory } = this.#context
    if (error instanceof EndHost) {
      memory.left = 'ended'
      await this.#lastHandlers()
    } else if (error instanceof HostFailed) {
      this.#lose(error)
      await this.#forcedHandlers()
    } else if (error instanceof HostStopped) {
      memory.left = 'stopped'
      await this.#forcedHandlers()
    } else if (error instanceof HostLost) {
      this.#lose(error)
    } else if (error instanceof Interrupted) memory.left = 'stopped'
    else throw error
  }

  #lose(error: HostFailed | HostLost): void {
    loseHost(error, this.#place, this.#context)
  }

  async #steps(steps: readonly Step[]): Promise<void> {
    const { batch } = this.#context
    for (const step of steps) {
      const place = batch.places.of(step)
      await this.#reach(place)
      if (step.kind === 'block') await this.#block(step)
      else if (step.kind === 'meta') await this.#meta(step, place)
      else await this.#task(step, { place, handler: false })
    }
  }

  async #task(task: Task, at: { readonly place: number; readonly handler: boolean }): Promise<void> {
    const end = await runTask(task, this.#work, { ...at, closing: this.#closing, rescued: this.#rescuers > 0 })
    const error = thrownFor(end)
    if (error instanceof HostLost || (error instanceof HostFailed && this.#rescuers === 0)) this.#lose(error)
    if (error !== undefined) throw error
  }

  async #block(block: Block): Promise<void> {
    if (block.once !== undefined) return await this.#roleOnce(block, block.once)
    if (block.validates !== undefined) await this.#validate(block.validates)
    try {
      await this.#rescued(block)
    } catch (error) {
      // A host that cannot be reached, or that the person stopped, does nothing more.
      const { memory } = this.#context
      const { cleared } = memory
      if (!(error instanceof HostLost) && !(error instanceof Interrupted)) await this.#always(block, true)
      // What was to be cleaned up is, and the host was told to go on.
      if (error instanceof HostFailed && memory.cleared > cleared) return
      throw error
    }
    await this.#always(block, this.#closing)
  }

  async #validate(call: RoleCall): Promise<void> {
    try {
      await validateRole(call, this.#work, { place: this.#place, rescued: this.#rescuers > 0 })
    } catch (error) {
      if (error instanceof HostFailed && this.#rescuers === 0) this.#lose(error)
      throw error
    }
  }

  /** A role's tasks, unless the same call of it has run here before. */
  async #roleOnce({ block }: Block, identity: string): Promise<void> {
    const { roleCalls, ahead } = this.#work
    if (roleCalls.done(identity)) for (const task of block.flatMap(tasksIn)) ahead.leaveOut(task)
    else {
      await this.#steps(block)
      roleCalls.ended(identity)
    }
  }

  async #always({ always }: Block, closing: boolean): Promise<void> {
    const before = this.#closing
    this.#closing = closing
    await this.#steps(always)
    this.#closing = before
  }

  async #rescued({ block, rescue }: Block): Promise<void> {
    const rescuers = this.#rescuers
    if (rescue.length > 0) this.#rescuers++
    try {
      await this.#steps(block)
    } catch (error) {
      if (!(error instanceof HostFailed) || rescue.length === 0) throw error
      this.#rescuers = rescuers
      await this.#rescue(rescue, error)
    } finally {
      this.#rescuers = rescuers
    }
  }

  async #rescue(steps: readonly Step[], because: HostFailed): Promise<void> {
    const { counts } = this.#context.memory
    counts.rescued++
    try {
      await this.#steps(steps)
    } catch (error) {
      if (!(error instanceof HostStopped)) throw error
      // Stopped before the rescue was through: then it is as if there were none.
      counts.rescued--
      counts.failed++
      throw because
    }
  }

  async #meta(step: Meta, place: number): Promise<void> {
    if ((await runMeta(step, place, this.#work)) === 'flush') await this.#flush(place)
  }

  /** Handlers in the order of their definition, each once; a handler may notify a later one. */
  async #flush(place: number): Promise<void> {
    const { play, batch } = this.#context
    const done = new Set<string>()
    for (const [i, handler] of play.handlers.entries()) {
      if (!this.#work.notified.has(handler)) continue
      const at = batch.places.handler(place, i)
      await this.#reach(at)
      this.#work.notified.begun(handler)
      const deed = handler.role === undefined ? undefined : deedOf(handler, this.#context)
      if (deed !== undefined && done.has(deed)) {
        this.#work.notified.ran(handler)
        continue
      }
      if (deed !== undefined) done.add(deed)
      await this.#task(handler, { place: at, handler: true })
      this.#work.notified.ran(handler)
      this.#work.undoable.ran(handler)
    }
  }

  async #forcedHandlers(): Promise<void> {
    const { play, template } = this.#context
    const scope = this.#context.scopeOf(undefined, {})
    if (quietly(() => flag(play.force_handlers, scope, template), false)) await this.#lastHandlers()
  }

  async #lastHandlers(): Promise<void> {
    this.#closing = true
    try {
      await this.#flush(this.#context.batch.places.end)
    } catch (error) {
      if (error instanceof HostFailed || error instanceof HostLost) this.#lose(error)
      else if (!(error instanceof Interrupted)) throw error
    }
  }

  async #reach(place: number): Promise<void> {
    await this.#context.batch.reach(this.#context.walker, place, this.#closing)
    this.#place = place
  }
}

const thrownFor = (end: TaskEnd): Error | undefined => {
  switch (end.status) {
    case 'passed':
      return undefined
    case 'failed':
      return new HostFailed(end.fatal)
    case 'unreachable':
      return new HostLost(end.message, end.fatal)
    case 'stopped':
      return new HostStopped()
    case 'ended':
      return new EndHost()
    case 'interrupted':
      return new Interrupted()
  }
}

const tasksIn = (step: Step): readonly Task[] =>
  step.kind === 'task' ? [step] : step.kind === 'block' ? [...step.block, ...step.always].flatMap(tasksIn) : []
