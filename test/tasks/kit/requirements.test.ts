import { describe, expect, it } from 'vitest'
import type { AnyTaskType, Plan } from '../../../src/model/task-type.ts'
import { asRequired, reportedState, withRequirements } from '../../../src/tasks/kit/requirements.ts'
import { nothing, sh } from '../../../src/text/sh.ts'
import { asNobody, isRoot, SHELLS, shellIn } from '../doing.ts'
import { look } from '../stages.ts'

const type: AnyTaskType = {
  name: 'motd',
  summary: '',
  params: { type: 'object', properties: {} },
  requires: ['root'],
  state: { type: 'object', properties: { a: { type: 'string' } } },
  probe: () => sh`fact a b`,
  plan: () => [],
}
const free: AnyTaskType = { ...type, requires: undefined }
const change: Plan = { changes: [{ what: 'x', before: null, after: null, sh: sh`:` }] }

describe('a type that requires root', () => {
  it.skipIf(!isRoot).each(SHELLS)('is told by %s whether it has it', async (_, argv) => {
    for (const [who, lacks] of [
      [[], []],
      [asNobody, ['root']],
    ] as const) {
      const shell = shellIn('/', [...who, ...argv])
      try {
        expect(await look(shell, type, {})).toEqual({ a: 'b', mlplay_lacks: lacks })
      } finally {
        await shell.close()
      }
    }
  })

  it('cannot change anything without it', () => {
    expect(asRequired(type, change, { mlplay_lacks: ['root'] })).toEqual({
      changes: [],
      problem: 'motd needs root: add become: true',
    })
    expect(asRequired(type, change, { mlplay_lacks: [] })).toBe(change)
  })

  it('needs it neither to find that all is well nor to say what is wrong', () => {
    for (const plan of [{ changes: [] }, { ...change, problem: 'no' }])
      expect(asRequired(type, plan, { mlplay_lacks: ['root'] })).toBe(plan)
  })

  it('is asked nothing where it asks nothing', () => {
    expect(withRequirements(type, nothing)).toBe(nothing)
    const probe = sh`fact a b`
    expect([withRequirements(free, probe), reportedState(free)]).toEqual([probe, free.state])
  })
})
