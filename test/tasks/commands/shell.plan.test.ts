import { expect } from 'vitest'
import shell from '../../../src/tasks/commands/shell.ts'
import { planTable } from '../plan-table.ts'

planTable(shell, {
  'runs a script, called by its first line': {
    params: { cmd: 'a | b\nc\n' },
    changes: ['run a | b ...'],
    plan: { changes: [expect.objectContaining({ sh: { text: 'a | b\nc\n' } })], result: { cmd: 'a | b\nc\n' } },
  },
  'says nothing of what it provides, so it may bring anything': {
    params: { cmd: 'a' },
    changes: ['run a'],
    plan: { changes: [expect.not.objectContaining({ provides: expect.anything() })] },
  },
})
