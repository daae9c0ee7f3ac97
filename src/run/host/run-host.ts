import { beforeFirst, type Position, positionKey } from '../../model/position.ts'
import { quietly } from '../../values/quietly.ts'
import { flag } from '../../values/render.ts'
import type { Cause, Stop } from '../../walk/cursor.ts'
import { begun, clear, close, flush, leave, next, passed } from '../../walk/walk.ts'
import { type AtWork, atWork } from '../at-work.ts'
import type { HostContext } from '../host-context.ts'
import { effectOf } from './handler-effect.ts'
import { loseHost, toldBug } from './lose-host.ts'
import { firstFacts, type Left, perform, type StepEnd, type ToDo } from './perform.ts'

/** One host's way through one play: the walk says what comes next, it is done, and the walk is told what became of it. */
export async function runHost(context: HostContext): Promise<void> {
  const { memory, coordinator } = context
  const work = atWork(context)
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
  readonly #work: AtWork
  /** Handlers of roles that have run: in which flush, and to what effect. */
  readonly #effects = new Set<string>()
  #position: Position = beforeFirst
  #cleared: number

  constructor(work: AtWork) {
    this.#work = work
    this.#cleared = work.context.memory.cleared
  }

  async toTheEnd(): Promise<void> {
    const { way, context } = this.#work
    const facts = await firstFacts(this.#work)
    if (facts.status !== 'passed') this.#leave(facts, false)
    for (;;) {
      const stop = next(way.cursor, context.play)
      if (stop.kind === 'end') return this.#end(stop.cause)
      if (stop.kind === 'leaving') this.#close(stop.cause)
      else await this.#step(stop)
    }
  }

  async #step(stop: ToDo): Promise<void> {
    const { way, context, undoable } = this.#work
    const { play, coordinator, memory } = context
    const { position, closing, rescued } = stop
    const halt = await coordinator.reach({ host: memory.host.name, position, closing })
    if (halt !== undefined) return this.#leave({ status: halt }, rescued)
    this.#position = position
    if (stop.kind === 'task') way.cursor = begun(way.cursor)
    const repeated = stop.kind === 'task' && stop.handler && this.#isRepeated(stop)
    const end: StepEnd = repeated ? { status: 'passed' } : await perform(stop, this.#work)
    this.#noteCleared()
    if (end.status === 'flush') way.cursor = flush(way.cursor, play)
    else if (end.status !== 'passed') this.#leave(end, rescued)
    else {
      way.cursor = passed(way.cursor, play)
      if (stop.kind === 'task' && stop.handler && !repeated) undoable.ran(stop.task)
    }
  }

  /** A role that is called twice has its handlers twice: where both do the same, once in a flush is enough. */
  #isRepeated({ task, position }: Extract<Stop, { readonly kind: 'task' }>): boolean {
    const effect = task.role === undefined ? undefined : effectOf(task, this.#work.context)
    if (effect === undefined) return false
    const inFlush = `${positionKey(position.slice(0, -1))} ${effect}`
    const before = this.#effects.size
    return this.#effects.add(inFlush).size === before
  }

  #leave(end: Left, rescued: boolean): void {
    const { way, context } = this.#work
    // At once, and not when the host's `always` is through: until then the others would go on.
    if (end.status === 'unreachable' || (end.status === 'failed' && !rescued)) loseHost(end, this.#position, context)
    const cause: Cause = { why: end.status, ...('fatal' in end ? { fatal: end.fatal } : {}) }
    const { rescues } = way.cursor
    way.cursor = leave(way.cursor, cause, context.play)
    this.#countRescues(way.cursor.rescues - rescues)
  }

  /** A rescue is counted when it takes over; one that is stopped on its way was none. */
  #countRescues(more: number): void {
    const { counts } = this.#work.context.memory
    counts.rescued += more
    if (more < 0) counts.failed -= more
  }

  #close(cause: Cause): void {
    const { way, context } = this.#work
    const { play, template, scopeOf } = context
    // Perhaps a rescue was stopped on its way.
    if (cause.why === 'failed') loseHost({ status: 'failed', fatal: cause.fatal === true }, this.#position, context)
    const forced = quietly(() => flag(play.force_handlers, scopeOf(undefined, {}), template), false)
    way.cursor = close(way.cursor, forced, play)
  }

  #end(cause: Cause | undefined): void {
    const { memory } = this.#work.context
    if (cause === undefined || cause.why === 'ended') memory.left = 'ended'
    else if (cause.why === 'stopped' || cause.why === 'interrupted') memory.left = 'stopped'
  }

  /** `meta: clear_host_errors`, met by this host or by another. */
  #noteCleared(): void {
    const { way, context } = this.#work
    if (context.memory.cleared > this.#cleared) way.cursor = clear(way.cursor)
    this.#cleared = context.memory.cleared
  }
}
