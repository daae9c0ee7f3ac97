import { describe, expect, it } from 'vitest'
import { compileRegex, matches } from '../../../src/text/regex/regex.ts'

const stepsOf = (pattern: string, text: string): { readonly found: readonly string[]; readonly steps: number } => {
  let steps = 0
  const spend = (more: number) => {
    steps += more
  }
  const found = [...matches(compileRegex(pattern), text, { onSteps: spend })].map(match =>
    text.slice(match.start, match.end),
  )
  return { found, steps }
}

describe('code points that every match needs are searched first', () => {
  it.each(['a.*b', '(a+)b', 'a(?:.|x)*?b', '(?:xb|yb)', 'a.*(?>b)', '(?:[^\\n]*b)+'])(
    '%s takes no steps on a long text without b',
    pattern => {
      expect(stepsOf(pattern, 'a'.repeat(50_000))).toEqual({ found: [], steps: 0 })
    },
  )

  it.each([
    ['a.*b', 'xaxbxb a', ['axbxb']],
    ['(?:ab|cb)d*', 'cbdd ab x', ['cbdd', 'ab']],
    ['a(?=.*z)', 'aaz a', ['a', 'a']],
    ['(?:b)?a', 'a', ['a']],
    ['b*a', 'aba', ['a', 'ba']],
    ['(?:b|)a', 'aa', ['a', 'a']],
    ['a(?!b)', 'ab ac', ['a']],
    ['(?i)B', 'abab', ['b', 'b']],
    ['(b)?(?(1)c|d)', 'd bc', ['d', 'bc']],
    ['a{0}c', 'c', ['c']],
    ['(?<=b)c', 'bc c', ['c']],
  ])('%s finds in %j the same with and without the optimisation', (pattern, text, expected) => {
    expect(stepsOf(pattern, text).found).toEqual(expected)
  })
})
