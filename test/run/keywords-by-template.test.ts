// Keywords that are templates: of facts, which are gathered then, and of what is not there, which fails the task alone.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const keywords = ['run_once', 'ignore_errors', 'check_mode', 'become', 'any_errors_fatal', 'ignore_unreachable']
const facts = `{{ ansible_system == 'Other' }}`

it.each([...keywords.map(name => `${name}: "${facts}"`), 'timeout: "{{ 5 if ansible_system else 4 }}"'])(
  '%s asks for facts',
  async keyword => {
    const ran = await run(play(`- { name: n, command: "true", ${keyword} }\n- { name: m, debug: x }\n`))
    expect([ran.exit, ran.tasks]).toEqual([0, ['changed n', 'ok m']])
  },
)

it.each([
  'run_once: "{{ r.nope }}"',
  'check_mode: "{{ r.nope }}"',
  'timeout: "{{ r.nope }}"',
  'become: "{{ r.nope }}"',
  'delegate_to: "{{ r.nope }}"',
])('an undefined variable in %s fails the task with its position', async keyword => {
  const ran = await run(play(`- { name: n, command: "true", vars: { r: {} }, ${keyword} }\n- { name: m, debug: x }\n`))
  expect([ran.exit, ran.tasks]).toEqual([2, ['failed n']])
  expect(ran.messages[0]).toContain("'r.nope' is undefined")
  expect(ran.events.find(event => event.event === 'task')).toMatchObject({ at: { line: 3 } })
})

it('a host that cannot be reached for the facts of a meta condition is unreachable', async () => {
  const ran = await run(play('- { meta: end_host, when: ansible_system == "Linux" }\n- { name: n, debug: x }\n'), {
    answers: () => 'lost',
  })
  expect([ran.exit, ran.tasks]).toEqual([4, ['unreachable connection']])
})

describe('set_fact by templated names', () => {
  it('set_fact sets the rendered name for each item', async () => {
    const { exit, messages } = await run(
      play(
        '- set_fact: { "{{ item }}_port": "{{ 8000 + index }}", plain: 1 }\n  loop: [a, b]\n  loop_control: { index_var: index }\n- debug: { msg: "{{ a_port }} {{ b_port }} {{ plain }}" }\n',
      ),
    )
    expect([exit, messages]).toEqual([0, ['8000 8001 1']])
  })

  it('set_fact fails at the position of a name that renders to no valid name', async () => {
    const { exit, messages, events } = await run(play('- set_fact: { "{{ inventory_hostname }}-x": 1 }\n'))
    expect([exit, messages]).toEqual([
      2,
      ["'localhost-x' cannot be the name of a variable (letters, digits and _ only, no digit first)"],
    ])
    expect(events.find(event => event.event === 'task')).toMatchObject({ at: { line: 3, column: 20 } })
  })
})

it('a timeout longer than the maximum of timers does not end the task at once', async () => {
  const { tasks } = await run(play('- { name: n, command: sleep 0.1, timeout: 3000000 }\n'))
  expect(tasks).toEqual(['changed n'])
})
