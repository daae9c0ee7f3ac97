import { expect, it } from 'vitest'
import { oracle } from './oracle.ts'

it('the oracle keeps the types of values and reports errors', async () => {
  const answers = await oracle.values([
    { expr: '{{ n }}', vars: 'n: 1.0' },
    { expr: '{{ t }}', vars: { t: '{{ 1 + 1 }}' } },
    { expr: '{{ t }}', facts: { t: '{{ 1 + 1 }}' } },
    { expr: '{{ nope }}' },
    { expr: 'x > 1', as: 'condition', vars: { x: 2 } },
    { expr: '#jinja2: lstrip_blocks: True\n  {% if true %}\nx\n  {% endif %}\n', as: 'file' },
  ])
  expect(answers.map(answer => (answer.ok ? answer.repr : 'refused'))).toEqual([
    '1.0',
    '2',
    "'{{ 1 + 1 }}'",
    'refused',
    'True',
    "'x\\n'",
  ])
}, 180_000)

it('the oracle runs playbooks and reports the result of each task', async () => {
  const site = `
- hosts: all
  gather_facts: false
  tasks:
    - { command: echo hi, register: r, notify: h }
    - { command: "false", ignore_errors: true }
    - { debug: { msg: no }, when: false }
    - { copy: { dest: "{{ playbook_dir }}/out", content: "{{ r.stdout }}" } }
  handlers:
    - { name: h, command: "true" }
`
  const [played] = await oracle.plays([
    { files: { 'site.yml': site, inv: 'localhost ansible_connection=local\n' }, inventory: 'inv', keep: ['out'] },
  ])
  expect(played?.tasks.map(task => [task.task, task.status])).toEqual([
    ['command', 'changed'],
    ['command', 'ignored'],
    ['debug', 'skipped'],
    ['copy', 'changed'],
    ['h', 'changed'],
  ])
  expect(played).toMatchObject({ exitCode: 0, kept: { out: 'hi' }, stats: { localhost: { ok: 4, changed: 4 } } })
}, 180_000)
