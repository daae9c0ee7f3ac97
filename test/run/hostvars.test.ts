import { expect, it } from 'vitest'
import { play, run } from './played.ts'

const inventoryText = `a port=1 ansible_connection=local
b port=2 url="http://{{ inventory_hostname }}:{{ port }}" ansible_connection=local
`
const tasks = (...expressions: readonly string[]) =>
  `- { name: s, set_fact: { mark: "of {{ inventory_hostname }} {{ '{' ~ '{' }} 1 }}" } }\n${expressions.map(expression => `- { name: n, debug: "{{ ${expression} }}", when: inventory_hostname == 'a' }\n`).join('')}`

it.each([
  ['rendered for that host', 'hostvars.b.url', 'http://b:2'],
  ['by a name that is computed', "hostvars[groups['all'][1]].port", '2'],
  ['results are data', 'hostvars.b.mark', 'of b {{ 1 }}'],
  ["one's own", 'hostvars[inventory_hostname].port', '1'],
  ['who there is', "hostvars | list | join(' ')", 'a b'],
  ['who there is not', "'c' in hostvars or hostvars.c is defined", 'false'],
  ['what there is', "hostvars.b.nope | default('none')", 'none'],
])('%s', async (_, expression, expected) => {
  const ran = await run(play(tasks(expression), '', 'strategy: linear'), { inventoryText })
  expect([ran.exit, ran.messages.at(-1)?.toLowerCase()]).toEqual([0, expected])
})

it('facts of another host are visible once gathered, undefined if never gathered, and no host waits for ever', async () => {
  const text = play(
    '- { name: f, facts: , when: inventory_hostname == "b" }\n- { name: n, debug: "{{ hostvars.b.ansible_system }} {{ hostvars.a.ansible_system is defined }}" }\n',
    '',
    'strategy: linear\ngather_facts: false',
  )
  const ran = await run(text, { inventoryText })
  expect([ran.exit, new Set(ran.messages)]).toEqual([0, new Set(['Linux False'])])
})
