import { expect } from 'vitest'
import systemUser from '../../../src/tasks/accounts/system-user.ts'
import { planTable } from '../plan-table.ts'

const there = { there: true, entry: 'app:x:7:7::/srv:/bin/sh', home: '/srv', shell: '/bin/sh' }

planTable(systemUser, {
  'makes one that refuses logins': {
    params: { name: 'app' },
    state: { there: false },
    changes: ['create account app'],
    plan: {
      changes: [
        expect.objectContaining({
          after: { home: '/nonexistent', shell: '/usr/sbin/nologin' },
          provides: [
            { kind: 'user', name: 'app' },
            { kind: 'group', name: 'app' },
          ],
          undo: expect.anything(),
        }),
      ],
    },
  },
  'leaves one that is as wanted': { params: { name: 'app', home: '/srv', shell: '/bin/sh' }, state: there },
  'leaves home and shell that nobody asked for': { params: { name: 'app' }, state: there },
  'sets home and shell': {
    params: { name: 'app', home: '/var', shell: '/bin/false' },
    state: there,
    changes: ['set home of account app to /var', 'set shell of account app to /bin/false'],
    plan: { after: { there: true, home: '/var', shell: '/bin/false' } },
  },
  'adds it to groups that it is not in': {
    params: { name: 'app', groups: ['adm', 'ssl'] },
    state: { ...there, member: ['adm'] },
    changes: ['add account app to ssl'],
    plan: { changes: [expect.objectContaining({ before: { groups: 'adm' }, after: { groups: 'adm, ssl' } })] },
  },
  'is refused where a group is not there': {
    params: { name: 'app', groups: ['no'] },
    state: { ...there, unknown: ['no'] },
    problem: "there is no group 'no' on this host",
  },
  'may be in a group that an earlier step is to make': {
    params: { name: 'app', groups: ['new'] },
    state: { ...there, unknown: ['new'] },
    expected: [{ kind: 'group', name: 'new' }],
    changes: ['add account app to new'],
  },
  'removes it whatever groups are wanted': {
    params: { name: 'app', state: 'absent', groups: ['no'] },
    state: { ...there, unknown: ['no'] },
    changes: ['remove account app'],
    plan: { changes: [expect.objectContaining({ before: { account: there.entry }, after: null })] },
  },
  'has none to remove': { params: { name: 'app', state: 'absent' }, state: { there: false } },
  'needs root to change something': {
    params: { name: 'app' },
    state: { there: false, mlplay_lacks: ['root'] },
    problem: 'needs root',
  },
})
