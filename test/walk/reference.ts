import type { Block, Step, Task } from '../../src/model/playbook.ts'
import { isBefore, type Position } from '../../src/model/position.ts'
import type { Program } from '../../src/walk/cursor.ts'
import type { Story } from './made-play.ts'

/** Leaving, thrown: the plain way to say what the walk says as data. */
class Left extends Error {
  readonly why: string
  readonly fatal: boolean
  constructor(why: string, fatal = false) {
    super(why)
    this.why = why
    this.fatal = fatal
  }
}

/** A host's way through a play as nested calls: short, obvious, and of no use to anybody who wants to stop half-way. */
export class Reference {
  readonly trace: string[] = []
  readonly #program: Program
  readonly #story: Story
  readonly #start: Position | undefined
  readonly #pending = new Set<number>()
  readonly #unfinished = new Set<number>()
  readonly #worked = new Set<string>()
  readonly #finished = new Set<string>()
  #closing = false
  #rescuers = 0
  #rescues = 0
  #cleared = 0

  constructor(program: Program, story: Story, start: Position | undefined) {
    this.#program = program
    this.#story = story
    this.#start = start
  }

  run(): readonly string[] {
    let how = 'done'
    try {
      for (const [i, section] of [this.#program.pre_tasks, this.#program.tasks, this.#program.post_tasks].entries()) {
        this.#steps(section, [2 * i])
        this.#flush([2 * i + 1])
      }
    } catch (error) {
      how = this.#after(error as Left)
    }
    const due = [...new Set([...this.#pending, ...this.#unfinished])].toSorted((a, b) => a - b)
    this.trace.push(`end: ${how}, rescues ${this.#rescues}, due ${due}`)
    return this.trace
  }

  #after(left: Left): string {
    const forced = left.why === 'ended' || ((left.why === 'failed' || left.why === 'stopped') && this.#story.forced)
    if (!forced) return `${left.why} ${left.fatal}`
    try {
      this.#closing = true
      this.#flush([6])
    } catch (error) {
      const last = error as Left
      if (last.why !== 'interrupted') return `${last.why} ${last.fatal}`
    }
    return `${left.why} ${left.fatal}`
  }

  #steps(steps: readonly Step[], at: Position): void {
    for (const [i, step] of steps.entries()) {
      const position = [...at, i]
      if (step.kind === 'block') this.#block(step, position)
      else if (this.#start === undefined || !isBefore(position, this.#start) || position[0] === undefined)
        this.#step(step, position)
    }
  }

  #step(step: Exclude<Step, Block>, position: Position): void {
    this.#stop(step.kind === 'task' ? step.name : `meta ${step.action}`, position)
    if (step.kind === 'task') return this.#task(step, position)
    if (step.action === 'flush_handlers') this.#flush(position)
    if (step.action === 'end_host') throw new Left('ended')
    if (step.action === 'clear_host_errors') this.#cleared++
  }

  #task(task: Task, position: Position): void {
    const did = this.#story.act(this.#program.handlers.length)
    for (const handler of did.notifies) this.#pending.add(handler)
    for (const handler of did.takesBack) this.#pending.delete(handler)
    if (did.clears) this.#cleared++
    if (!did.skipped && task.role !== undefined) this.#worked.add(task.role.identity)
    if (did.end !== 'passed') throw new Left(did.end, did.fatal)
    if (did.adds !== undefined) this.#steps(did.adds, position)
  }

  #stop(name: string, position: Position): void {
    const why = this.#story.reach(this.#closing)
    this.trace.push(`${name} @${position} ${this.#closing} ${this.#rescuers > 0} ${why ?? ''}`)
    if (why !== undefined) throw new Left(why)
  }

  #block(block: Block, position: Position): void {
    if (block.once !== undefined) {
      if (this.#finished.has(block.once)) return
      this.#steps(block.block, [...position, 0])
      if (this.#worked.has(block.once)) this.#finished.add(block.once)
      return
    }
    if (block.validates !== undefined && (this.#start === undefined || !isBefore(position, this.#start))) {
      this.#stop('role', position)
      const did = this.#story.act(0)
      if (did.end !== 'passed') throw new Left(did.end, did.fatal)
    }
    try {
      this.#rescued(block, position)
    } catch (error) {
      const left = error as Left
      const cleared = this.#cleared
      if (left.why !== 'unreachable' && left.why !== 'interrupted') this.#always(block, position, true)
      if (left.why === 'failed' && this.#cleared > cleared) return
      throw error
    }
    this.#always(block, position, this.#closing)
  }

  #rescued(block: Block, position: Position): void {
    const before = this.#rescuers
    if (block.rescue.length > 0) this.#rescuers++
    try {
      this.#steps(block.block, [...position, 0])
    } catch (error) {
      if ((error as Left).why !== 'failed' || block.rescue.length === 0) throw error
      this.#rescuers = before
      this.#rescue(block.rescue, [...position, 1], error as Left)
    } finally {
      this.#rescuers = before
    }
  }

  #rescue(steps: readonly Step[], at: Position, because: Left): void {
    this.#rescues++
    try {
      this.#steps(steps, at)
    } catch (error) {
      if ((error as Left).why !== 'stopped') throw error
      this.#rescues--
      throw because
    }
  }

  #always({ always }: Block, position: Position, closing: boolean): void {
    const before = this.#closing
    this.#closing = closing
    try {
      this.#steps(always, [...position, 2])
    } finally {
      this.#closing = before
    }
  }

  #flush(position: Position): void {
    for (const [i, handler] of this.#program.handlers.entries()) {
      if (!this.#pending.has(i)) continue
      this.#stop(handler.name, [...position, i])
      this.#pending.delete(i)
      this.#unfinished.add(i)
      this.#task(handler, [...position, i])
      this.#pending.delete(i)
      this.#unfinished.delete(i)
    }
  }
}
