import assert from '../../../src/tasks/control/assert.ts'
import { planTable } from '../plan-table.ts'

const that = (...holds: readonly (boolean | undefined)[]) =>
  holds.map((one, i) => ({ expression: `e${i}`, value: one ?? 'text', holds: one })) as never

planTable(assert, {
  'says nothing where all holds': { params: { that: that(true, true) } },
  'says what it was told to where all holds': {
    params: { that: that(true), success_msg: 'fine' },
    plan: { message: 'fine' },
  },
  'is quiet where that is asked for': {
    params: { that: that(true), success_msg: 'fine', quiet: true },
    plan: { message: undefined as never },
  },
  'names all that does not hold': {
    params: { that: that(true, false, false) },
    problem: 'this does not hold: e1; e2',
    plan: { result: { assertion: 'e1', evaluated_to: false } },
  },
  'says what it was told to where one does not hold': {
    params: { that: that(false), fail_msg: 'too small' },
    problem: 'too small',
  },
  'takes no text for a boolean': {
    params: { that: that(undefined) },
    problem: "it gave the text 'text', not a boolean",
  },
})
