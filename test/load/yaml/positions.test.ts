import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/load/yaml/yaml.ts'

describe('positions of keys and values', () => {
  it.each([
    ['a value', 'a: 1\nb: two\n', ['b'], 'value', '2:4+3'],
    ['a key', 'a: 1\nbee: two\n', ['bee'], 'key', '2:1+3'],
    ['a quoted value, behind its quote', 'a: "x y"\n', ['a'], 'value', '1:5+3'],
    ['a block, at its first character', 'a: |\n    one\n    two\n', ['a'], 'value', '2:5+3'],
    ['a folded block', 'a:\n  b: >-\n    one\n    two\n', ['a', 'b'], 'value', '3:5+3'],
    ['in a flow map', 'a: { b: [1, 22] }\n', ['a', 'b', 1], 'value', '1:13+2'],
    ['through an alias, at the original', 'a: &x { b: 1 }\nc: *x\n', ['c', 'b'], 'value', '1:12+1'],
    ['through a merge', 'a: &x { b: 1 }\nc:\n  <<: *x\n  d: 2\n', ['c', 'b'], 'value', '1:12+1'],
    ['nothing, at its key', 'a: 1\nbee:\nc: 2\n', ['bee'], 'value', '2:1+3'],
    ['nothing in a flow map, at its key', 'a: { b: , c: 1 }\n', ['a', 'b'], 'value', '1:6+1'],
    ['nothing in a list, at its dash', 'a:\n  - x\n  -\n  - y\n', ['a', 1], 'value', '3:3+1'],
    ['the first entry of a list that is nothing', 'a:\n  -\n  -\n', ['a', 0], 'value', '2:3+1'],
    ['the second', 'a:\n  -\n  -\n', ['a', 1], 'value', '3:3+1'],
    ['the nearest that is there', 'a:\n  b: 1\n', ['a', 'nope'], 'value', '2:3+1'],
    ['on Windows lines', 'a: 1\r\nb: two\r\n', ['b'], 'value', '2:4+3'],
  ] as const)('%s', (_, source, path, what, expected) => {
    const at = parseYaml(source, 'f').locate(path, what)
    expect(`${at.line}:${at.column}+${at.length}`).toBe(expected)
  })
})
