import type { Block, Meta, Step, Task } from '../model/playbook.ts'
import { Unreachable } from '../shell/shell.ts'
import { type AtWork, atWork } from './at-work.ts'
import { EndHost, HostFailed, Interrupted } from './ends.ts'
import type { HostContext } from './host-context.ts'
import { failure } from './outcome.ts'
import { flag, holds } from './render.ts'
import { runTask } from './run-task.ts'
import { taskEvent } from './task-event.ts'

/** One host's way through one play: its sections in order, handlers after each, probes of coming steps riding ahead. */
export class HostRun {
  readonly #context: HostContext
  readonly #work: AtWork

  constructor(context: HostContext) {
    const { pre_tasks, tasks, post_tasks } = context.play
    this.#context = context
    this.#work = atWork(context, [...pre_tasks, ...tasks, ...post_tasks].flatMap(tasksIn))
  }

  async run(): Promise<void> {
    const { play } = this.#context
    try {
      for (const section of [play.pre_tasks, play.tasks, play.post_tasks]) {
        await this.#steps(section)
        await this.#flush()
      }
    } catch (error) {
      await this.#ended(error)
    } finally {
      this.#work.notified.leave()
    }
  }

  async #ended(error: unknown): Promise<void> {
    const { play, memory, emit, template } = this.#context
    if (error instanceof EndHost) return await this.#flush()
    if (error instanceof HostFailed) {
      memory.dropped ??= 'failed'
      if (flag(play.force_handlers, this.#context.scopeOf(undefined, {}), template))
        await this.#flush().catch(ignoreHostFailed)
    } else if (error instanceof Unreachable) {
      memory.dropped = 'unreachable'
      memory.counts.unreachable++
      const outcome = { ...failure(error.message), status: 'unreachable' } as const
      emit(taskEvent({ name: 'connection', type: 'connection', ms: 0 }, outcome, this.#context))
    } else if (!(error instanceof Interrupted)) throw error
  }

  async #steps(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (this.#context.signal.aborted) throw new Interrupted()
      if (step.kind === 'task') await runTask(step, this.#work)
      else if (step.kind === 'block') await this.#block(step)
      else await this.#meta(step)
    }
  }

  async #block(block: Block): Promise<void> {
    const { memory, hardSignal } = this.#context
    try {
      await this.#steps(block.block)
    } catch (error) {
      if (!(error instanceof HostFailed) || block.rescue.length === 0) throw error
      await this.#steps(block.rescue)
      memory.counts.failed--
      memory.counts.rescued++
    } finally {
      if (block.always.length > 0 && !hardSignal.aborted) await this.#steps(block.always)
    }
  }

  async #meta({ action, inherited }: Meta): Promise<void> {
    const scope = this.#context.scopeOf({ inherited }, {})
    if (!holds(inherited.when, scope, this.#context.template)) return
    if (action === 'flush_handlers') await this.#flush()
    if (action === 'end_host' || action === 'end_play') throw new EndHost()
  }

  /** Handlers in the order of their definition, each once; a handler may notify a later one. */
  async #flush(): Promise<void> {
    const { play, signal } = this.#context
    for (const handler of play.handlers) {
      if (!this.#work.notified.has(handler)) continue
      if (signal.aborted) throw new Interrupted()
      await runTask(handler, this.#work, true)
      this.#work.notified.ran(handler)
    }
  }
}

const tasksIn = (step: Step): readonly Task[] =>
  step.kind === 'task' ? [step] : step.kind === 'block' ? [...step.block, ...step.always].flatMap(tasksIn) : []

const ignoreHostFailed = (error: unknown): void => {
  if (!(error instanceof HostFailed)) throw error
}
