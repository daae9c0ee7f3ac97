import { expect } from 'vitest'
import copyFile from '../../../src/tasks/files/copy-file.ts'
import { planTable } from '../plan-table.ts'

const missing = { kind: 'absent', attributes: '', parent: true, writable: true }
const there = { kind: 'file', attributes: '640 app:app 7 7 2', parent: true, writable: true, content: 'a\n', size: 2 }
const params = { dest: '/srv/f', content: 'b\n' }

planTable(copyFile, {
  'makes a file that is not there': {
    params,
    state: missing,
    changes: ['create /srv/f'],
    plan: {
      after: { kind: 'file', size: 2, content: 'b\n' },
      changes: [expect.objectContaining({ before: null, after: 'b\n', provides: [{ kind: 'path', name: '/srv/f' }] })],
    },
  },
  'leaves a file with the same text': { params: { ...params, content: 'a\n' }, state: there },
  'writes a file that differs, and tells what else is set': {
    params: { ...params, mode: '0600' },
    state: there,
    changes: ['write /srv/f (mode 0640 → 0600)'],
    plan: { after: { kind: 'file', size: 2, content: 'b\n', attributes: '600 app:app 7 7 2' } },
  },
  'keeps owner and mode that nobody asked for': {
    params,
    state: there,
    changes: ['write /srv/f'],
    plan: {
      changes: [expect.objectContaining({ sh: { text: expect.stringContaining('chmod 00640') } })],
      after: { kind: 'file', size: 2, content: 'b\n', attributes: '640 app:app 7 7 2' },
    },
  },
  'sets only the mode of the same text': {
    params: { ...params, content: 'a\n', mode: '0644' },
    state: there,
    changes: ['set mode 0644 on /srv/f'],
  },
  'does not know the name of a number that is to own the file': {
    params: { ...params, content: 'a\n', owner: '12' },
    state: there,
    changes: ['set owner 12 on /srv/f'],
    plan: { changes: [expect.objectContaining({ before: { owner: 'app' }, after: { owner: '12' } })] },
  },
  'takes a link away': {
    params,
    state: { ...missing, kind: 'link', target: 'x' },
    changes: ['create /srv/f'],
    plan: { changes: [expect.objectContaining({ before: { link: 'x' } })] },
  },
  'is shown to nobody where it is its owner’s alone': {
    params: { ...params, mode: '0600' },
    state: missing,
    changes: ['create /srv/f'],
    plan: { changes: [expect.objectContaining({ private: true })] },
  },
  'is refused where a folder is': {
    params,
    state: { ...missing, kind: 'directory', attributes: '755 a:a 1 1 1' },
    problem: 'is a folder',
  },
  'is refused where a device is': {
    params,
    state: { ...missing, kind: 'other' },
    problem: 'neither a file nor a link',
  },
  'is refused where the folder is missing': {
    params,
    state: { kind: 'absent', attributes: '', parent: false },
    problem: '',
  },
  'goes into a folder that an earlier step is to make': {
    params,
    state: { kind: 'absent', attributes: '', parent: false },
    expected: [{ kind: 'path', name: '/srv' }],
    changes: ['create /srv/f'],
  },
  'is not excused by a change of something else': {
    params,
    state: { kind: 'absent', attributes: '', parent: false },
    expected: [{ kind: 'path', name: '/opt' }, { kind: 'user' }],
    problem: 'the folder /srv does not exist',
  },
  'is refused an owner that only somebody else is': {
    params: { ...params, owner: 'app' },
    state: { ...missing, unknown: ['user app', 'group app'] },
    expected: [
      { kind: 'user', name: 'bob' },
      { kind: 'group', name: 'app' },
    ],
    problem: "there is no user 'app' on this host",
  },
  'is refused where it cannot be read': {
    params,
    state: { ...there, content: undefined as never, unreadable: true },
    problem: 'may not read',
  },
  'is refused where it was read in part': { params, state: { ...there, size: 9 }, problem: '2 of 9 bytes' },
})
