import type { Block, Step } from '../model/playbook.ts'
import type { Position } from '../model/position.ts'
import type { Cursor, Frame, Program } from './cursor.ts'
import { LAST_HANDLERS } from './stages.ts'

const parts = ['block', 'rescue', 'always'] as const

const sections = { 0: 'pre_tasks', 2: 'tasks', 4: 'post_tasks' } as const

/** The section of steps that a stage of a play is; `undefined`: handlers run there. */
export const sectionAt = (stage: number, program: Program): readonly Step[] | undefined => {
  const name = sections[stage as keyof typeof sections]
  return name === undefined ? undefined : program[name]
}

/** A part of a block as a place in positions, and back. */
export const partNumber = (of: Frame['of']): number | undefined => {
  const number = parts.indexOf(of as (typeof parts)[number])
  return number < 0 ? undefined : number
}

/** The steps of each frame; of the play itself, whose stages are no steps, none. */
export function listsOf({ frames }: Pick<Cursor, 'frames'>, program: Program): readonly (readonly Step[])[] {
  const lists: (readonly Step[])[] = []
  for (const [depth, frame] of frames.entries()) {
    const above = frames[depth - 1]
    lists.push(
      above === undefined ? [] : stepsOf(frame, { program, above, owner: lists[depth - 1]?.[above.index] as Block }),
    )
  }
  return lists
}

/** The steps of a frame that stands at `owner` of the frame `above`. */
const stepsOf = (
  { of, steps }: Frame,
  at: { readonly program: Program; readonly above: Frame; readonly owner: Block },
): readonly Step[] => {
  switch (of) {
    case 'play':
      return []
    case 'section':
      return sectionAt(at.above.index, at.program) ?? []
    case 'handlers':
      return at.program.handlers
    case 'added':
      return steps ?? []
    case 'block':
    case 'rescue':
    case 'always':
      return at.owner[of]
  }
}

export const positionOf = ({ frames }: Pick<Cursor, 'frames'>): Position =>
  frames.flatMap(({ of, index }) => {
    const part = partNumber(of)
    return part === undefined ? [index] : [part, index]
  })

/** How many blocks around the place would rescue a failure there. */
export const isRescued = ({ frames }: Pick<Cursor, 'frames'>, lists: readonly (readonly Step[])[]): boolean =>
  frames.some(({ of }, depth) => {
    const owner = of === 'block' ? lists[depth - 1]?.[frames[depth - 1]?.index ?? 0] : undefined
    return owner?.kind === 'block' && owner.rescue.length > 0
  })

export const isClosing = ({ frames }: Pick<Cursor, 'frames'>): boolean =>
  frames[0]?.index === LAST_HANDLERS || frames.some(({ closing }) => closing === true)
