import { beforeFirst, type Position } from '../../model/position.ts'
import { begun, clear, flush, next, passed } from '../../walk/walk.ts'
import type { HostContext } from '../task/host-context.ts'
import type { HostPlay } from '../task/host-play.ts'
import { beginHostPlay } from './begin-host-play.ts'
import { HandlerEffects } from './handler-effects.ts'
import { chooseLastHandlers, leaveStep, noteEnd } from './leave-step.ts'
import { toldBug } from './lose-host.ts'
import { firstFacts, perform, type ToDo } from './perform.ts'
import type { StepEnd } from './step-end.ts'

/** One host's way through one play: the walk says what comes next, it is done, and the walk is told what became of it. */
export async function runHost(context: HostContext): Promise<void> {
  const { memory, coordinator } = context
  const work = beginHostPlay(context)
  memory.left = undefined
  try {
    await new HostRun(work).toTheEnd()
  } catch (bug) {
    toldBug(bug, context)
  } finally {
    work.notified.leave()
    coordinator.leave(memory.host.name)
  }
}

class HostRun {
  readonly #work: HostPlay
  readonly #effects: HandlerEffects
  #position: Position = beforeFirst
  #cleared: number

  constructor(work: HostPlay) {
    this.#work = work
    this.#effects = new HandlerEffects(work.context)
    this.#cleared = work.context.memory.cleared
  }

  async toTheEnd(): Promise<void> {
    const { way, context } = this.#work
    const facts = await firstFacts(this.#work)
    if (facts.status !== 'passed') leaveStep(facts, this.#work, { position: this.#position, rescued: false })
    for (;;) {
      const stop = next(way.cursor, context.play)
      if (stop.kind === 'end') return noteEnd(stop.cause, this.#work)
      if (stop.kind === 'leaving') chooseLastHandlers(stop.cause, this.#work, this.#position)
      else await this.#step(stop)
    }
  }

  async #step(stop: ToDo): Promise<void> {
    const { way, context, undoable } = this.#work
    const { play, coordinator, memory } = context
    const { position, closing, rescued } = stop
    const halt = await coordinator.reach({ host: memory.host.name, position, closing })
    if (halt !== undefined) return leaveStep({ status: halt }, this.#work, { position: this.#position, rescued })
    this.#position = position
    if (stop.kind === 'task') way.cursor = begun(way.cursor)
    const handler = stop.kind === 'task' && stop.handler ? stop.task : undefined
    const repeated = handler !== undefined && this.#effects.repeats(handler, position)
    const end: StepEnd = repeated ? { status: 'passed' } : await perform(stop, this.#work)
    this.#noteCleared()
    if (end.status === 'flush') way.cursor = flush(way.cursor, play)
    else if (end.status !== 'passed') leaveStep(end, this.#work, { position, rescued })
    else way.cursor = passed(way.cursor, play)
    if (handler !== undefined && !repeated && end.status === 'passed') undoable.ran(handler)
  }

  /** `meta: clear_host_errors`, met by this host or by another. */
  #noteCleared(): void {
    const { way, context } = this.#work
    if (context.memory.cleared > this.#cleared) way.cursor = clear(way.cursor)
    this.#cleared = context.memory.cleared
  }
}
