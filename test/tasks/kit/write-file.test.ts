import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/model/change.ts'
import { sha256Of } from '../../../src/tasks/kit/sha256.ts'
import { type FoundFile, planFile, type WantedFile } from '../../../src/tasks/kit/write-file.ts'

const there = { kind: 'file', attributes: '644 root root 0 0 2', parent: true, writable: true } as const
const plan = (bytes: Uint8Array, found: FoundFile, wanted: Partial<WantedFile> = {}): readonly Change[] =>
  planFile({ dest: '/d/f', ...wanted }, found, { expected: [], bytes }).changes
const sum = (text: string) => sha256Of(Buffer.from(text))()
const big = 'x'.repeat(600_000)

describe('what a change to a file shows', () => {
  it.each([
    ['text to text', 'b\n', { ...there, content: 'a\n' }, 'a\n', 'b\n'],
    ['nothing to text', 'b\n', { kind: 'absent', parent: true, writable: true }, null, 'b\n'],
    ['a link to text', 'b\n', { kind: 'link', target: 'x', parent: true, writable: true }, { link: 'x' }, 'b\n'],
    [
      'nothing to much',
      big,
      { kind: 'absent', parent: true, writable: true },
      null,
      { size: 600_000, sha256: sum(big) },
    ],
    [
      'text to much: both sides of a kind',
      big,
      { ...there, content: 'a\n' },
      { size: 2, sha256: sum('a\n') },
      { size: 600_000, sha256: sum(big) },
    ],
    [
      'much to text',
      'b\n',
      { ...there, size: 600_000, sha256: 'abc' },
      { size: 600_000, sha256: 'abc' },
      { size: 2, sha256: sum('b\n') },
    ],
  ] as const)('%s', (_, text, found, before, after) => {
    expect(plan(Buffer.from(text), found)).toMatchObject([{ before, after, path: '/d/f' }])
  })

  it.each([
    ['0640', '0640'],
    ['g+w', '0664'],
    ['u=rwX,go=', '0600'],
  ])('mode %s of a file with 0644 is told as %s', (mode, told) => {
    const [change] = plan(Buffer.from('a\n'), { ...there, content: 'a\n' }, { mode })
    expect(change?.after).toEqual({ mode: told })
  })

  it('of bytes that stay and a mode that holds, none', () => {
    expect(plan(Buffer.from('a\n'), { ...there, content: 'a\n' }, { mode: 'u=rw,go=r' })).toEqual([])
  })
})
