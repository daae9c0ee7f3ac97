import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/load/yaml/yaml.ts'
import { Fault } from '../../../src/model/fault.ts'

const SIZE = 1_000_000
const filled = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length))
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')

// Processor time, not the clock's: other programs run beside a test.
const secondsOf = (action: () => void): number => {
  const before = process.cpuUsage()
  action()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

// A linear reader takes well under a second for each; a pattern that goes back and forth takes minutes.
const BOUND = 4

describe('a megabyte of YAML is read or refused with a position in linear time', () => {
  it.each<[string, string]>([
    ['comment lines before the content', `${filled('# comment\n')}a: 1\n`],
    ['a line of hashes before the content', `${filled('#')}\na: 1\n`],
    ['comment lines alone', filled('# comment\n')],
    ['empty lines', filled('\n')],
    ['blanks', filled(' ')],
    ['document marks', filled('---\n')],
    ['documents', filled('a\n---\n')],
    ['a second document after many empty lines', `a: 1\n---${filled('\n')}b: 1\n---\nc: 1\n`],
    ['keys', lines(60_000, i => `key${i}: value`)],
    ['keys that are there twice', filled('k: v\n')],
    ['anchors', lines(50_000, i => `k${i}: &a${i} v`)],
    ['aliases', `a: &a 1\n${lines(50_000, i => `k${i}: *a`)}`],
    ['merge keys', lines(900, i => `b${i}: &b${i} {<<: ${i === 0 ? '{}' : `*b${i - 1}`}, k${i}: 1}`)],
    ['opening brackets', filled('[')],
    ['opening braces', filled('{a: ')],
    ['dashes', filled('- ')],
    ['question marks', filled('? ')],
    ['ampersands', filled('&a ')],
    ['quotes that stay open', filled('a: "x\n')],
    ['lines in a quoted text at the margin', `a: "${filled('x\n')}"`],
    ['a quoted text of empty lines', `a: "${filled(' \n')}"`],
    ['a list of commas', `a: [${filled('1,')}]`],
    ['empty lines in a list', `a: [${filled('\n')}]`],
    ['a plain text of many lines', `a: ${filled('x\n  ')}`],
    ['blanks inside of a text', `a: x${filled(' ')}y: z\n`],
    ['colons', `a: x${filled(': ')}y: z\n`],
    ['tabs', `a:\n${filled('\t')}b`],
    ['spaces before a tab', `a:\n${filled(' ')}\tb: : c`],
    ['template braces', `a: {{${filled(' {{')}`],
    ['template braces in quotes', `a: "${filled(' {{ "')}`],
    ['dashes before template braces', `${filled('- - ')}{{ x: y`],
    ['a long tag', `a: !${filled('x')}`],
    ['digits', `a: ${filled('1')}`],
    ['zeros that end in a letter', `a: ${filled('0')}x`],
  ])('%s', (_, source) => {
    const seconds = secondsOf(() => {
      try {
        const { locate } = parseYaml(source, 'f')
        for (let i = 0; i < 60_000; i += 1) locate([`key${i}`])
      } catch (error) {
        expect(error).toBeInstanceOf(Fault)
        expect((error as Fault).at).toMatchObject({ file: 'f', line: expect.any(Number) })
      }
    })
    expect(seconds).toBeLessThan(BOUND)
  })
})

describe('lines inside brackets and quotes may be indented like their key', () => {
  it.each<[string, string, unknown]>([
    ['a double-quoted text', 'a: "x\ny"\nb: 1\n', { a: 'x y', b: 1 }],
    ['a single-quoted text', "a: 'x\ny'\nb: 1\n", { a: 'x y', b: 1 }],
    ['a text inside of a map', 'k:\n  a: "x\n  y\n  z"\nb: 1\n', { k: { a: 'x y z' }, b: 1 }],
    ['a text whose lines stand further left than its key', 'k:\n  a: "x\ny"\nb: 1\n', { k: { a: 'x y' }, b: 1 }],
    ['a text with an empty line', 'a: "x\n\ny"\nb: 1\n', { a: 'x\ny', b: 1 }],
    ['a text with an escaped line break', 'a: "x\\\ny"\nb: 1\n', { a: 'xy', b: 1 }],
    ['a list', 'a: [\n  1\n]\nb: 2\n', { a: [1], b: 2 }],
    ['a list of a task', '- t:\n    a: [\n  1,\n2\n    ]\n', [{ t: { a: [1, 2] } }]],
    ['a map', 'a: {\nx: 1,\ny: [\n2\n]\n}\nb: 1\n', { a: { x: 1, y: [2] }, b: 1 }],
    ['a text in an entry of a list', '- "x\ny"\n- z\n', ['x y', 'z']],
  ])('%s', (_, source, value) => {
    expect(parseYaml(source, 'f').value).toEqual(value)
  })

  it('positions after such lines are right', () => {
    const { locate } = parseYaml('k: [\n1, two\n]\na: "x\ny"\nb:\n  c: 1\n', 'f')
    expect(locate(['k', 1])).toMatchObject({ line: 2, column: 4, length: 3 })
    expect(locate(['a'])).toMatchObject({ line: 4, column: 5 })
    expect(locate(['b', 'c'])).toMatchObject({ line: 7, column: 6 })
    expect(locate(['b', 'c'], 'key')).toMatchObject({ line: 7, column: 3 })
  })

  it.each([
    ['a quote that is not closed', 'a: "x\nb: 1\n', 'this quoted text has no end', 1, 4],
    ['a document mark in a quoted text', 'a: "x\n---\n"\n', 'this quoted text has no end', 1, 4],
  ])('an unclosed %s is reported where it opens', (_, source, message, line, column) => {
    expect(() => parseYaml(source, 'f')).toThrow(
      expect.objectContaining({ message, at: expect.objectContaining({ line, column }) }),
    )
  })
})

describe('an empty file gives null', () => {
  it.each(['', '\n', '# x', '---', '---\n# x\n', '# x\n---\n', '---\n---\n', '\ufeff', '   \n\t\n'])('%j', source => {
    expect(parseYaml(source, 'f').value).toBeNull()
  })
})
