import { expect, it } from 'vitest'
import debug from '../../../src/tasks/control/debug.ts'
import { planTable } from '../plan-table.ts'

planTable(debug, {
  'says a text': { params: { msg: 'hello' }, plan: { message: 'hello' } },
  'says something in any case': { params: {}, plan: { message: 'Hello world!' } },
  'shows a value as JSON': { params: { msg: { a: [1] } }, plan: { message: '{\n  "a": [\n    1\n  ]\n}' } },
  'shows what an expression comes to': {
    params: { var: { expression: 'a', value: 1, holds: true } as never },
    plan: { message: 'a: 1' },
  },
})

it.each([
  [0, 0, undefined],
  [2, 1, 'Verbosity threshold not met.'],
  [2, 2, undefined],
])('with verbosity %d it is skipped at %d -v: %s', (verbosity, given, reason) => {
  expect(debug.skips?.({ verbosity }, given)).toBe(reason)
})
