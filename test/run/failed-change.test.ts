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
])('a failed change that did %s is reported with what is left to do', async (_, how, message) => {
  const { exit, messages, summary } = await run({ 'p.yml': play('- half:\n'), 'tasks/half.js': half(how) })
  expect({ exit, messages }).toEqual({ exit: 2, messages: [message] })
  expect(summary.hosts['localhost']).toMatchObject({ failed: 1 })
})

const asking = `export default {
  name: 'asking', summary: 'x', nature: 'query', params: { type: 'object', properties: {}, additionalProperties: false },
  state: { type: 'object', properties: { count: { type: 'integer' } } },
  plan: () => [{ what: 'ask', before: null, after: null, sh: { text: 'touch @/asked; fact count many' } }],
  answer: (_, { count }) => ({ message: String(count) }),
}
`

it('a change whose answer cannot be read counts as made, and its handler runs', async () => {
  const tasks = '- { name: ask, asking: , notify: told }\n'
  const {
    exit,
    tasks: told,
    messages,
    summary,
  } = await run({
    'p.yml': play(tasks, '- { name: told, command: "true" }\n', 'force_handlers: true'),
    'tasks/asking.js': asking,
  })
  expect(told).toEqual(['failed ask', 'changed told'])
  expect([exit, messages[0]]).toEqual([2, expect.stringContaining("it says 'many' where a number belongs (count)")])
  expect(summary.hosts['localhost']).toMatchObject({ failed: 1, changed: 1 })
})

const undoing = `export default {
  name: 'undoing', summary: 'x', params: { type: 'object', properties: {}, additionalProperties: false },
  state: { type: 'object', properties: { there: { type: 'boolean' } } },
  probe: () => ({ text: '[ -e @/there ] && fact there 1; :' }),
  plan: (_, { there }) => there ? [] : [{
    what: 'make it', before: null, after: null, sh: { text: 'touch "$PLACE/there"' }, undo: { sh: { text: 'rm "$PLACE/there"' } },
  }],
}
`

it('a change is undone with the environment it was made with', async () => {
  const { events } = await run({
    'p.yml': play(
      '- { name: make, undoing: , environment: { PLACE: "@" } }\n- { name: look, command: "false", guards: true }\n',
    ),
    'tasks/undoing.js': undoing,
  })
  expect(events.find(event => event.event === 'rollback')).toMatchObject({
    undone: ['make it'],
    not_undone: ['run false'],
  })
})
