import { expect, it } from 'vitest'
import { KeyedSemaphore } from '../../../src/shell/ssh/keyed-semaphore.ts'

it('the semaphore limits actions in total and per address, and no action waits for another address', async () => {
  const gate = new KeyedSemaphore(5, 2)
  const inside = new Map<string, number>()
  let most = 0
  let mostOfA = 0
  const order: string[] = []
  const visit = (address: string, name: string) =>
    gate.run(address, async () => {
      inside.set(address, (inside.get(address) ?? 0) + 1)
      most = Math.max(
        most,
        [...inside.values()].reduce((sum, one) => sum + one, 0),
      )
      mostOfA = Math.max(mostOfA, inside.get('a') ?? 0)
      await new Promise(resolve => setTimeout(resolve, 5))
      inside.set(address, (inside.get(address) ?? 0) - 1)
      order.push(name)
    })
  await Promise.all([
    ...Array.from({ length: 6 }, (_, i) => visit('a', `a${i}`)),
    visit('b', 'b'),
    ...Array.from({ length: 6 }, (_, i) => visit(`c${i}`, `c${i}`)),
  ])
  expect([most, mostOfA]).toEqual([5, 2])
  expect(order.indexOf('b')).toBeLessThan(order.indexOf('a3'))
  expect(order.filter(name => name.startsWith('a'))).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5'])
})

it('the semaphore is released after a failure', async () => {
  const gate = new KeyedSemaphore(1, 1)
  const fail = gate.run('a', () => Promise.reject(new Error('no')))
  const next = gate.run('a', async () => 'yes')
  await expect(fail).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
