import { describe, expect, it } from 'vitest'
import { batches } from '../../src/schedule/batches.ts'

describe('batches', () => {
  it.each([
    [5, undefined, [5]],
    [5, 2, [2, 2, 1]],
    [5, '2', [2, 2, 1]],
    [10, '25%', [2, 2, 2, 2, 2]],
    [3, '10%', [1, 1, 1]],
    [20, [1, '25%', '100%'], [1, 5, 14]],
    [7, [1, 2], [1, 2, 2, 2]],
    [4, 0, [4]],
    [0, 3, []],
  ])('batches of %i hosts with serial %j', (hosts, serial, sizes) => {
    expect(batches(hosts, serial)).toEqual(sizes)
  })

  it('an invalid serial is an error', () => {
    expect(() => batches(3, 'some')).toThrow("serial takes a number, a percentage or a list of them, not 'some'")
  })
})
