// What a host comes by, told in words: each row is a play, what fails in it, and the way.
import { describe, expect, it } from 'vitest'
import type { Step } from '../../src/model/playbook.ts'
import type { Cause, Program } from '../../src/walk/cursor.ts'
import * as walk from '../../src/walk/walk.ts'
import { block, meta, task } from './made-play.ts'

const t = (name: string) => task(name)
const program = (tasks: readonly Step[], more: Partial<Program> = {}): Program => ({
  pre_tasks: [],
  tasks,
  post_tasks: [],
  handlers: [],
  ...more,
})

/** The names of the tasks that a host comes by; `ends` says which of them do not pass, `notifies` which notify handler 0. */
function way(
  of: Program,
  ends: Readonly<Record<string, Cause['why']>> = {},
  more: { readonly notifies?: readonly string[]; readonly force?: boolean; readonly start?: readonly number[] } = {},
): string {
  const names: string[] = []
  let cursor = walk.begin(of, more.start)
  for (;;) {
    const stop = walk.next(cursor, of)
    if (stop.kind === 'end')
      return [...names, stop.cause?.why ?? 'done', ...walk.due(cursor).map(i => `due ${i}`)].join(' ')
    if (stop.kind === 'leaving') cursor = walk.close(cursor, more.force === true, of)
    else if (stop.kind === 'meta')
      cursor = stop.meta.action === 'flush_handlers' ? walk.flush(cursor, of) : walk.leave(cursor, { why: 'ended' }, of)
    else if (stop.kind === 'role') cursor = walk.passed(cursor, of)
    else {
      const { name } = stop.task
      names.push(name)
      cursor = walk.begun(cursor)
      if (more.notifies?.includes(name) === true) cursor = walk.notify(cursor, 0)
      const why = ends[name]
      cursor = why === undefined ? walk.passed(cursor, of) : walk.leave(cursor, { why }, of)
    }
  }
}

const rescued = program([block({ block: [t('a'), t('b')], rescue: [t('r')], always: [t('z')] }), t('c')])
const handled = program([t('a'), meta('flush_handlers'), t('b')], { handlers: [t('h')] })

describe('a host’s way through a play', () => {
  it.each([
    ['all goes well', rescued, {}, 'a b z c done'],
    ['a failure is rescued', rescued, { a: 'failed' }, 'a r z c done'],
    ['a rescue that fails', rescued, { a: 'failed', r: 'failed' }, 'a r z failed'],
    ['an always that fails', rescued, { z: 'failed' }, 'a b z failed'],
    ['an unreachable host does nothing more', rescued, { a: 'unreachable' }, 'a unreachable'],
    ['an interrupted host does nothing more', rescued, { b: 'interrupted' }, 'a b interrupted'],
    ['a stopped host cleans up', rescued, { a: 'stopped' }, 'a z stopped'],
    ['a rescue that is stopped is none', rescued, { a: 'failed', r: 'stopped' }, 'a r z failed'],
    ['a host that ends early cleans up', rescued, { a: 'ended' }, 'a z ended'],
  ] as const)('%s', (_, of, ends, expected) => {
    expect(way(of, ends)).toBe(expected)
  })

  it('handlers run at a flush, and once for all that notified them', () => {
    expect(way(handled, {}, { notifies: ['a', 'b'] })).toBe('a h b h done')
  })

  it('a handler that failed is still due, and does not run again', () => {
    expect(way(handled, { h: 'failed' }, { notifies: ['a'], force: true })).toBe('a h failed due 0')
  })

  it('a host that fails runs the handlers that are due when they are forced', () => {
    expect(way(handled, { b: 'failed' }, { notifies: ['b'], force: true })).toBe('a b h failed')
    expect(way(handled, { b: 'failed' }, { notifies: ['b'] })).toBe('a b failed due 0')
  })

  it('a host that ends early runs the handlers that are due', () => {
    expect(way(handled, { b: 'ended' }, { notifies: ['b'] })).toBe('a b h ended')
  })

  it('steps before the start are left out', () => {
    expect(way(rescued, {}, { start: [2, 0, 0, 1] })).toBe('b z c done')
  })

  it('a role whose call is through does not run again', () => {
    const role = block({ block: [task('r', 'role')], once: 'role' })
    const of = program([role, role, t('c')])
    let cursor = walk.begin(of)
    cursor = walk.passed(walk.worked(walk.begun(cursor), 'role'), of)
    expect(walk.next(cursor, of)).toMatchObject({ kind: 'task', task: { name: 'c' }, position: [2, 2] })
  })

  it('steps that are added come next, and then what follows', () => {
    const of = program([t('a'), t('b')])
    let cursor = walk.add(walk.begun(walk.begin(of)), [t('x'), t('y')], of)
    const positions: unknown[] = []
    for (let stop = walk.next(cursor, of); stop.kind === 'task'; stop = walk.next(cursor, of)) {
      positions.push([stop.task.name, stop.position])
      cursor = walk.passed(cursor, of)
    }
    expect(positions).toEqual([
      ['x', [2, 0, 0]],
      ['y', [2, 0, 1]],
      ['b', [2, 1]],
    ])
  })
})
