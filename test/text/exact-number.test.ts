import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/load/yaml/yaml.ts'
import { jsonText } from '../../src/model/json-text.ts'
import { readJson } from '../../src/model/read-json.ts'
import { BigInteger, Float, plainNumbers } from '../../src/text/exact-number.ts'

const big = (digits: string) => new BigInteger(BigInt(digits))

describe('numbers of YAML and JSON keep their value', () => {
  it.each<[string, unknown]>([
    ['1', 1],
    ['1.0', new Float(1)],
    ['-2.0', new Float(-2)],
    ['1.5', 1.5],
    ['1e3', new Float(1000)],
    ['1.5e+300', new Float(1.5e300)],
    ['9007199254740991', 9007199254740991],
    ['9007199254740993', big('9007199254740993')],
    ['-9007199254740993', big('-9007199254740993')],
    ['12345678901234567890', big('12345678901234567890')],
    ['123456789012345678901234567890', big('123456789012345678901234567890')],
    ['[1.0, {"a": 2.0}]', [new Float(1), { a: new Float(2) }]],
    ['{"1.0": "1.0", "b": "\\" 2.0 12345678901234567890"}', { '1.0': '1.0', b: '" 2.0 12345678901234567890' }],
    ['{"__proto__": 1.0}', Object.fromEntries([['__proto__', new Float(1)]])],
  ])('%s', (text, value) => {
    expect(readJson(text)).toEqual(value)
    expect(parseYaml(text, 'f').value).toEqual(value)
  })

  it('an exact number is written as it was read', () => {
    const text = '{"a":1.0,"b":[12345678901234567890,1e+16,-0.0],"c":{"d":2.5,"e":null},"f":[],"g":{}}'
    expect(jsonText(readJson(text))).toBe(text)
    expect(jsonText(readJson('{"a":[1.0,{"b":[]}],"c":2}'), 2)).toBe(
      '{\n  "a": [\n    1.0,\n    {\n      "b": []\n    }\n  ],\n  "c": 2\n}',
    )
  })

  it.each(['1'.repeat(4301), `[${'9'.repeat(5000)}]`])(
    'JSON refuses an integer of more digits than Python reads',
    text => {
      expect(() => readJson(text)).toThrow(/digits is too long/)
    },
  )

  it('YAML keeps the text of a large integer', () => {
    expect(parseYaml(`a: ${'1'.repeat(4301)}`, 'f').value).toEqual({ a: '1'.repeat(4301) })
  })

  it('an exact number may be the key of a map', () => {
    expect(parseYaml('1.0: a\n12345678901234567890: b\n', 'f').value).toEqual({
      '1.0': 'a',
      '12345678901234567890': 'b',
    })
  })

  it('a schema sees an exact number as a plain number and leaves other values untouched', () => {
    const rest = { list: [1, 'a'] }
    expect(plainNumbers({ a: new Float(1), rest })).toEqual({ a: 1, rest })
    expect(plainNumbers(rest)).toBe(rest)
  })

  it('a value that is nested too deeply is an error and does not crash', () => {
    let deep: unknown = 1
    for (let i = 0; i < 100_000; i++) deep = [deep]
    expect(() => jsonText(deep)).toThrow(/levels deep/)
  })
})
