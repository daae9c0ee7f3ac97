// The hosts of a batch speak with their coordinator in plain data: here all that they say and hear goes through JSON, as it
// would if they ran in another process.
import { describe, expect, it } from 'vitest'
import type { Coordinator } from '../../../src/model/coordinator.ts'
import type { Position } from '../../../src/model/position.ts'
import { Batch, type BatchOptions } from '../../../src/run/rollout/batch.ts'

const throughJson = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

const overWire = (batch: Batch): Coordinator =>
  new Proxy<Coordinator>(batch, {
    get: (_, name) => {
      const method = Reflect.get(batch, name, batch) as (...args: readonly unknown[]) => unknown
      return (...args: readonly unknown[]) => {
        const answer = method.apply(batch, args.map(throughJson))
        return answer instanceof Promise ? answer.then(throughJson) : throughJson(answer)
      }
    },
  })

const made = (more: Partial<BatchOptions> = {}) => {
  const stop = new AbortController()
  const options = { hosts: ['a', 'b', 'c'], linear: false, forks: 10, percentage: undefined, signal: stop.signal }
  const batch = new Batch({ ...options, ...more })
  return { batch, stop, to: overWire(batch) }
}

const at = (host: string, position: Position, closing = false) => ({ host, position, closing })
const settled = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('the coordinator of a batch', () => {
  it('linear: a step begins when every host has come to it, is past it or has left', async () => {
    const { to } = made({ linear: true })
    const told: string[] = []
    const comes = (host: string, position: Position) =>
      void to.reach(at(host, position)).then(() => told.push(`${host} ${position}`))
    comes('a', [2, 0])
    comes('b', [2, 0])
    await settled()
    expect(told).toEqual([])
    comes('c', [2, 1])
    await settled()
    expect(told).toEqual(['a 2,0', 'b 2,0'])
    comes('a', [2, 0, 1, 0])
    to.leave('b')
    await settled()
    expect(told.slice(2)).toEqual(['a 2,0,1,0'])
  })

  it('a fatal failure stops the others at their next step, but not what they clean up', async () => {
    const { to, batch } = made()
    to.lose({ host: 'a', how: 'failed', fatal: true, position: [2, 0] })
    expect(await to.reach(at('b', [2, 1]))).toBe('stopped')
    expect(await to.reach(at('b', [2, 1], true))).toBeUndefined()
    expect([batch.stopped, batch.lost]).toEqual(['a failed, and any_errors_fatal is set', ['a']])
  })

  it('linear: the step that was fatal comes to its end on all hosts', async () => {
    const { to } = made({ linear: true, hosts: ['a', 'b'] })
    to.lose({ host: 'a', how: 'unreachable', fatal: true, position: [2, 3] })
    to.leave('a')
    expect(await to.reach(at('b', [2, 3]))).toBeUndefined()
    expect(await to.reach(at('b', [2, 4]))).toBe('stopped')
  })

  it('more lost hosts than max_fail_percentage stop the batch, exactly as many do not', async () => {
    const { to, batch } = made({ hosts: ['a', 'b', 'c', 'd'], percentage: 25 })
    to.lose({ host: 'a', how: 'failed', fatal: false, position: [2, 0] })
    expect(batch.over).toBe(false)
    to.lose({ host: 'b', how: 'unreachable', fatal: false, position: [2, 0] })
    expect(batch.stopped).toContain('2 of 4 hosts')
  })

  it('losses that were cleared do not count', () => {
    const { to, batch } = made({ percentage: 40 })
    to.lose({ host: 'a', how: 'failed', fatal: false, position: [2, 0] })
    to.clearLosses()
    to.lose({ host: 'b', how: 'failed', fatal: false, position: [2, 1] })
    expect([batch.over, batch.lost]).toEqual([false, ['b']])
  })

  it('end_play counts more than end_batch, whichever came first', async () => {
    const { to, batch } = made()
    to.end('play')
    to.end('batch')
    expect([batch.ended, await to.reach(at('a', [2, 0]))]).toEqual(['play', 'ended'])
  })

  it('throttle: as many hosts at a step as the limit allows, in the order in which they come', async () => {
    const { to } = made()
    const told: string[] = []
    for (const host of ['a', 'b', 'c'])
      void to.enter({ ...at(host, [2, 0]), limit: 1 }).then(why => told.push(`${host} ${why ?? 'in'}`))
    await settled()
    expect(told).toEqual(['a in'])
    to.exit('a')
    await settled()
    expect(told).toEqual(['a in', 'b in'])
    to.lose({ host: 'b', how: 'failed', fatal: true, position: [2, 0] })
    to.exit('b')
    await settled()
    expect(told).toEqual(['a in', 'b in', 'c stopped'])
  })

  it('run_once is the first host’s; the others get what it came to, as plain data', async () => {
    const { to } = made()
    const position = [2, 0]
    await to.reach(at('a', position))
    expect(await to.once(at('a', position))).toEqual({ kind: 'mine' })
    const others = to.once(at('b', position))
    const learnt = [{ kind: 'variables' as const, values: { x: [1, { y: 2 }] } }]
    const result = { host: 'a', how: 'passed' as const, worked: true, learnt, result: { rc: 0 } }
    to.shareOnce(position, result)
    expect(await others).toEqual({ kind: 'shared', result })
  })

  it('run_once passes to the next host when the first leaves before it', async () => {
    const { to } = made()
    const turn = to.once(at('b', [2, 0]))
    to.leave('a')
    expect(await turn).toEqual({ kind: 'mine' })
  })

  it('a host waits until another has come as far as itself, or has left', async () => {
    const { to } = made()
    await to.reach(at('a', [2, 4]))
    await to.reach(at('b', [2, 1]))
    expect([to.isBehind('b', 'a'), to.isBehind('a', 'b'), to.isBehind('elsewhere', 'a')]).toEqual([true, false, false])
    let came = false
    const waiting = to.awaitHost('b', 'a').then(() => {
      came = true
    })
    await to.reach(at('b', [2, 3]))
    await settled()
    expect(came).toBe(false)
    await to.reach(at('b', [2, 4]))
    await waiting
  })

  it('a run that the person stops goes no further, not even to clean up', async () => {
    const { to, stop } = made()
    stop.abort()
    expect(await to.reach(at('a', [2, 0], true))).toBe('interrupted')
  })
})
