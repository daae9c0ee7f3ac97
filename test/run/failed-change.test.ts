import { expect, it } from 'vitest'
import { play, run } from './played.ts'

/** Makes two files, `a` and `b`, with one change that fails after `how`. */
const half = (how: string) => `export default {
  name: 'half', summary: 'x', params: { type: 'object', properties: {}, additionalProperties: false },
  state: { type: 'object', properties: { a: { type: 'boolean' }, b: { type: 'boolean' } } },
  probe: () => ({ text: '[ -e @/a ] && fact a 1; [ -e @/b ] && fact b 1; :' }),
  plan: (_, { a, b }) => {
    const left = [...(a ? [] : ['a']), ...(b ? [] : ['b'])]
    return left.length === 0 ? [] : [{ what: 'make ' + left.join(', '), before: null, after: null, sh: { text: ${JSON.stringify(how)} } }]
  },
}
`

it.each([
  ['everything', 'touch @/a @/b; exit 3', 'could not make a, b (exit code 3); all the same, nothing is left to do'],
  ['half of it', 'touch @/a; exit 3', 'could not make a, b (exit code 3); still to do: make b'],
  ['nothing', 'exit 3', 'could not make a, b (exit code 3)'],
])('a change that did %s and failed is told with what is left to do', async (_, how, message) => {
  const { exit, messages, summary } = await run({ 'p.yml': play('- half:\n'), 'tasks/half.js': half(how) })
  expect({ exit, messages }).toEqual({ exit: 2, messages: [message] })
  expect(summary.hosts['localhost']).toMatchObject({ failed: 1 })
})
