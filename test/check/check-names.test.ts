import { describe, expect, it } from 'vitest'
import { checkNames } from '../../src/check/check-names.ts'
import { loadInventory } from '../../src/load/inventory/load-inventory.ts'
import { sourcePaths } from '../../src/load/playbook/find-source.ts'
import { sourcesOf } from '../../src/model/params.ts'
import type { LoadedPlaybook, Task } from '../../src/model/playbook.ts'
import { type Files, loaded, play, told } from '../load/loaded.ts'

const templatesOf =
  ({ sources, types }: LoadedPlaybook) =>
  (task: Task): readonly string[] =>
    sourcesOf(types.get(task.type)?.params ?? { type: 'object', properties: {} }).flatMap(([param, kind]) =>
      kind === 'template' ? sourcePaths(task, kind, String(task.params[param])).filter(path => sources.has(path)) : [],
    )

/** `line:column message` of each variable that nothing defines, with the first hint. */
const undefinedIn = async (files: Files, extraVars: Readonly<Record<string, unknown>> = {}) => {
  const { playbook, faults } = await loaded(files)
  expect(faults).toEqual([])
  const inventory = await loadInventory(['h,'], { cwd: '/' })
  const found = checkNames(playbook, inventory, { extraVars, templates: templatesOf(playbook) })
  const folder = playbook.file.replace(/\/p\.yml$/, '')
  return { faults: found.map(fault => told(fault, folder)), hint: found[0]?.hint }
}
const nameless = async (text: string, more: Files = {}) => (await undefinedIn({ 'p.yml': text, ...more })).faults

describe('a variable that a condition tests first may be undefined', () => {
  it.each([
    ['when of the task', '- debug: { msg: "{{ x }}" }\n  when: x is defined\n'],
    ['when with more', '- debug: { msg: "{{ x }}" }\n  when: [a | default(1) == 1, x is defined and x]\n'],
    ['when with or', '- debug: { msg: "{{ x | default(1) }}" }\n  when: x is not defined or x > 1\n'],
    ['a later condition of the list', '- debug: hi\n  when: [x is defined, x > 1]\n'],
    ['default in a condition', '- debug: { msg: "{{ x }}" }\n  when: x | default("") != ""\n'],
    ['a key of it', '- debug: { msg: "{{ x.y }}" }\n  when: x.y is defined\n'],
    [
      'vars',
      `- debug: { msg: "{{ x }}" }\n  when: "'x' in vars"\n`.replace(
        "'x' in vars",
        "x is defined or 'x' in hostvars[inventory_hostname]",
      ),
    ],
    ['the block', '- block:\n    - debug: { msg: "{{ x }}" }\n  when: x is defined\n'],
    ['a block around the block', '- block:\n    - block: [{ debug: "{{ x }}" }]\n  when: x is defined\n'],
    ['an include', '- include_tasks: t.yml\n  when: x is defined\n'],
    ['an include of a role', '- include_role: { name: r }\n  when: x is defined\n'],
    ['the loop', '- debug: { msg: "{{ item }}" }\n  loop: "{{ x }}"\n  when: x is defined\n'],
    [
      'a condition for other keywords',
      '- command: ls\n  become: true\n  become_user: "{{ x }}"\n  environment: { A: "{{ x }}" }\n  when: x is defined\n',
    ],
    ['failed_when', '- command: ls\n  register: r\n  failed_when: [x is defined, x in r.stdout]\n'],
    ['changed_when in one expression', '- command: ls\n  changed_when: x is defined and x\n'],
    ['until', '- command: ls\n  until: x is undefined or x\n'],
    ['an assert before', '- assert: { that: [x is defined, x > 1] }\n- debug: { msg: "{{ x }}" }\n'],
    ['a fail before', '- fail: { msg: give x }\n  when: x is not defined\n- debug: { msg: "{{ x }}" }\n'],
    ['an if', '- debug: { msg: "{% if x is defined %}{{ x }}{% endif %}" }\n'],
    ['an if with elif', '- debug: { msg: "{% if x is not defined %}a{% elif x %}{{ x }}{% endif %}" }\n'],
    ['an inline if', '- debug: { msg: "{{ x if x is defined else 1 }}" }\n'],
    ['an inline if the other way', '- debug: { msg: "{{ 1 if x is not defined else x }}" }\n'],
    ['and', '- debug: { msg: "{{ x is defined and x.y }}" }\n'],
    ['or', '- debug: { msg: "{{ x is undefined or x.y }}" }\n'],
    ['default', '- debug: { msg: "{{ x | default(1) }} {{ x.y.z | d(1) }}" }\n'],
    ['default with its full name', '- debug: { msg: "{{ x | ansible.builtin.default(1) }}" }\n'],
    ['default of default', '- debug: { msg: "{{ x | default(y) | default(1) }}" }\n'],
    ['a list from which the undefined are taken', `- debug: { msg: "{{ [x, 1] | select('defined') | list }}" }\n`],
    ['another name for it', '- debug: { msg: "{% set y = x %}{{ y is defined }}" }\n'],
    ['the argument of a macro', '- debug: { msg: "{% macro m(v) %}{{ v is defined }}{% endmacro %}{{ m(x) }}" }\n'],
    ['omit', '- debug: { msg: "{{ x | default(omit) }}" }\n'],
  ])('%s', async (_, tasks) => {
    const inside = '- debug: { msg: "{{ x }}" }\n'
    expect(await nameless(play(tasks), { 't.yml': inside, 'roles/r/tasks/main.yml': inside })).toEqual([])
  })

  it('the condition of a role covers its tasks, templates and defaults', async () => {
    expect(
      await nameless('- hosts: all\n  roles: [{ role: r, when: x is defined }]\n', {
        'roles/r/defaults/main.yml': 'own: "{{ x }}/etc"\n',
        'roles/r/templates/t.j2': '{{ x }} {{ own }}\n',
        'roles/r/tasks/main.yml': '- template-file: { src: t.j2, dest: /t }\n',
      }),
    ).toEqual(['roles/r/defaults/main.yml:1:10 '].map(place => `${place}nothing defines the variable 'x'`).slice(1))
  })

  it('a variable that is read only with a default may refer to undefined ones', async () => {
    expect(
      await nameless(`- hosts: all\n  vars: { r: "{{ nowhere }}" }\n  tasks: [{ debug: "{{ r | default('x') }}" }]\n`),
    ).toEqual([])
    expect(await nameless('- hosts: all\n  vars: { r: "{{ nowhere }}" }\n  tasks: [{ debug: "{{ r }}" }]\n')).toEqual([
      "2:18 nothing defines the variable 'nowhere'",
    ])
  })

  it.each([
    [
      'a condition about another',
      '- debug: { msg: "{{ x }}" }\n  when: y is defined\n',
      "3:25 nothing defines the variable 'x'",
    ],
    [
      'a condition of another task',
      '- debug: hi\n  when: x is defined\n- debug: { msg: "{{ x }}" }\n',
      "5:25 nothing defines the variable 'x'",
    ],
    [
      'a condition that comes too late',
      '- debug: hi\n  when: [x > 1, x is defined]\n',
      "4:14 nothing defines the variable 'x'",
    ],
    ['the argument of default', '- debug: { msg: "{{ 1 | default(x) }}" }\n', "3:37 nothing defines the variable 'x'"],
    [
      'after the if',
      '- debug: { msg: "{% if x is defined %}{% endif %}{{ x }}" }\n',
      "3:57 nothing defines the variable 'x'",
    ],
    [
      'a variable that leads to it',
      '- debug: { msg: "{{ y }}" }\n  vars: { y: "{{ z }}", z: "{{ x }}" }\n',
      "4:36 nothing defines the variable 'x'",
    ],
    [
      'a variable that nobody reads',
      '- debug: hi\n  vars: { y: "{{ x }}" }\n',
      "4:22 nothing defines the variable 'x'",
    ],
    ['notify', '- command: ls\n  notify: "{{ x }}"\n', "4:19 nothing defines the variable 'x'"],
  ])('%s does not make the variable optional', async (_, tasks, fault) => {
    expect(await nameless(play(tasks))).toEqual([fault])
  })
})

describe('set_fact with a templated name', () => {
  it('counts as defining every name that matches the template', async () => {
    expect(
      await nameless(play('- set_fact: { "{{ item }}_port": 1 }\n  loop: [a]\n- debug: { msg: "{{ a_port }}" }\n')),
    ).toEqual([])
    expect(
      await nameless(play('- set_fact: { "{{ item }}_port": 1 }\n  loop: [a]\n- debug: { msg: "{{ a_prt }}" }\n')),
    ).toEqual(["5:25 nothing defines the variable 'a_prt'"])
  })
  it('has the variables of its name checked', async () => {
    expect(await nameless(play('- set_fact: { "{{ y }}_port": 1 }\n'))).toEqual([
      "3:23 nothing defines the variable 'y'",
    ])
  })
})

describe('a name that begins with ansible_ must be a fact or a magic variable', () => {
  it.each([
    '{{ ansible_hostname }} {{ ansible_distribution_major_version }} {{ ansible_os_family }}',
    '{{ ansible_facts.hostname }} {{ ansible_facts["os_family"] }} {{ ansible_facts.get("x") }}',
    '{{ ansible_check_mode }} {{ ansible_play_hosts }} {{ ansible_host }} {{ ansible_connection }} {{ ansible_user }}',
    '{{ ansible_managed }} {{ ansible_failed_task.name }}',
    '{{ ansible_nosuch | default(1) }} {{ ansible_facts.nosuch is defined }} {{ ansible_nosuch if ansible_nosuch is defined }}',
  ])('%s', async text => {
    expect(await nameless(play(`- debug: { msg: '${text}' }\n`))).toEqual([])
  })

  it.each([
    ['ansible_distributon', "nothing defines the variable 'ansible_distributon', did you mean 'ansible_distribution'?"],
    ['ansible_hostnme', "nothing defines the variable 'ansible_hostnme', did you mean 'ansible_hostname'?"],
    ['ansible_chek_mode', "nothing defines the variable 'ansible_chek_mode', did you mean 'ansible_check_mode'?"],
    ['ansible_anything', "nothing defines the variable 'ansible_anything'"],
    ['ansible_facts.distributon', "there is no fact 'distributon', did you mean 'distribution'?"],
    ['ansible_facts["nosuch"]', "there is no fact 'nosuch'"],
  ])('%s', async (name, message) => {
    expect(await nameless(play(`- debug: { msg: '{{ ${name} }}' }\n`))).toEqual([`3:25 ${message}`])
  })

  it('facts are undefined in a play with gather_facts: false', async () => {
    const tasks = '  tasks: [{ debug: "{{ ansible_hostname }}" }]\n'
    const { faults, hint } = await undefinedIn({ 'p.yml': `- hosts: all\n  gather_facts: false\n${tasks}` })
    expect(faults).toEqual(["3:24 nothing defines the variable 'ansible_hostname'"])
    expect(hint).toMatch(/gather_facts: false forbids it/)
    expect(await nameless(`- hosts: all\n- hosts: all\n  gather_facts: false\n${tasks}`)).toEqual([])
    expect(await nameless(`- hosts: all\n  gather_facts: false\n  pre_tasks: [facts: ]\n${tasks}`)).toEqual([])
  })
})
