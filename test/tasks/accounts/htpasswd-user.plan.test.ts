import { expect } from 'vitest'
import htpasswdUser from '../../../src/tasks/accounts/htpasswd-user.ts'
import { planTable } from '../plan-table.ts'

const missing = { kind: 'absent', attributes: '', parent: true, writable: true }
const file = { ...missing, kind: 'file', attributes: '600 root:root 0 0 8', content: 'ann:{a}\n', size: 8 }
const params = { path: '/etc/users', name: 'ann', hash: '{SHA}new' }

planTable(htpasswdUser, {
  'makes the file, for root and a group alone': {
    params,
    state: missing,
    changes: ['add user ann in /etc/users'],
    plan: {
      after: { kind: 'file', content: 'ann:{SHA}new\n' },
      changes: [expect.objectContaining({ before: null, after: 'ann:<hash>\n' })],
    },
  },
  'sets a password and shows no hash': {
    params,
    state: file,
    changes: ['set the password of ann in /etc/users'],
    plan: { changes: [expect.objectContaining({ before: 'ann:<hash>\n', after: 'ann:<hash, new>\n' })] },
  },
  'leaves a hash that is there': {
    params: { ...params, hash: '{SHA}a' },
    state: { ...file, content: 'ann:{SHA}a\n', size: 11 },
  },
  'makes no file to remove somebody from': {
    params: { path: '/etc/users', name: 'ann', state: 'absent' },
    state: missing,
  },
  'removes those that are not listed': {
    params: { path: '/etc/users', users: [], exclusive: true },
    state: file,
    changes: ['remove user ann in /etc/users'],
  },
  'is refused a user twice': {
    params: { path: '/etc/users', users: [params, params].map(({ name, hash }) => ({ name, hash })) },
    state: missing,
    problem: "the user 'ann' is listed twice",
  },
  'is refused a user without a password': {
    params: { path: '/etc/users', name: 'ann' },
    state: missing,
    problem: 'needs a password or a hash',
  },
  'is refused a password and a hash': { params: { ...params, password: 'x' }, state: missing, problem: 'not both' },
  'is refused a password that bcrypt would cut': {
    params: { path: '/etc/users', name: 'ann', password: 'x'.repeat(73), hash_scheme: 'bcrypt' },
    state: missing,
    problem: 'longer than 72 bytes',
  },
  'is refused rounds that stand still': {
    params: { ...params, rounds: 500_001 },
    state: missing,
    problem: 'rounds from 1000 to 500000',
  },
  'is refused rounds that bcrypt does not have': {
    params: { ...params, hash_scheme: 'bcrypt', rounds: 18 },
    state: missing,
    problem: 'rounds from 4 to 17',
  },
  'is refused a file that is too big': { params, state: { ...file, content: undefined as never }, problem: 'too big' },
})
