import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { splitShellWords } from '../../src/text/split-shell-words.ts'

describe('words', () => {
  it.each([
    ['ls -l /tmp', ['ls', '-l', '/tmp']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`it\\'s' one'`, ["it's one"]],
    [`"a\\"b" '\\' "\\n"`, ['a"b', '\\', '\\n']],
    ["'' a", ['', 'a']],
    ['  ', []],
  ])('%s', (command, expected) => expect(splitShellWords(command)).toEqual(expected))

  it.each(["'", 'a "b', 'x \\'])('an open quote: %s', command => expect(splitShellWords(command)).toBeUndefined())

  it('words are split as the shell does without expansion', () => {
    for (const command of [`a "b 'c' d" 'e "f" g' h\\'i`, 'x\\\\y "z\\\\w"', `"" ' ' a''b`])
      expect(splitShellWords(command)).toEqual(
        execFileSync('/bin/sh', ['-c', `for w in ${command}; do printf '%s\\0' "$w"; done`])
          .toString()
          .split('\0')
          .slice(0, -1),
      )
  })
})
