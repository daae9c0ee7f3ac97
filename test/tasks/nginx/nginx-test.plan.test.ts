import nginxTest from '../../../src/tasks/nginx/nginx-test.ts'
import { planTable } from '../plan-table.ts'

planTable(nginxTest, {
  'accepts what nginx accepts': {
    params: {},
    state: { there: true, code: 0, said: '' },
    plan: { result: { warnings: '' } },
  },
  'tells what nginx warns of': {
    params: {},
    state: { there: true, code: 0, said: 'old' },
    plan: { message: 'old', result: { warnings: 'old' } },
  },
  'refuses what nginx refuses, with its words': {
    params: {},
    state: { there: true, code: 1, said: 'unknown directive', root: true },
    problem: 'nginx refuses its configuration:\nunknown directive',
    plan: { result: { said: 'unknown directive' } },
  },
  'says that an account may not read all of it': {
    params: {},
    state: { there: true, code: 1, said: 'denied' },
    problem: 'become: true',
  },
  'is refused where there is no nginx': { params: {}, state: {}, problem: 'there is no nginx' },
})
