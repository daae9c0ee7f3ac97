import { expect } from 'vitest'
import ensureDir from '../../../src/tasks/files/ensure-dir.ts'
import { planTable } from '../plan-table.ts'

const missing = { kind: 'absent', attributes: '', missing: '/srv/a', depth: 1, may: true, parent: true, writable: true }
const there = {
  kind: 'directory',
  attributes: '755 root:root 0 0 4096',
  id: '1:2',
  missing: '',
  depth: 0,
  may: true,
  parent: true,
}

planTable(ensureDir, {
  'makes one that is not there': {
    params: { path: '/srv/a', mode: '0750' },
    state: missing,
    changes: ['create directory /srv/a'],
    plan: {
      changes: [
        expect.objectContaining({
          provides: [{ kind: 'path', name: '/srv/a' }],
          after: { kind: 'directory', mode: '0750' },
        }),
      ],
    },
  },
  'leaves one that is there': { params: { path: '/srv/a/' }, state: there },
  'sets what differs, and no more': {
    params: { path: '/srv/a', mode: '0700', owner: 'root' },
    state: there,
    changes: ['set mode 0700 on /srv/a'],
    plan: { after: { attributes: '700 root:root 0 0 4096' } },
  },
  'has nothing to do with a mode in letters that holds': {
    params: { path: '/srv/a', mode: 'u=rwX,go=rX' },
    state: there,
  },
  'is refused where a file stands in the way': {
    params: { path: '/srv/a/b' },
    state: { ...missing, blocked: '/srv/a' },
    problem: '/srv/a is there and no folder',
  },
  'is refused where the account may not write': {
    params: { path: '/srv/a' },
    state: { ...missing, may: false },
    problem: 'become: true is needed',
  },
  'is refused where not even root may write': {
    params: { path: '/srv/a' },
    state: { ...missing, may: false, locked: true },
    problem: 'not even root',
  },
  'may be made in a folder that an earlier step is to make': {
    params: { path: '/srv/a' },
    state: { ...missing, may: false },
    expected: [{ kind: 'path', name: '/srv' }],
    changes: ['create directory /srv/a'],
  },
  'is not excused by a change of something else': {
    params: { path: '/srv/a' },
    state: { ...missing, may: false },
    expected: [{ kind: 'path', name: '/opt' }, { kind: 'user' }],
    problem: 'become: true is needed',
  },
  'is refused where the owner is not known': {
    params: { path: '/srv/a', owner: 'app' },
    state: { ...missing, unknown: ['user app'] },
    problem: "there is no user 'app' on this host",
  },
  'may belong to an account that an earlier step is to make': {
    params: { path: '/srv/a', owner: 'app' },
    state: { ...missing, unknown: ['user app'] },
    expected: [{ kind: 'user', name: 'app' }],
    changes: ['create directory /srv/a'],
  },
  'is refused where .. leads out of what is not there': {
    params: { path: '/srv/a/..' },
    state: { ...missing, depth: 2 },
    problem: 'name it without ..',
  },
  'gives no folder away that a link of another account leads to': {
    params: { path: '/srv/a', mode: '0700' },
    state: { ...there, kind: 'link', foreign: true },
    problem: 'name the folder itself',
  },
  'is refused where the look broke off': { params: { path: '/srv/a' }, state: {}, problem: 'could not be looked at' },
})
