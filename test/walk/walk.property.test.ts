// Thousands of random plays, each gone through by the walk and by plain nested calls: both must come by the same steps,
// in the same order, at the same positions, and end the same way. The walk's cursor goes through JSON at each position.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isBefore, type Position } from '../../src/model/position.ts'
import { coming } from '../../src/walk/coming.ts'
import type { Cause, Cursor, Program } from '../../src/walk/cursor.ts'
import * as walk from '../../src/walk/walk.ts'
import { programs, type Story, stories } from './made-play.ts'
import { Reference } from './reference.ts'

interface Walked {
  readonly trace: readonly string[]
  readonly positions: readonly Position[]
}

function walked(program: Program, story: Story, start: Position | undefined): Walked {
  const trace: string[] = []
  const positions: Position[] = []
  let cursor = walk.begin(program, start)
  for (;;) {
    cursor = JSON.parse(JSON.stringify(cursor)) as Cursor
    const stop = walk.next(cursor, program)
    if (stop.kind === 'end') {
      const how = stop.cause === undefined ? 'done' : `${stop.cause.why} ${stop.cause.fatal === true}`
      trace.push(`end: ${how}, rescues ${cursor.rescues}, due ${walk.due(cursor)}`)
      return { trace, positions }
    }
    if (stop.kind === 'leaving') {
      cursor = walk.close(cursor, story.forced, program)
      continue
    }
    const why = story.reach(stop.closing)
    const name = stop.kind === 'task' ? stop.task.name : stop.kind === 'meta' ? `meta ${stop.meta.action}` : 'role'
    trace.push(`${name} @${stop.position} ${stop.closing} ${stop.rescued} ${why ?? ''}`)
    positions.push(stop.position)
    cursor = why === undefined ? after(stop, cursor, [program, story]) : walk.leave(cursor, { why }, program)
  }
}

function after(
  stop: Exclude<ReturnType<typeof walk.next>, { readonly kind: 'leaving' | 'end' }>,
  cursor: Cursor,
  [program, story]: readonly [Program, Story],
): Cursor {
  if (stop.kind === 'meta')
    switch (stop.meta.action) {
      case 'flush_handlers':
        return walk.flush(cursor, program)
      case 'end_host':
        return walk.leave(cursor, { why: 'ended' }, program)
      case 'clear_host_errors':
        return walk.passed(walk.clear(cursor), program)
      default:
        return walk.passed(cursor, program)
    }
  const did = story.act(stop.kind === 'role' ? 0 : program.handlers.length)
  const cause: Cause | undefined = did.end === 'passed' ? undefined : { why: did.end, fatal: did.fatal }
  if (stop.kind === 'role')
    return cause === undefined ? walk.passed(cursor, program) : walk.leave(cursor, cause, program)
  let now = walk.begun(cursor)
  for (const handler of did.notifies) now = walk.notify(now, handler)
  now = walk.unnotify(now, did.takesBack)
  if (did.clears) now = walk.clear(now)
  if (!did.skipped && stop.task.role !== undefined) now = walk.worked(now, stop.task.role.identity)
  if (cause !== undefined) return walk.leave(now, cause, program)
  return did.adds === undefined ? walk.passed(now, program) : walk.add(now, did.adds, program)
}

const starts = fc.option(fc.tuple(fc.constantFrom(0, 2, 4), fc.nat(3)), { nil: undefined, freq: 4 })

it('the walk comes by the same steps as plain nested calls, whatever happens on the way', () => {
  fc.assert(
    fc.property(programs, stories, starts, (program, story, start) => {
      const { trace, positions } = walked(program, story(), start)
      expect(trace).toEqual(new Reference(program, story(), start).run())
      for (const [i, position] of positions.entries())
        if (i > 0) expect(isBefore(positions[i - 1] as Position, position)).toBe(true)
    }),
    { numRuns: 3000 },
  )
}, 120_000)

it('the tasks to come, at each position, are those that a host comes to when all goes well', () => {
  fc.assert(
    fc.property(programs, starts, (program, start) => {
      const foretold: (readonly string[])[] = []
      const names: string[] = []
      let cursor = walk.begin(program, start)
      for (let stop = walk.next(cursor, program); stop.kind !== 'end'; stop = walk.next(cursor, program)) {
        foretold[names.length] ??= [...coming(cursor, program)].map(({ task }) => task.name)
        if (stop.kind === 'task') {
          names.push(stop.task.name)
          cursor = walk.begun(cursor)
          foretold[names.length] = [...coming(cursor, program)].map(({ task }) => task.name)
          if (stop.task.role !== undefined) cursor = walk.worked(cursor, stop.task.role.identity)
        }
        cursor = walk.passed(cursor, program)
      }
      // A role that is called twice is to come twice, until its first call is through.
      const once = names.filter(name => foretold[0]?.includes(name))
      expect(once).toEqual(names)
      for (const [i, tasks] of foretold.entries())
        expect(tasks.filter(name => names.includes(name))).toEqual(expect.arrayContaining(names.slice(i)))
    }),
    { numRuns: 500 },
  )
}, 60_000)
