import { resolve } from 'node:path'
import templateFile from '../../../src/tasks/files/template-file.ts'
import { planTable } from '../plan-table.ts'

const src = resolve(import.meta.dirname, '../../conformance/fixtures/greeting.j2')
const missing = { kind: 'absent', attributes: '', parent: true, writable: true }

planTable(templateFile, {
  'writes what the template gives': {
    params: { src, dest: '/srv/f' },
    state: missing,
    changes: ['create /srv/f'],
    plan: { after: { kind: 'file', size: 20, content: 'hello {{ "there" }}\n' } },
  },
})
