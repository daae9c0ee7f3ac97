import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/load/yaml/yaml.ts'
import { insideScalar } from '../../src/text/inside-scalar.ts'

/** Looks up where the word `HERE` of the value `v` stands in the source. */
const placeOf = (source: string) => {
  const { value, locate } = parseYaml(source, 'f')
  const text = (value as { readonly v: string }).v
  const before = text.slice(0, text.indexOf('HERE'))
  const line = before.split('\n').length
  return insideScalar(
    source,
    { at: locate(['v']), value: text },
    { line, column: before.length - before.lastIndexOf('\n'), length: 4 },
  )
}

describe('the position of a word inside a scalar', () => {
  it.each([
    ['plain', 'v: a {b} HERE c\n'],
    ['double quotes', 'v: "a HERE c"\n'],
    ['double quotes with escapes', String.raw`v: "a\n\"\x41\u00e9\\ HERE c"` + '\n'],
    ['single quotes', "v: 'it''s HERE'\n"],
    ['a literal block', 'v: |\n    one\n    two HERE\n    three\n'],
    ['a literal block with deeper lines', 'v: |-\n  one\n    deeper\n\n  two HERE\n'],
    ['a folded block', 'v: >\n  one\n  two HERE\n  three\n'],
    ['plain over lines', 'v: one\n  two HERE\n'],
    ['double quotes over lines', 'v: "one\n  two \\\n   joined HERE"\n'],
    ['Windows lines', 'v: |\r\n  one\r\n  two HERE\r\n'],
    ['in a list of flow', 'v: "x"\nw: [1]\n'.replace('"x"', '"é HERE"')],
  ])('%s', (_, source) => {
    const at = placeOf(source)
    const offset = source.indexOf('HERE')
    const before = source.slice(0, offset)
    expect(at).toMatchObject({
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
      length: 4,
    })
  })

  it('the position is that of the whole scalar when the source does not spell the value', () => {
    const at = { file: 'f', line: 1, column: 1, length: 3 }
    expect(insideScalar('abc', { at, value: 'other text' }, { line: 1, column: 7 })).toEqual(at)
    expect(insideScalar('abc', { at, value: 'abc' }, { line: 4, column: 1 })).toEqual(at)
  })
})
