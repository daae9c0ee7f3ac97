import type { Step } from '../model/playbook.ts'
import type { Position } from '../model/position.ts'
import type { Cause, Cursor, Program, Stop } from './cursor.ts'
import { isClosing, isRescued, listsOf, positionOf } from './frames.ts'
import { into, passedTop, settle, under, unwound } from './settle.ts'
import { LAST_HANDLERS } from './stages.ts'

// A host's way through a play as a pure machine: `next` says what to do, and the caller says what became of it by
// `passed`, `leave`, `flush`, `add` or `close`. What must not be there: a clock, a promise, a template, a host.

/** At a play's first step, or with `from` at the first one that does not come before it. */
export function begin(program: Program, from?: Position): Cursor {
  const cursor: Cursor = {
    frames: [{ of: 'play', index: 0 }],
    ...(from === undefined ? {} : { start: from }),
    pending: [],
    unfinished: [],
    worked: [],
    finished: [],
    rescues: 0,
  }
  return settle(cursor, program)
}

/** What the host is to do now: the same answer until one of the functions below has been told what became of it. */
export function next(cursor: Cursor, program: Program): Stop {
  const { frames, left, undecided } = cursor
  if (left !== undefined && undecided === true) return { kind: 'leaving', cause: left }
  const lists = listsOf(cursor, program)
  const top = frames.at(-1)
  const step = lists.at(-1)?.[top?.index ?? 0]
  if (step === undefined) return left === undefined ? { kind: 'end' } : { kind: 'end', cause: left }
  const position = positionOf(cursor)
  const at = { position, closing: isClosing(cursor), rescued: isRescued(cursor, lists) }
  if (step.kind === 'meta') return { ...at, kind: 'meta', meta: step }
  if (step.kind === 'task') {
    const handler = frames.some(({ of }) => of === 'handlers')
    return { ...at, kind: 'task', task: step, handler }
  }
  if (step.validates === undefined) throw new RangeError('the cursor is not at a step of this play')
  return { ...at, kind: 'role', call: step.validates }
}

/** The step has begun. A handler that has begun does not get another turn, unless something notifies it anew. */
export function begun(cursor: Cursor): Cursor {
  const top = cursor.frames.at(-1)
  if (top?.of !== 'handlers') return { ...cursor, begun: true }
  const { index } = top
  return {
    ...cursor,
    begun: true,
    pending: cursor.pending.filter(handler => handler !== index),
    unfinished: cursor.unfinished.includes(index) ? cursor.unfinished : [...cursor.unfinished, index],
  }
}

/** The step is through, and the host goes on. A role whose settings are right is gone into. */
export function passed(cursor: Cursor, program: Program): Cursor {
  const still = notBegun(cursor)
  const step = stepAt(cursor, program)
  return settle(step?.kind === 'block' ? into(step, still) : passedTop(still), program)
}

/** The host leaves what it is in: to a `rescue`, by way of `always`, to its last handlers, or to its end. */
export const leave = (cursor: Cursor, cause: Cause, program: Program): Cursor =>
  settle(unwound(notBegun(cursor), cause, program), program)

/** After `leaving`: whether the handlers that are due run (`force_handlers`). */
export function close(cursor: Cursor, run: boolean, program: Program): Cursor {
  const { undecided: _, ...decided } = cursor
  return run ? settle({ ...decided, frames: [{ of: 'play', index: LAST_HANDLERS }] }, program) : decided
}

/** At a `meta: flush_handlers`: the handlers that are due have their turn now. */
export const flush = (cursor: Cursor, program: Program): Cursor =>
  settle(under(notBegun(cursor), { of: 'handlers', index: 0 }), program)

/** The step turned out to stand for these steps: they come next, and then what follows it. */
export const add = (cursor: Cursor, steps: readonly Step[], program: Program): Cursor =>
  settle(under(notBegun(cursor), { of: 'added', index: 0, steps }), program)

/** The host's failures are forgotten (`meta: clear_host_errors`): it goes on after the `always` that it is in. */
export const clear = (cursor: Cursor): Cursor => ({
  ...cursor,
  frames: cursor.frames.map(({ cause, ...frame }) =>
    cause === undefined || (frame.of === 'always' && cause.why === 'failed') ? frame : { ...frame, cause },
  ),
})

/** A task of this call of a role was not skipped. */
export const worked = (cursor: Cursor, identity: string): Cursor =>
  cursor.worked.includes(identity) ? cursor : { ...cursor, worked: [...cursor.worked, identity] }

/** A handler, by its number in the play, is due. */
export const notify = (cursor: Cursor, handler: number): Cursor =>
  cursor.pending.includes(handler) ? cursor : { ...cursor, pending: [...cursor.pending, handler] }

/** These handlers have nothing to do any more: what had notified them was taken back. */
export const unnotify = (cursor: Cursor, handlers: readonly number[]): Cursor => ({
  ...cursor,
  pending: cursor.pending.filter(handler => !handlers.includes(handler)),
})

/** Handlers that are due and will not run, in the order of the play, once the host has left. */
export const due = ({ pending, unfinished }: Cursor): readonly number[] =>
  [...new Set([...pending, ...unfinished])].toSorted((a, b) => a - b)

const notBegun = ({ begun: _, ...cursor }: Cursor): Cursor => cursor

const stepAt = (cursor: Cursor, program: Program): Step | undefined =>
  listsOf(cursor, program).at(-1)?.[cursor.frames.at(-1)?.index ?? 0]
