import { expect, it } from 'vitest'
import type { Play, Step } from '../../../src/model/playbook.ts'
import { loaded } from '../loaded.ts'

const addresses = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(step =>
    step.kind === 'block'
      ? [
          step.address,
          ...(step.validates === undefined ? [] : [step.validates.address]),
          ...[step.block, step.rescue, step.always].flatMap(addresses),
        ]
      : [step.address],
  )
const inPlay = (play: Play) => [
  play.address,
  ...[play.pre_tasks, play.tasks, play.post_tasks, play.handlers].flatMap(addresses),
]
const files = {
  'p.yml': `
- import_playbook: more/other.yml
- hosts: all
  roles: [r, { role: s }, r]
  pre_tasks:
    - debug: a
    - block: [{ debug: b }, { meta: noop }]
      rescue: [{ debug: c }]
      always: [{ debug: d }]
  tasks:
    - import_tasks: t.yml
    - include_role: { name: r }
  post_tasks: [{ import_tasks: t.yml }]
  handlers: [{ name: h, debug: h }, { import_tasks: h.yml }]
`,
  't.yml': '- debug: x\n- debug: y\n',
  'h.yml': '- { name: i, debug: i }\n',
  'more/other.yml': '- { hosts: all, tasks: [{ debug: o }] }\n- { hosts: all, tasks: [{ debug: p }] }\n',
  'roles/r/tasks/main.yml': '- debug: r\n',
  'roles/r/handlers/main.yml': '- { name: rh, debug: r }\n',
  'roles/r/meta/main.yml': 'allow_duplicates: true\n',
  'roles/s/meta/main.yml': 'dependencies: [r]\n',
  'roles/s/meta/argument_specs.yml': 'argument_specs: { main: { options: { x: { type: str } } } }\n',
  'roles/s/tasks/main.yml': '- debug: s\n',
}

it('gives each play, step and role call an address of its own, below the entry that brings it', async () => {
  const { playbook, faults } = await loaded(files)
  expect(faults).toEqual([])
  const found = playbook.plays.flatMap(inPlay)
  expect(found).toEqual([
    'p.yml/0/0',
    'p.yml/0/0/tasks/0',
    'p.yml/0/1',
    'p.yml/0/1/tasks/0',
    'p.yml/1',
    'p.yml/1/pre_tasks/0',
    'p.yml/1/pre_tasks/1',
    'p.yml/1/pre_tasks/1/block/0',
    'p.yml/1/pre_tasks/1/block/1',
    'p.yml/1/pre_tasks/1/rescue/0',
    'p.yml/1/pre_tasks/1/always/0',
    'p.yml/1/roles/0/tasks/0',
    'p.yml/1/roles/1/dependencies/0/tasks/0',
    'p.yml/1/roles/1/once',
    'p.yml/1/roles/1/validated',
    'p.yml/1/roles/1/arguments',
    'p.yml/1/roles/1/tasks/0',
    'p.yml/1/roles/2/tasks/0',
    'p.yml/1/tasks/0/0',
    'p.yml/1/tasks/0/1',
    'p.yml/1/tasks/1/tasks/0',
    'p.yml/1/post_tasks/0/0',
    'p.yml/1/post_tasks/0/1',
    'p.yml/1/roles/0/handlers/0',
    'p.yml/1/handlers/0',
    'p.yml/1/handlers/1/0',
  ])
  expect(new Set(found).size).toBe(found.length)
})

it('gives the same addresses again when the same files are read in another folder', async () => {
  const [one, two] = [await loaded(files), await loaded(files)]
  expect(one.playbook.plays.flatMap(inPlay)).toEqual(two.playbook.plays.flatMap(inPlay))
})
