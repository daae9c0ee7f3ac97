import { describe, expect, it } from 'vitest'
import { anyFailed, anyWorked, registered } from '../../../src/run/task/record.ts'

const ended = (status: string, result: object, item?: string) =>
  ({
    outcome: { status, result, changes: [], made: 0 },
    ms: 0,
    ...(item === undefined ? {} : { item: { turn: { item } } }),
  }) as never
const loop = { loop: {} } as never

describe('what register keeps', () => {
  it('is the result of a task without a loop', () => {
    expect(registered({} as never, [ended('ok', { changed: false, rc: 0 })])).toEqual({ changed: false, rc: 0 })
  })

  it('is all results of a loop, each with its item', () => {
    const all = [ended('ok', { changed: false }, 'a'), ended('changed', { changed: true }, 'b')]
    expect(registered(loop, all)).toEqual({
      results: [
        { changed: false, item: 'a' },
        { changed: true, item: 'b' },
      ],
      skipped: false,
      changed: true,
      msg: 'All items completed',
    })
  })

  it('says that one failed, and that all were skipped', () => {
    expect(registered(loop, [ended('failed', { failed: true }, 'a'), ended('ok', {}, 'b')])).toMatchObject({
      failed: true,
      changed: false,
      msg: 'One or more items failed',
    })
    expect(registered(loop, [ended('skipped', {}, 'a'), ended('skipped', {}, 'b')])).toMatchObject({
      skipped: true,
      msg: 'All items skipped',
    })
    expect(registered(loop, [ended('skipped', {}, 'a'), ended('ok', {}, 'b')])).toMatchObject({ skipped: false })
  })
})

it('a task failed where one item did, and worked where one was not skipped', () => {
  const [good, bad, none] = [ended('ok', {}), ended('failed', {}), ended('skipped', {})]
  expect([anyFailed([good, bad]), anyFailed([good, none])]).toEqual([true, false])
  expect([anyWorked([none, good]), anyWorked([none, none])]).toEqual([true, false])
})
