import { describe, expect, it } from 'vitest'
import { contradictions, editLines, type WantedLine } from '../../../src/tasks/files/edit-lines.ts'

const usual = { state: 'present', firstmatch: false } as const
const edit = (old: string, wanted: Partial<WantedLine>) => editLines(old, { ...usual, ...wanted })

describe('a line of a file', () => {
  it.each<readonly [string, string, Partial<WantedLine>, string, readonly string[]]>([
    ['is added at the end', 'a\n', { line: 'b' }, 'a\nb\n', ['add line 2']],
    ['is added behind a last line without an end', 'a', { line: 'b' }, 'a\nb\n', ['add line 2']],
    ['is added to an empty file', '', { line: 'b' }, 'b\n', ['add line 1']],
    ['ends as the others do', 'a\r\n', { line: 'b' }, 'a\r\nb\r\n', ['add line 2']],
    ['stays where it is', 'b\na\n', { line: 'b' }, 'b\na\n', []],
    ['gets an end where it is the last and has none', 'b', { line: 'b' }, 'b\n', ['replace line 1']],
    ['replaces the last that matches', 'x1\nx2\n', { regexp: '^x', line: 'y' }, 'x1\ny\n', ['replace line 2']],
    [
      'replaces the first with firstmatch',
      'x1\nx2\n',
      { regexp: '^x', line: 'y', firstmatch: true },
      'y\nx2\n',
      ['replace line 1'],
    ],
    ['replaces the one with a text', 'a.b\na+b\n', { search_string: 'a.b', line: 'y' }, 'y\na+b\n', ['replace line 1']],
    ['is not added a second time where nothing matches', 'y\na\n', { regexp: '^x', line: 'y' }, 'y\na\n', []],
    ['is added where nothing matches', 'a\n', { regexp: '^x', line: 'y' }, 'a\ny\n', ['add line 2']],
    [
      'takes groups of the match',
      'a=1\n',
      { regexp: '(a)=(.)', line: '\\2=\\1', backrefs: true },
      '1=a\n',
      ['replace line 1'],
    ],
    [
      'takes named groups of the match',
      'a=1\n',
      { regexp: '(?P<n>a)=', line: '\\g<n>', backrefs: true },
      'a\n',
      ['replace line 1'],
    ],
    ['keeps a backslash without backrefs', 'a\n', { regexp: 'a', line: '\\1' }, '\\1\n', ['replace line 1']],
    [
      'is not added with backrefs where nothing matches',
      'b\n',
      { regexp: 'a', line: '\\1', backrefs: true },
      'b\n',
      [],
    ],
    [
      'goes behind the last that matches',
      'x\na\nx\nb\n',
      { insertafter: '^x', line: 'n' },
      'x\na\nx\nn\nb\n',
      ['add line 4'],
    ],
    [
      'goes behind the first with firstmatch',
      'x\na\nx\n',
      { insertafter: '^x', line: 'n', firstmatch: true },
      'x\nn\na\nx\n',
      ['add line 2'],
    ],
    ['goes behind a last line without an end', 'a\nx', { insertafter: '^x', line: 'n' }, 'a\nx\nn\n', ['add line 3']],
    [
      'goes before the last that matches',
      'x\na\nx\n',
      { insertbefore: '^x', line: 'n' },
      'x\na\nn\nx\n',
      ['add line 3'],
    ],
    ['goes to the beginning', 'a\n', { insertbefore: 'BOF', line: 'n' }, 'n\na\n', ['add line 1']],
    ['goes to the end where no place matches', 'a\n', { insertbefore: '^x', line: 'n' }, 'a\nn\n', ['add line 2']],
    ['goes to the end', 'a\nb\n', { insertafter: 'EOF', line: 'n' }, 'a\nb\nn\n', ['add line 3']],
    ['goes away, however often it is there', 'a\nb\na\n', { line: 'a', state: 'absent' }, 'b\n', ['remove 2 lines']],
    ['goes away where it matches', 'a1\nb\n', { regexp: '^a', state: 'absent' }, 'b\n', ['remove a line']],
    ['need not go where it is not', 'b\n', { line: 'a', state: 'absent' }, 'b\n', []],
  ])('%s', (_, old, wanted, text, did) => {
    expect(edit(old, wanted)).toEqual({ text, did })
  })

  it('is not looked for with a pattern that is none, or takes for ever', () => {
    expect(edit('a\n', { regexp: '(', line: 'x' })).toMatchObject({
      problem: expect.stringContaining('of the pattern'),
    })
    expect(edit(`${'a'.repeat(200)}\n`, { regexp: '^(a|aa)+[bc]$', line: 'x' })).toMatchObject({
      problem: expect.stringContaining('too many steps'),
    })
  })
})

describe('params that contradict each other are told before a host is touched', () => {
  it.each([
    [{ line: 'x', insertafter: 'a', insertbefore: 'b' }, 'exclude'],
    [{ line: 'x', regexp: 'a', search_string: 'b' }, 'exclude'],
    [{ line: 'x', backrefs: true }, 'regexp'],
    [{ regexp: 'a' }, 'line'],
  ])('%j', (written, told) => {
    expect(contradictions(written).map(({ message }) => message)).toEqual([expect.stringContaining(told)])
  })

  it('others are not', () => {
    expect(contradictions({ line: 'x', regexp: 'a', backrefs: true, insertafter: 'b' })).toEqual([])
    expect(contradictions({ regexp: 'a', state: 'absent' })).toEqual([])
  })
})
