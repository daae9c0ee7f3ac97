import { describe, expect, it } from 'vitest'
import { cut, pad, textWidth } from '../../src/report/text-width.ts'

describe('text-width', () => {
  it.each([
    ['web1', 4],
    ['', 0],
    ['é', 1],
    ['e\u0301', 1],
    ['服务器', 6],
    ['ｗｅｂ', 6],
    ['한글', 4],
    ['a😀b', 4],
    ['…', 1],
  ])('%s', (text, width) => expect(textWidth(text)).toBe(width))

  it.each([
    ['web1', 4, 'web1'],
    ['web12', 4, 'web…'],
    ['服务器', 6, '服务器'],
    ['服务器', 5, '服务…'],
    ['服务器', 4, '服…'],
    ['服务器', 1, '…'],
    ['web', 0, ''],
    ['a😀b', 3, 'a…'],
  ])('%s is cut to %d columns', (text, width, kept) => {
    expect(cut(text, width)).toBe(kept)
    expect(textWidth(kept)).toBeLessThanOrEqual(width)
  })

  it('fills by columns', () => expect(pad('服', 4)).toBe('服  '))
})
