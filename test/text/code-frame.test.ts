import { describe, expect, it } from 'vitest'
import { codeFrame } from '../../src/text/code-frame.ts'

const at = (line: number, column: number, length?: number) => ({
  file: 'f',
  line,
  column,
  ...(length === undefined ? {} : { length }),
})

describe('a code frame', () => {
  it.each([
    ['the first line', 'abc\ndef', at(1, 2), '  1 | abc\n    |  ^'],
    ['the line before it too', 'abc\ndef', at(2, 1, 3), '  1 | abc\n  2 | def\n    | ^^^'],
    ['widths of numbers', `${'x\n'.repeat(9)}y`, at(10, 1), '   9 | x\n  10 | y\n     | ^'],
    ['Windows lines', 'abc\r\ndef\r\n', at(2, 4), '  1 | abc\n  2 | def\n    |    ^'],
    ['a tab is one blank wide', '\tx', at(1, 2), '  1 |  x\n    |  ^'],
    ['an empty file', '', at(1, 1), '  1 |\n    | ^'],
  ])('%s', (_, source, place, frame) => {
    expect(codeFrame(source, place)).toBe(frame)
  })

  it('a long line is cut around the position', () => {
    const source = `${'a'.repeat(1000)}HERE${'b'.repeat(1000)}`
    const [line = '', caret = ''] = codeFrame(source, at(1, 1001, 4)).split('\n')
    expect(line.length).toBeLessThan(200)
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE')
  })
})
