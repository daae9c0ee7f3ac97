import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/model/change.ts'
import type { AnyTaskType } from '../../../src/model/task-type.ts'
import { type Applied, madeBy, verify } from '../../../src/run/task/verify.ts'
import { NOT_RUN } from '../../../src/shell/frame.ts'
import { sh } from '../../../src/text/sh.ts'

const change = (what: string): Change => ({ what, before: null, after: null, sh: sh`:` })
const output = (code: number, stdout = '', stderr = '') => ({
  code,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
})
const plain = { name: 'motd', summary: '', params: { type: 'object', properties: {} }, plan: () => [] } as AnyTaskType

const verified = (outputs: Applied['outputs'], more: Partial<Applied> = {}, type: Partial<AnyTaskType> = {}) => {
  const changes = [change('write a'), change('write b')]
  const plan = { changes }
  return verify({
    item: { type: { ...plain, ...type }, task: { at: { file: 'p', line: 1, column: 1 } } } as never,
    settled: { changes, message: undefined, result: { changed: true } },
    plan,
    outputs,
    params: {},
    before: {},
    after: {},
    answer: undefined,
    decide: () => ({ changes: [] }),
    ...more,
  })
}

describe('changes that were made', () => {
  it('have taken effect where nothing is left to do', () => {
    expect(verified([output(0, 'out\n\n'), output(0)])).toMatchObject({
      status: 'changed',
      verified: true,
      made: 2,
      result: { changed: true, rc: 0, stdout: 'out', stdout_lines: ['out'] },
    })
  })

  it('have failed where something is left to do', () => {
    expect(verified([output(0), output(0)], { decide: () => ({ changes: [change('write b')] }) })).toMatchObject({
      status: 'failed',
      message: 'the change did not take: still to do: write b',
      result: { failed: true },
    })
  })

  it('have failed where a script of theirs did, and name it', () => {
    const decide = () => ({ changes: [change('write a'), change('write b')] })
    expect(verified([output(7, '', 'no room'), output(NOT_RUN)], { decide })).toMatchObject({
      status: 'failed',
      message: 'could not write a (exit code 7)',
      made: 1,
      stderr: 'no room',
      result: { rc: 7, failed: true },
    })
  })

  it('tell what a failed script brought about all the same', () => {
    expect(verified([output(7), output(NOT_RUN)]).message).toContain('all the same, nothing is left to do')
    const decide = () => ({ changes: [change('write b')] })
    expect(verified([output(7), output(NOT_RUN)], { decide }).message).toContain('still to do: write b')
  })

  it('are judged by the type itself where it can', () => {
    const type = { verify: () => 'it is still the old one' }
    expect(verified([output(0), output(0)], {}, type).message).toBe('the change did not take: it is still the old one')
  })

  it('are not known to have taken effect where the second look failed', () => {
    expect(verified([output(0), output(0)], { after: 'no answer' })).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('no answer'),
    })
  })

  it('are taken at their word where nobody looks again', () => {
    const done = verified([output(0), output(0)], { after: undefined }, { nature: 'opaque' })
    expect([done.status, done.verified]).toEqual(['changed', undefined])
    expect(verified([output(4), output(NOT_RUN)], { after: undefined }, { nature: 'opaque' }).message).toBe(
      'exited with code 4',
    )
  })

  it('that asked are judged by the answer', () => {
    expect(verified([output(0), output(0)], { answer: { problem: 'it said no' } })).toMatchObject({
      status: 'failed',
      message: 'it said no',
      made: 2,
    })
    expect(verified([output(0), output(0)], { answer: { message: 'fine', result: { a: 1 } } })).toMatchObject({
      status: 'changed',
      result: { msg: 'fine', a: 1 },
    })
  })

  it('say where their output was cut', () => {
    expect(verified([{ ...output(0), dropped: 9 }, output(0)]).message).toContain('9 bytes')
  })
})

it('a script that never began was not made', () => {
  expect(madeBy([output(0), output(1), output(NOT_RUN)])).toBe(2)
})
