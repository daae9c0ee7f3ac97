import { expect, it } from 'vitest'
import { renderString, type Scope } from '../../src/template/template.ts'

const scope: Scope = { get: () => undefined, has: () => false }
const runaway = "{{ ('a' * 40 ~ '!') is match('(a+)+$') }}"

it('a runaway pattern costs less time with each host of a run', () => {
  const options = {}
  const times = Array.from({ length: 30 }, () => {
    const before = process.cpuUsage()
    expect(() => renderString(runaway, scope, options)).toThrow('needs too many steps')
    return process.cpuUsage(before).user
  })
  const [first = 0] = times
  expect(times.slice(10).reduce((sum, one) => sum + one, 0)).toBeLessThan(2 * first)
  // What needs no such amount is rendered as ever.
  expect(renderString("{{ 'aab' | regex_replace('a+', 'x') }}", scope, options)).toBe('xb')
}, 60_000)
