import { expect } from 'vitest'
import lineInFile from '../../../src/tasks/files/line-in-file.ts'
import { planTable } from '../plan-table.ts'

const file = { kind: 'file', attributes: '644 root:root 0 0 2', parent: true, writable: true, content: 'a\n', size: 2 }
const params = { path: '/etc/f', line: 'b' }

planTable(lineInFile, {
  'adds a line': {
    params,
    state: file,
    changes: ['add line 2 in /etc/f'],
    plan: { after: { kind: 'file', size: 4, content: 'a\nb\n', attributes: '644 root:root 0 0 4' } },
  },
  'has nothing to do where the line is': { params: { ...params, line: 'a' }, state: file },
  'makes no file unless asked to': { params, state: { ...file, kind: 'absent' }, problem: 'create: true makes it' },
  'makes a file': {
    params: { ...params, create: true },
    state: { ...file, kind: 'absent' },
    changes: ['add line 1 in /etc/f'],
  },
  'does not know the text of a file that an earlier step is to write': {
    params,
    state: { ...file, kind: 'absent' },
    expected: [{ kind: 'path', name: '/etc/f' }],
    plan: { unknown: expect.stringContaining('once it is there') },
  },
  'is refused where the file is too big': {
    params,
    state: { ...file, content: undefined as never, sha256: 'x' },
    problem: 'too big',
  },
})
