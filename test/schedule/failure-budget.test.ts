import { describe, expect, it } from 'vitest'
import { failPercentage, overBudget } from '../../src/schedule/failure-budget.ts'

describe('failPercentage', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    [0, 0],
    ['30', 30],
    ['12.5%', 12.5],
  ])('%j', (value, expected) => {
    expect(failPercentage(value)).toBe(expected)
  })

  it('an invalid max_fail_percentage is an error', () => {
    expect(() => failPercentage('few')).toThrow("max_fail_percentage takes a number, not 'few'")
    expect(() => failPercentage(true)).toThrow('takes a number')
  })
})

describe('overBudget', () => {
  it.each([
    [0, 10, 0, false],
    [1, 10, 0, true],
    [3, 10, 30, false],
    [4, 10, 30, true],
    [1, 3, 33, true],
    [10, 10, 100, false],
  ])('%i of %i hosts failed, %i%% allowed: over budget is %s', (lost, hosts, percentage, over) => {
    expect(overBudget(lost, hosts, percentage)).toBe(over)
  })
})
