import { describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/load/yaml/yaml.ts'
import type { Fault } from '../../../src/model/fault.ts'

const faultOf = (source: string): Fault | undefined => {
  try {
    parseYaml(source, 'f')
    return undefined
  } catch (error) {
    return error as Fault
  }
}

describe('invalid YAML is an error with its position and a hint', () => {
  it.each([
    ['a tab', 'a:\n\tb: 1\n', '2:1 a tab cannot indent YAML', 'indent with spaces'],
    ['a tab after spaces', 'a:\n  b: 1\n  \tc: 2\n', '3:3 a tab cannot indent YAML', 'indent with spaces'],
    ['a quote that stays open', 'a: "x\nb: 1\n', '1:4 this quoted text has no end', 'close the quote'],
    ['a quote that stays open at the end', "- 'x\n", '1:3 this quoted text has no end', 'close the quote'],
    ['braces', 'a: {{ x }}\n', '1:4 a value that starts with {{ must be quoted', 'write "{{ x }}"'],
    ['braces and more', 'a: {{ x }}/y\n', '1:4 a value that starts with {{ must be quoted', 'write "{{ x }}/y"'],
    [
      'braces in a comparison',
      '- when: {{ x }} == 2\n',
      '1:9 a value that starts with {{ must be quoted',
      'write "{{ x }}"',
    ],
    ['braces in a map', 'a: { b: {{ x }} }\n', '1:9 a value that starts with {{ must be quoted', 'write "{{ x }}"'],
    ['braces in a list', 'a:\n  - {{ x }}\n', '2:5 a value that starts with {{ must be quoted', 'write "{{ x }}"'],
    [
      'the right braces of several',
      'a: "{{ x }}"\nb: {{ y }}\n',
      '2:4 a value that starts with {{ must be quoted',
      'write "{{ y }}"',
    ],
    [
      'quotes in quotes',
      'a: "x {{ y["z"] }}"\n',
      '1:12 double quotes inside of double quotes end the text',
      `use single quotes inside of {{ }}, as in "{{ x['y'] }}"`,
    ],
    [
      'a colon in a text',
      'a:\n  - name: note: this\n',
      "2:15 a text that holds ': ' must be quoted",
      'write "note: this"',
    ],
    ['a percent', 'a: %x\n', '1:4 a text that starts with % must be quoted', 'write "%x"'],
    ['an at', '- @x\n', '1:3 a text that starts with @ must be quoted', 'write "@x"'],
    ['a star', 'hosts: *\n', '1:8 a text that starts with * must be quoted', 'write "*"'],
    [
      'a line that does not fit',
      'a: 1\n b: 2\n',
      expect.stringContaining('this line does not fit the ones above it'),
      'entries of one list or map start in the same column',
    ],
    [
      'a key twice',
      'a: 1\nbc: 2\na: 3\n',
      "3:1 the key 'a' stands here twice",
      'keep one of them: the other would be lost',
    ],
    [
      'a tag',
      'a: !foo x\n',
      '1:4 the tag !foo is not known',
      'only plain YAML is read; a text that starts with ! needs quotes',
    ],
    [
      'a vault',
      'a: !vault |\n  x\n',
      '1:4 the tag !vault is not known',
      expect.stringContaining('ansible-vault is not supported'),
    ],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      '2:1 one document is expected, here a second one begins',
      'keep one --- in a file',
    ],
    [
      'two documents after a first mark',
      '# c\n---\na: 1\n---\nb: 2\n',
      '4:1 one document is expected, here a second one begins',
      'keep one --- in a file',
    ],
    ['a list for a key', '? [a]\n: 1\n', expect.stringContaining('a map or list cannot be a key'), expect.any(String)],
    ['zero bytes', 'a: \0', expect.stringContaining('this is not a text file'), 'is it the right file?'],
    [
      'too deep',
      `${'['.repeat(200)}${']'.repeat(200)}`,
      expect.stringContaining('nested more than 100 levels deep'),
      undefined,
    ],
    ['an alias of itself', 'a:\n  b: &x [*x]\n', '2:9 an alias holds itself', undefined],
  ])('%s', (_, source, told, hint) => {
    const fault = faultOf(source)
    expect(`${fault?.at?.line}:${fault?.at?.column} ${fault?.message}`).toEqual(told)
    expect(fault?.hint).toEqual(hint)
    expect(fault?.frame).toContain('^')
  })

  it('YAML that only looks wrong is read', () => {
    expect(parseYaml(`a: "{{ x }}"\nb: 'it''s: {{ y["z"] }}'\nc: |\n  {{ x }}: "\n`, 'f').value).toEqual({
      a: '{{ x }}',
      b: 'it\'s: {{ y["z"] }}',
      c: '{{ x }}: "\n',
    })
  })
})
