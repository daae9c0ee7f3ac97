import { describe, expect, it } from 'vitest'
import { HostState } from '../../../src/run/state/host-state.ts'
import { shellIn } from '../../tasks/doing.ts'

const memory = (roster = { changes: 0 }) => new HostState({ name: 'h', groups: [], vars: {} }, roster)
const item = (more: object) =>
  ({ status: 'ok', made: 0, verified: false, mayChange: false, bug: false, ...more }) as never

describe('what is known of a host', () => {
  it('counts items by what became of them, and a rescued one when the rescue begins', () => {
    const one = memory()
    one.take(item({ status: 'changed', made: 1, verified: true }))
    one.take(item({ status: 'failed', made: 2 }))
    one.take(item({ status: 'failed' }))
    one.take(item({ status: 'ignored', made: 1 }))
    one.take(item({ status: 'rescued' }))
    expect(one.totals).toMatchObject({
      ok: 0,
      changed: 1,
      failed: 2,
      ignored: 1,
      rescued: 0,
      verified: 1,
      failed_after_change: 2,
    })
  })

  it('keeps that it may change, and that it met with a bug', () => {
    const one = memory()
    one.take(item({ mayChange: true }))
    one.take(item({ bug: true }))
    one.take(item({}))
    expect([one.mayChange, one.bug]).toEqual([true, true])
  })

  it('has failed for good once it failed, also when it cannot be reached afterwards', () => {
    const one = memory()
    one.lose('unreachable')
    one.lose('failed')
    one.lose('unreachable')
    expect(one.lost).toBe('failed')
  })

  it('takes no part while it is lost or let go, and the roster counts each change', () => {
    const roster = { changes: 0 }
    const one = memory(roster)
    one.lose('failed')
    one.lose('failed')
    expect([one.present, one.dropped, roster.changes]).toEqual([false, true, 1])
    one.clear()
    expect([one.present, one.cleared, roster.changes]).toEqual([true, 1, 2])
    one.through = true
    expect([one.present, roster.changes]).toEqual([false, 3])
  })

  it('opens a shell once, and tries one that could not be opened anew', async () => {
    const one = memory()
    let opened = 0
    const open = () => {
      opened++
      if (opened === 1) throw new Error('no')
      return shellIn('/')
    }
    await expect(one.shell('k', open)).rejects.toThrow('no')
    await Promise.resolve()
    const shells = await Promise.all([one.shell('k', open), one.shell('k', open)])
    expect([opened, shells[0] === shells[1]]).toEqual([2, true])
    await one.close()
  })

  it('is looked at and changed by one at a time as soon as others act on it', async () => {
    const one = memory()
    const order: string[] = []
    const act = (name: string, visitor: boolean) =>
      one.alone(visitor, async () => {
        order.push(`${name} in`)
        await new Promise(done => setTimeout(done, 2))
        order.push(`${name} out`)
      })
    await Promise.all([act('a', true), act('b', false), act('c', true)])
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })
})
