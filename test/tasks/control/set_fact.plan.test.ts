import setFact from '../../../src/tasks/control/set_fact.ts'
import { planTable } from '../plan-table.ts'

planTable(setFact, {
  'sets its params as variables': { params: { a: 1, b: ['x'] }, plan: { facts: { a: 1, b: ['x'] } } },
})
