import { describe, expect, it } from 'vitest'
import { Batch, type BatchOptions } from '../../../src/run/rollout/batch.ts'

const hosts = ['a', 'b', 'c', 'd']
const batch = (more: Partial<BatchOptions> = {}) =>
  new Batch({ hosts, linear: false, forks: 4, percentage: undefined, signal: new AbortController().signal, ...more })
const at = (host: string, number: number, closing = false) => ({ host, position: [1, number], closing })
const lose = (host: string, more: object = {}) =>
  ({ host, how: 'failed', fatal: false, position: [1, 1], ...more }) as const

describe('a batch of hosts', () => {
  it('goes on without the hosts that it lost', async () => {
    const one = batch()
    one.lose(lose('b'))
    expect([one.lost, one.stopped, one.over]).toEqual([['b'], undefined, false])
    expect(await one.reach(at('a', 2))).toBeUndefined()
  })

  it('stops at a loss that is fatal, and says why', async () => {
    const one = batch()
    one.lose(lose('b', { fatal: true }))
    expect(one.stopped).toBe('b failed, and any_errors_fatal is set')
    expect([await one.reach(at('a', 2)), one.over]).toEqual(['stopped', true])
  })

  it('lets what cleans up run although it stops', async () => {
    const one = batch()
    one.lose(lose('b', { fatal: true }))
    expect(await one.reach(at('a', 2, true))).toBeUndefined()
  })

  it('stops when more hosts are lost than the play allows, each counted once', () => {
    const one = batch({ percentage: 25 })
    one.lose(lose('a'))
    one.lose(lose('a', { how: 'unreachable' }))
    expect(one.stopped).toBeUndefined()
    one.lose(lose('b'))
    expect(one.stopped).toBe('2 of 4 hosts failed or were unreachable, more than max_fail_percentage: 25 allows')
  })

  it('is told of the loss of a host once: a second time is nothing new', () => {
    const one = batch()
    one.lose(lose('a'))
    one.lose(lose('a', { fatal: true }))
    expect(one.stopped).toBeUndefined()
  })

  it('forgives losses when they are cleared', () => {
    const one = batch({ percentage: 25 })
    one.lose(lose('a'))
    one.clearLosses()
    one.lose(lose('b'))
    expect([one.lost, one.stopped]).toEqual([['b'], undefined])
  })

  it('ends with the play where one host ends the play and another the batch', async () => {
    const one = batch()
    one.end('play')
    one.end('batch')
    expect([one.ended, await one.reach(at('a', 2))]).toEqual(['play', 'ended'])
  })

  it('is interrupted by the signal, whatever else is so', async () => {
    const controller = new AbortController()
    const one = batch({ signal: controller.signal })
    controller.abort()
    expect([await one.reach(at('a', 2, true)), one.over]).toEqual(['interrupted', true])
  })

  it('in step, brings the fatal step to its end on all hosts', async () => {
    const one = batch({ hosts: ['a'], linear: true })
    one.lose(lose('a', { fatal: true, position: [1, 2] }))
    expect([await one.reach(at('a', 2)), await one.reach(at('a', 3))]).toEqual([undefined, 'stopped'])
  })

  it('lets one host run what is run once, and hands its result to the others', async () => {
    const one = batch()
    for (const host of hosts) await one.reach(at(host, 1))
    const result = { host: 'a', how: 'passed', worked: true, learnt: [] } as const
    const [first, second] = [one.once(at('a', 1)), one.once(at('b', 1))]
    expect(await first).toEqual({ kind: 'mine' })
    one.shareOnce([1, 1], result)
    expect(await second).toEqual({ kind: 'shared', result })
  })

  it('knows which host is behind another, and waits for it', async () => {
    const one = batch()
    await one.reach(at('a', 3))
    expect([one.isBehind('b', 'a'), one.isBehind('a', 'b'), one.isBehind('a', 'a'), one.isBehind('x', 'a')]).toEqual([
      true,
      false,
      false,
      false,
    ])
    let came = false
    const waiting = one.awaitHost('b', 'a').then(() => {
      came = true
    })
    await one.reach(at('b', 2))
    expect(came).toBe(false)
    one.leave('b')
    await waiting
    expect(came).toBe(true)
  })

  it('throttles a task to so many hosts at once', async () => {
    const one = batch()
    const inside: string[] = []
    const work = async (host: string) => {
      await one.enter({ ...at(host, 1), limit: 1 })
      inside.push(host)
    }
    await work('a')
    const second = work('b')
    await new Promise(done => setTimeout(done, 5))
    expect(inside).toEqual(['a'])
    one.exit('a')
    await second
    expect(inside).toEqual(['a', 'b'])
  })
})
