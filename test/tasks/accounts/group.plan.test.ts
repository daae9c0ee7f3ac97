import { expect } from 'vitest'
import group from '../../../src/tasks/accounts/group.ts'
import { planTable } from '../plan-table.ts'

const undoable = expect.objectContaining({ undo: expect.anything() })

planTable(group, {
  'makes one that is not there': {
    params: { name: 'deploy', gid: 2000 },
    state: { there: false },
    changes: ['create group deploy'],
    plan: {
      after: { there: true, gid: 2000 },
      changes: [
        expect.objectContaining({ before: null, after: { gid: 2000 }, provides: [{ kind: 'group', name: 'deploy' }] }),
      ],
    },
  },
  'leaves one with the number': { params: { name: 'deploy', gid: 2000 }, state: { there: true, gid: 2000 } },
  'leaves the number of one that is there': { params: { name: 'deploy' }, state: { there: true, gid: 7 } },
  'sets another number': {
    params: { name: 'deploy', gid: 2000 },
    state: { there: true, gid: 7 },
    changes: ['set gid of group deploy to 2000'],
    plan: {
      changes: [
        expect.objectContaining({
          before: { gid: 7 },
          after: { gid: 2000 },
          undo: { sh: { text: 'groupmod -g 7 deploy' } },
        }),
      ],
    },
  },
  'removes one, and can bring it back': {
    params: { name: 'deploy', state: 'absent' },
    state: { there: true, gid: 7, members: 'ann,bob' },
    changes: ['remove group deploy'],
    plan: { after: { there: false }, changes: [undoable] },
  },
  'gives one for a service a number of their range': {
    params: { name: 'deploy', system: true },
    state: { there: false },
    changes: ['create group deploy'],
    plan: { changes: [expect.objectContaining({ sh: { text: expect.stringContaining('groupadd -r deploy') } })] },
  },
  'has none to remove': { params: { name: 'deploy', state: 'absent' }, state: { there: false } },
  'needs root to change something': {
    params: { name: 'deploy' },
    state: { there: false, mlplay_lacks: ['root'] },
    problem: 'group needs root: add become: true',
  },
  'needs no root to find that all is well': {
    params: { name: 'deploy' },
    state: { there: true, gid: 7, mlplay_lacks: ['root'] },
  },
})
