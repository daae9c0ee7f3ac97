import { expect } from 'vitest'
import symlink from '../../../src/tasks/files/symlink.ts'
import { planTable } from '../plan-table.ts'

const missing = { kind: 'absent', attributes: '', parent: true, writable: true, leads: true }
const params = { src: '../avail/a', dest: '/etc/on/a' }

planTable(symlink, {
  'makes a link, and can take it away': {
    params,
    state: missing,
    changes: ['link /etc/on/a to ../avail/a'],
    plan: {
      after: { kind: 'link', fits: true },
      changes: [expect.objectContaining({ before: null, undo: expect.anything() })],
    },
  },
  'points a link elsewhere, and can point it back': {
    params,
    state: { ...missing, kind: 'link', target: 'x' },
    changes: ['point /etc/on/a to ../avail/a'],
    plan: { changes: [expect.objectContaining({ before: { link: 'x' }, undo: expect.anything() })] },
  },
  'leaves a link that fits': { params, state: { ...missing, kind: 'link', fits: true } },
  'spares a file': { params, state: { ...missing, kind: 'file' }, problem: 'force: true replaces the file' },
  'replaces a file by force, for good': {
    params: { ...params, force: true },
    state: { ...missing, kind: 'file', attributes: '644 root:root 0 0 2' },
    changes: ['link /etc/on/a to ../avail/a'],
    plan: { changes: [expect.not.objectContaining({ undo: expect.anything() })] },
  },
  'spares a folder even by force': {
    params: { ...params, force: true },
    state: { ...missing, kind: 'directory' },
    problem: 'is there and no link',
  },
  'is refused where it would lead nowhere': {
    params,
    state: { ...missing, leads: false },
    problem: 'does not exist: force: true',
  },
  'leads nowhere by force': {
    params: { ...params, force: true },
    state: { ...missing, leads: false },
    changes: ['link /etc/on/a to ../avail/a'],
  },
  'leads to what an earlier step is to make': {
    params,
    state: { ...missing, leads: false },
    expected: [{ kind: 'path', name: '/etc/avail/a' }],
    changes: ['link /etc/on/a to ../avail/a'],
  },
  'is refused where its folder is missing': {
    params,
    state: { ...missing, parent: false },
    problem: 'the folder /etc/on does not exist',
  },
})
