import type { Block, Step } from '../model/playbook.ts'
import { isBefore } from '../model/position.ts'
import type { Cause, Cursor, Frame, Program } from './cursor.ts'
import { listsOf, positionOf, sectionAt } from './frames.ts'
import { LAST_HANDLERS } from './stages.ts'

/** Moves on to the next step that is to be done, or to the end: out of lists that are through, into blocks and flushes. */
export function settle(cursor: Cursor, program: Program): Cursor {
  let at = cursor
  for (;;) {
    const next = moved(at, program)
    if (next === undefined) return at
    at = next
  }
}

/** One move; `undefined` where something is to be done. */
function moved(cursor: Cursor, program: Program): Cursor | undefined {
  const { frames } = cursor
  const top = frames.at(-1)
  if (top === undefined) return undefined
  if (top.of === 'play') return intoStage(cursor, top, program)
  const lists = listsOf(cursor, program)
  const list = lists.at(-1) ?? []
  if (top.of === 'handlers') {
    const due = list.findIndex((_, i) => i >= top.index && cursor.pending.includes(i))
    if (due === top.index) return undefined
    return due < 0 ? up(cursor) : inTop(cursor, { index: due })
  }
  const step = list[top.index]
  if (step === undefined) return outOf(cursor, ownerOf(cursor, lists), program)
  if (step.kind === 'block') return isStop(step, cursor) ? undefined : into(step, cursor)
  return isLeftOut(cursor) ? inTop(cursor, { index: top.index + 1 }) : undefined
}

function intoStage(cursor: Cursor, { index }: Frame, program: Program): Cursor {
  if (sectionAt(index, program) !== undefined) return under(cursor, { of: 'section', index: 0 })
  const flushes = index < LAST_HANDLERS || (index === LAST_HANDLERS && cursor.left !== undefined)
  return flushes ? under(cursor, { of: 'handlers', index: 0 }) : { ...cursor, frames: [] }
}

const isLeftOut = (cursor: Cursor): boolean =>
  cursor.start !== undefined && isBefore(positionOf(cursor), cursor.start) && !inHandlers(cursor)

const inHandlers = ({ frames }: Cursor): boolean => frames.some(({ of }) => of === 'handlers')

/** A block whose settings are validated is a stop of its own. */
const isStop = ({ validates }: Block, cursor: Cursor): boolean => validates !== undefined && !isLeftOut(cursor)

/** Goes into a block, or past a role's that has run before. */
export function into({ once }: Block, cursor: Cursor): Cursor {
  if (once === undefined || !cursor.finished.includes(once)) return under(cursor, { of: 'block', index: 0 })
  return inTop(cursor, { index: (cursor.frames.at(-1)?.index ?? 0) + 1 })
}

/** A list is through. */
function outOf(cursor: Cursor, owner: Step | undefined, program: Program): Cursor {
  const top = cursor.frames.at(-1)
  const block = owner as Block
  switch (top?.of) {
    case 'block':
    case 'rescue':
      return instead(cursor, { of: 'always', index: 0 })
    case 'always':
      if (top.cause !== undefined) return unwound({ ...cursor, frames: cursor.frames.slice(0, -1) }, top.cause, program)
      return up(block.once === undefined ? cursor : roleEnded(cursor, block.once))
    default:
      return up(cursor)
  }
}

const roleEnded = (cursor: Cursor, identity: string): Cursor =>
  cursor.worked.includes(identity) && !cursor.finished.includes(identity)
    ? { ...cursor, finished: [...cursor.finished, identity] }
    : cursor

/** Leaves what it is in, up to a rescue or an `always` that is to run first. */
export function unwound(cursor: Cursor, cause: Cause, program: Program): Cursor {
  const lists = listsOf(cursor, program)
  let because = cause
  let { rescues } = cursor
  for (let depth = cursor.frames.length - 1; depth > 0; depth--) {
    const frame = cursor.frames[depth] as Frame
    if (frame.of !== 'block' && frame.of !== 'rescue') continue
    const block = lists[depth - 1]?.[cursor.frames[depth - 1]?.index ?? 0] as Block
    const below = { ...cursor, frames: cursor.frames.slice(0, depth) }
    if (frame.of === 'block' && because.why === 'failed' && block.rescue.length > 0)
      return under({ ...below, rescues: rescues + 1 }, { of: 'rescue', index: 0, cause: because })
    // Stopped before the rescue was through: then it is as if there were none.
    if (frame.of === 'rescue' && because.why === 'stopped' && frame.cause !== undefined) {
      because = frame.cause
      rescues--
    }
    // A host that cannot be reached, or that the person stopped, does nothing more.
    if (because.why !== 'unreachable' && because.why !== 'interrupted')
      return under({ ...below, rescues }, { of: 'always', index: 0, cause: because, closing: true })
  }
  return out({ ...cursor, rescues }, because)
}

/** Out of all steps: perhaps to the last handlers. */
function out(cursor: Cursor, cause: Cause): Cursor {
  if (cursor.left !== undefined) {
    // An interruption of the last handlers changes nothing of how the host left its steps.
    return { ...cursor, left: cause.why === 'interrupted' ? cursor.left : cause, frames: [] }
  }
  const left = { ...cursor, left: cause }
  if (cause.why === 'ended') return { ...left, frames: [{ of: 'play', index: LAST_HANDLERS }] }
  const undecided = cause.why === 'failed' || cause.why === 'stopped'
  return { ...left, frames: [], ...(undecided ? { undecided } : {}) }
}

const ownerOf = ({ frames }: Cursor, lists: readonly (readonly Step[])[]): Step | undefined =>
  lists.at(-2)?.[frames.at(-2)?.index ?? 0]

export const under = (cursor: Cursor, frame: Frame): Cursor => ({ ...cursor, frames: [...cursor.frames, frame] })

const instead = (cursor: Cursor, frame: Frame): Cursor => ({
  ...cursor,
  frames: [...cursor.frames.slice(0, -1), frame],
})

const inTop = (cursor: Cursor, change: Partial<Frame>): Cursor =>
  instead(cursor, { ...(cursor.frames.at(-1) as Frame), ...change })

/** Out of a list that is through, and past the step that it belongs to. */
function up(cursor: Cursor): Cursor {
  const below = { ...cursor, frames: cursor.frames.slice(0, -1) }
  return passedTop(below)
}

/** Past the step that it is at; a handler among them is through. */
export function passedTop(cursor: Cursor): Cursor {
  const top = cursor.frames.at(-1) as Frame
  const past = inTop(cursor, { index: top.index + 1 })
  if (top.of !== 'handlers') return past
  const other = (handler: number) => handler !== top.index
  // What it notified itself for it has just done.
  return { ...past, pending: past.pending.filter(other), unfinished: past.unfinished.filter(other) }
}
