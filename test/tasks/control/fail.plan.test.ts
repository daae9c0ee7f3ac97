import fail from '../../../src/tasks/control/fail.ts'
import { planTable } from '../plan-table.ts'

planTable(fail, {
  'fails with a message': { params: { msg: 'not here' }, problem: 'not here' },
  'fails without one': { params: {}, problem: 'failed as asked' },
})
