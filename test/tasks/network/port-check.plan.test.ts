import portCheck from '../../../src/tasks/network/port-check.ts'
import { planTable } from '../plan-table.ts'

const params = { port: 80 }
const nginx = { owner: ['7 nginx'], where: '0100007F' }

planTable(portCheck, {
  'is content with a free port': { params, plan: { result: { listening: false, owners: [] } } },
  'is content with a program that may listen there': {
    params: { ...params, allow: ['nginx'] },
    state: nginx,
    plan: { result: { listening: true, owners: ['nginx 7'] } },
  },
  'names a program that may not': {
    params: { ...params, allow: ['apache2'] },
    state: nginx,
    problem: 'is taken by nginx (pid 7)',
  },
  'names any program where none may listen': { params, state: nginx, problem: 'is taken by nginx (pid 7)' },
  'knows a name as far as the kernel keeps it': {
    params: { ...params, allow: ['a-very-long-name-of-it'] },
    state: { owner: ['7 a-very-long-nam'] },
  },
  'cannot name a program that it may not see': {
    params: { ...params, allow: ['nginx'] },
    state: { owner: ['unknown'] },
    problem: 'a program of another account',
  },
  'is content with the loopback addresses': {
    params: { ...params, allow: ['nginx'], only_local: true },
    state: { ...nginx, where: '0100007F 00000000000000000000000001000000' },
  },
  'is not content with any other': {
    params: { ...params, allow: ['nginx'], only_local: true },
    state: { ...nginx, where: '0100007F 00000000' },
    problem: 'can be reached from outside',
  },
  'does not mind other addresses unless asked to': {
    params: { ...params, allow: ['nginx'] },
    state: { ...nginx, where: '00000000' },
  },
  'is content with any program of an account': {
    params: { ...params, accounts: ['www'] },
    state: { owner: ['unknown'], account: ['www'] },
  },
  'names the account that may not': {
    params: { ...params, accounts: ['www'] },
    state: { owner: ['7 x'], account: ['www', 'bob'] },
    problem: 'the account bob',
  },
  'wants the program too where both are given': {
    params: { ...params, accounts: ['www'], allow: ['nginx'] },
    state: { owner: ['7 x'], account: ['www'] },
    problem: 'is taken by x',
  },
  'says so where it cannot look': { params, state: { unseen: true }, problem: '/proc/net/tcp cannot be read' },
})
