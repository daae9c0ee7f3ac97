import type { Step, Task } from '../model/playbook.ts'
import { isBefore, type Position } from '../model/position.ts'
import type { Cursor, Frame, Program } from './cursor.ts'
import { listsOf, partNumber, positionOf, sectionAt } from './frames.ts'
import { LAST_HANDLERS } from './stages.ts'

/** A task that is to come, and where. */
export interface Coming {
  readonly task: Task
  readonly position: Position
}

/**
 * The tasks that a host comes to if all goes well, from where it is: without what only a failure leads to, what comes
 * before `--start-at-task`, roles that do not run again, handlers, and the step that is under way.
 */
export function* coming(cursor: Cursor, program: Program): Generator<Coming> {
  const { frames } = cursor
  const lists = listsOf(cursor, program)
  const here = positionOf(cursor)
  let position = here
  for (let depth = frames.length - 1; depth > 0; depth--) {
    const { of, index, cause } = frames[depth] as Frame
    const above = position.slice(0, position.length - (partNumber(of) === undefined ? 1 : 2))
    const from = depth === frames.length - 1 && cursor.begun !== true ? index : index + 1
    if (of !== 'handlers') yield* tasksOf({ steps: lists[depth] ?? [], from, above: position.slice(0, -1) }, cursor)
    if (of === 'always' && cause !== undefined) return
    const owner = lists[depth - 1]?.[frames[depth - 1]?.index ?? 0]
    if ((of === 'block' || of === 'rescue') && owner?.kind === 'block')
      yield* tasksOf({ steps: owner.always, from: 0, above: [...above, ALWAYS] }, cursor)
    position = above
  }
  const stage = frames[0]?.index ?? LAST_HANDLERS
  for (let after = stage + 1; after < LAST_HANDLERS; after++)
    yield* tasksOf({ steps: sectionAt(after, program) ?? [], from: 0, above: [after] }, cursor)
}

const ALWAYS = 2

interface Stretch {
  readonly steps: readonly Step[]
  readonly from: number
  readonly above: Position
}

function* tasksOf({ steps, from, above }: Stretch, cursor: Cursor): Generator<Coming> {
  for (let i = from; i < steps.length; i++) {
    const step = steps[i] as Step
    const position = [...above, i]
    if (step.kind === 'task') {
      if (cursor.start === undefined || !isBefore(position, cursor.start)) yield { task: step, position }
    } else if (step.kind === 'block' && (step.once === undefined || !cursor.finished.includes(step.once))) {
      yield* tasksOf({ steps: step.block, from: 0, above: [...position, 0] }, cursor)
      yield* tasksOf({ steps: step.always, from: 0, above: [...position, ALWAYS] }, cursor)
    }
  }
}
