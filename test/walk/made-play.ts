import fc from 'fast-check'
import type { Block, Meta, Step, Task } from '../../src/model/playbook.ts'
import type { Program } from '../../src/walk/cursor.ts'

// Plays as the walk sees them: of a task nothing counts but its name and its role.

export const task = (name: string, role?: string): Task =>
  ({ kind: 'task', name, ...(role === undefined ? {} : { role: { identity: role } }) }) as unknown as Task

export const meta = (action: Meta['action']): Meta => ({ kind: 'meta', action }) as Meta

export const block = (parts: {
  readonly block: readonly Step[]
  readonly rescue?: readonly Step[]
  readonly always?: readonly Step[]
  readonly once?: string
  readonly validates?: boolean
}): Block =>
  ({
    kind: 'block',
    block: parts.block,
    rescue: parts.rescue ?? [],
    always: parts.always ?? [],
    ...(parts.once === undefined ? {} : { once: parts.once }),
    ...(parts.validates === true ? { validates: { role: { name: 'r' } } } : {}),
  }) as Block

let made = 0
const tasks = fc.constantFrom(undefined, undefined, 'r1', 'r2').map(role => task(`t${made++}`, role))
const metas = fc
  .constantFrom<Meta['action']>('flush_handlers', 'flush_handlers', 'noop', 'end_host', 'clear_host_errors')
  .map(meta)

const { steps } = fc.letrec<{ step: Step; steps: Step[]; block: Block }>(tie => ({
  step: fc.oneof({ maxDepth: 3 }, { weight: 5, arbitrary: tasks }, { weight: 1, arbitrary: metas }, tie('block')),
  steps: fc.array(tie('step'), { maxLength: 4 }),
  block: fc
    .record({
      block: tie('steps'),
      rescue: fc.oneof(fc.constant([]), tie('steps')),
      always: fc.oneof(fc.constant([]), tie('steps')),
      role: fc.constantFrom(undefined, undefined, undefined, 'r1', 'r2'),
      validates: fc.constantFrom(false, false, false, true),
    })
    .map(({ role, ...parts }) => (role === undefined ? block(parts) : block({ block: parts.block, once: role }))),
}))

const few = fc.array(
  fc.nat(2).map(n => task(`added${n}`)),
  { maxLength: 3 },
)

export const programs: fc.Arbitrary<Program> = fc.record({
  pre_tasks: steps,
  tasks: steps,
  post_tasks: steps,
  handlers: fc.array(
    fc.constant(0).map(() => task(`h${made++}`)),
    { maxLength: 4 },
  ),
})

/** What happens to a host on its way, in the order in which it is asked: the same numbers give the same story. */
export class Story {
  readonly #numbers: readonly number[]
  readonly #added: readonly (readonly Step[])[]
  #at = 0
  // Steps that are added may add steps themselves: without an end to it the play would have none.
  #left = 4

  constructor(numbers: readonly number[], added: readonly (readonly Step[])[]) {
    this.#numbers = numbers
    this.#added = added
  }

  #draw(below: number): number {
    return (this.#numbers[this.#at++ % this.#numbers.length] as number) % below
  }

  /** Before a step: what ends the way from outside. */
  reach(closing: boolean): 'stopped' | 'ended' | 'interrupted' | undefined {
    const drawn = this.#draw(60)
    if (drawn === 0) return 'interrupted'
    return closing ? undefined : drawn === 1 ? 'stopped' : drawn === 2 ? 'ended' : undefined
  }

  /** What a task does. */
  act(handlers: number): {
    readonly end: 'passed' | 'failed' | 'unreachable'
    readonly fatal: boolean
    readonly skipped: boolean
    readonly notifies: readonly number[]
    readonly takesBack: readonly number[]
    readonly adds: readonly Step[] | undefined
    readonly clears: boolean
  } {
    const drawn = this.#draw(20)
    const notifies = handlers > 0 && this.#draw(2) === 0 ? [this.#draw(handlers)] : []
    return {
      end: drawn === 0 ? 'unreachable' : drawn < 6 ? 'failed' : 'passed',
      fatal: this.#draw(2) === 0,
      skipped: this.#draw(3) === 0,
      notifies,
      takesBack: handlers > 0 && this.#draw(12) === 0 ? [this.#draw(handlers)] : [],
      adds: this.#draw(8) === 0 && this.#left-- > 0 ? this.#added[this.#draw(this.#added.length)] : undefined,
      clears: this.#draw(25) === 0,
    }
  }

  get forced(): boolean {
    return this.#draw(2) === 0
  }
}

export const stories = fc
  .record({
    numbers: fc.array(fc.nat(1000), { minLength: 40, maxLength: 120 }),
    added: fc.array(fc.oneof(few, steps), { minLength: 1, maxLength: 3 }),
  })
  .map(
    ({ numbers, added }) =>
      () =>
        new Story(numbers, added),
  )
