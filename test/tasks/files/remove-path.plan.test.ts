import { expect } from 'vitest'
import removePath from '../../../src/tasks/files/remove-path.ts'
import { planTable } from '../plan-table.ts'

const file = { kind: 'file', attributes: '644 root:root 0 0 2', parent: true, writable: true, content: 'a\n', size: 2 }
const params = { path: '/srv/f' }

planTable(removePath, {
  'removes a file, and can put it back': {
    params,
    state: file,
    changes: ['remove /srv/f'],
    plan: {
      after: { kind: 'absent' },
      changes: [expect.objectContaining({ before: 'a\n', after: null, provides: [], undo: expect.anything() })],
    },
  },
  'removes a link, and can put it back': {
    params,
    state: { ...file, kind: 'link', target: 'x' },
    changes: ['remove /srv/f'],
    plan: { changes: [expect.objectContaining({ before: { link: 'x' }, undo: expect.anything() })] },
  },
  'removes a folder for good': {
    params,
    state: { kind: 'directory', attributes: '755 root:root 0 0 4096', parent: true, writable: true },
    changes: ['remove /srv/f'],
    plan: { changes: [expect.not.objectContaining({ undo: expect.anything() })] },
  },
  'shows nothing of a file that others may not read': {
    params,
    state: { ...file, attributes: '640 root:root 0 0 2' },
    changes: ['remove /srv/f'],
    plan: { changes: [expect.objectContaining({ private: true })] },
  },
  'has nothing to do where nothing is': { params, state: { kind: 'absent' } },
  'spares the first level': { params: { path: '/srv' }, state: file, problem: 'two levels deep' },
  'spares what .. leads to': { params: { path: '/srv/f/../g' }, state: file, problem: 'without . and ..' },
  'takes a name in a home': { params: { path: '~/f' }, state: file, changes: ['remove ~/f'] },
  'is refused where the account may not write': {
    params,
    state: { ...file, writable: false },
    problem: 'become: true',
  },
  'may write in a folder that an earlier step gives it': {
    params,
    state: { ...file, writable: false },
    expected: [{ kind: 'path', name: '/srv' }],
    changes: ['remove /srv/f'],
  },
})
