import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkNames } from '../../../src/check/check-names.ts'
import { tasksOf } from '../../../src/check/check-run.ts'
import { loadInventory } from '../../../src/load/inventory/load-inventory.ts'
import { loadPlaybook } from '../../../src/load/playbook/load-playbook.ts'
import { Fault } from '../../../src/model/fault.ts'
import type { LoadedPlaybook, Task } from '../../../src/model/playbook.ts'
import { taskTypes } from '../../../src/tasks/registry.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-load-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0

const write = (files: Readonly<Record<string, string>>): string => {
  const folder = join(root, String(count++))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

const load = (folder: string, file = 'p.yml'): Promise<LoadedPlaybook> =>
  loadPlaybook(file, { cwd: folder, types: taskTypes, packageUrl: '' })

/** `line:column message` of each fault, of the playbook itself or `file:` of another. */
const faultsOf = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const folder = write(files)
  try {
    await load(folder)
    return []
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.all.map(({ at, message }) => {
      if (at === undefined) return message
      const file = at.file.slice(folder.length + 1)
      return `${file === 'p.yml' ? '' : `${file}:`}${at.line}:${at.column} ${message}`.replaceAll(`${folder}/`, '')
    })
  }
}

const play = (tasks: string) => `- hosts: all\n  tasks:\n${tasks.replace(/^(?=.)/gm, '    ')}`

describe('an error in a playbook is reported with its position', () => {
  it.each([
    ['an unknown key of a play', '- hosts: all\n  taks: []\n', ["2:3 a play has no 'taks', did you mean 'tasks'?"]],
    ['no hosts', '- tasks: []\n', ["1:3 a play needs 'hosts'"]],
    ['no list', 'hosts: all\n', ['1:1 a playbook is a list of plays']],
    ['nothing at all', '', ['1:1 this file is empty: a playbook is a list of plays']],
    ['a misspelt task', play('- ensure-dri: /x\n'), ["3:7 unknown task 'ensure-dri', did you mean 'ensure-dir'?"]],
    ["a task by Ansible's name", play('- apt: { name: x }\n'), ["3:7 unknown task 'apt'"]],
    ['two types', play('- debug: a\n  fail: b\n'), ["4:7 a task has one type, this has 'debug' and 'fail'"]],
    ['no type', play('- name: nothing\n'), ['3:7 this task does nothing: it has no type']],
    ['a missing param', play('- symlink: { src: /a }\n'), ["3:16 symlink needs 'dest'"]],
    [
      'an unknown param',
      play('- symlink: { src: /a, dest: /b, fource: true }\n'),
      ["3:37 symlink has no 'fource', did you mean 'force'?"],
    ],
    [
      'a wrong type',
      play('- wait-for: { port: many }\n'),
      ["3:25 'port' of wait-for takes a whole number, this is the text 'many'"],
    ],
    [
      'a wrong word',
      play('- service: { name: x, state: startd }\n'),
      ["3:34 'state' of service cannot be the text 'startd', did you mean 'started'?"],
    ],
    [
      'yes for true',
      '- hosts: all\n  become: yes\n',
      ["2:11 'become' of a play takes true or false, this is the text 'yes'"],
    ],
    [
      'a number that is none',
      play('- debug: a\n  retries: many\n'),
      ["4:16 'retries' of a task takes a whole number, this is the text 'many'"],
    ],
    [
      'a share that is none',
      '- hosts: all\n  serial: abc\n',
      ["2:11 'serial' of a play takes a number, a percentage or a list of them, this is the text 'abc'"],
    ],
    [
      'nothing where a text belongs',
      play('- ensure-dir: { path: }\n'),
      ["3:21 'path' of ensure-dir takes a text, this is nothing"],
    ],
    ['an empty entry', play('- debug: a\n-\n- debug: b\n'), ['4:5 a task is a map']],
    ['tasks that are a map', '- hosts: all\n  tasks:\n    debug: x\n', ['3:5 a list of tasks is expected here']],
    ['tasks that are a text', play('- debug\n'), ['3:7 a task is a map']],
    ['no tasks at all are fine', '- hosts: all\n  tasks:\n', []],
    [
      'roles that are a text',
      '- hosts: all\n  roles: nginxx\n',
      ['2:10 a list of roles is expected here', "2:10 there is no role 'nginxx'"],
    ],
    [
      'a role by a misspelt key',
      '- hosts: all\n  roles: [{ roel: x }]\n',
      ["2:13 a role has no 'roel', did you mean 'role'?"],
    ],
    [
      'one too many of two',
      play('- copy-file: { src: /etc/passwd, content: a, dest: /x }\n'),
      ["3:18 copy-file takes 'src' or 'content', not both"],
    ],
    ['none of two', play('- copy-file: { dest: /x }\n'), ["3:18 copy-file needs 'src' or 'content'"]],
    [
      'an empty password',
      play('- htpasswd-user: { path: /x, name: a, password: "" }\n'),
      ["3:54 'password' of htpasswd-user is empty"],
    ],
    [
      'params in one text',
      play('- ensure-dir: path=/x mode=0755\n'),
      ["3:19 'path=' stands inside of a text: ensure-dir would not read it"],
    ],
    [
      'a guard in one text',
      play('- command: touch /x creates=/x\n'),
      ["3:16 'creates=' stands inside of a text: command would not read it"],
    ],
    ['an = in a text is fine', play('- debug: "say var=1"\n- command: dd if=/a of=/b\n'), []],
    ['an expression that stops', play('- assert: { that: "1 +" }\n'), ['3:26 something is missing at the end']],
    [
      'a place inside of a text',
      play('- debug: |\n    one\n    two {{ a | uper }}\n'),
      ["5:20 there is no filter 'uper', did you mean 'upper'?"],
    ],
    ['a fact by a bad name', play('- set_fact: { a-b: 1 }\n'), ["3:19 'a-b' cannot be the name of a variable"]],
    ['a folder for a file', play('- copy-file: { src: ., dest: /x }\n'), ["3:25 '.' is a folder, not a file"]],
    [
      'a mode that YAML made a number',
      play('- ensure-dir: { path: /x, mode: 420 }\n'),
      ["3:37 'mode' of ensure-dir takes a text, this is 420"],
    ],
    [
      'a mode that is none',
      play('- ensure-dir: { path: /x, mode: rwx }\n'),
      ["3:37 'mode' of ensure-dir cannot be the text 'rwx'"],
    ],
    ['a relative path', play('- ensure-dir: x/y\n'), ["3:19 'path' of ensure-dir cannot be the text 'x/y'"]],
    ['a missing template', play('- template-file: { src: no.j2, dest: /x }\n'), ["3:29 there is no file 'no.j2'"]],
    [
      'a template that does not parse',
      play('- debug: "{{ a b }}"\n'),
      ['3:20 the expression should end here: an operator or }} is missing'],
    ],
    [
      'a filter that does not exist',
      play('- debug: "{{ a | uper }}"\n'),
      ["3:22 there is no filter 'uper', did you mean 'upper'?"],
    ],
    [
      'braces inside of a condition',
      play('- debug: a\n  when: "{{ x }} == 1"\n'),
      ['4:14 take the {{ }} away: this is an expression already, names stand in it as they are'],
    ],
    [
      'an unknown handler',
      play('- debug: a\n  notify: restrt\n') + '  handlers:\n    - name: restart\n      debug: b\n',
      ["4:15 there is no handler 'restrt', did you mean 'restart'?"],
    ],
    [
      'two handlers of one name',
      '- hosts: all\n  handlers:\n    - { name: a, debug: x }\n    - { name: a, debug: y }\n',
      ["4:15 there are two handlers 'a'"],
    ],
    ['an unknown role', '- hosts: all\n  roles: [nginxx]\n', ["2:11 there is no role 'nginxx'"]],
    ['a duplicate key', '- hosts: all\n  hosts: web\n', ["2:3 the key 'hosts' stands here twice"]],
    ['braces without quotes', play('- debug: {{ x }}\n'), ['3:14 a value that starts with {{ must be quoted']],
    ['an alias of itself', '- &a [*a]\n', ['1:6 an alias holds itself']],
    ['a bad variable name', '- hosts: all\n  vars: { a-b: 1 }\n', ["2:11 'a-b' cannot be the name of a variable"]],
    [
      'meta of no kind',
      play('- meta: flush_handler\n'),
      ["3:13 meta has no 'flush_handler', did you mean 'flush_handlers'?"],
    ],
    ['an import of nothing', play('- import_tasks: gone.yml\n'), ["3:21 there is no file 'gone.yml'"]],
    [
      'a loop over an import',
      play('- import_tasks: x.yml\n  loop: [1]\n'),
      ['4:7 import_tasks cannot loop: it is read before the run'],
    ],
  ])('%s', async (_, text, faults) => {
    expect(await faultsOf({ 'p.yml': text })).toEqual(faults)
  })

  it('the errors of all files are reported at once', async () => {
    const faults = await faultsOf({
      'p.yml':
        '- hosts: all\n  roles: [r]\n  tasks:\n    - import_tasks: more.yml\n    - debug: "{{ x | nofilter }}"\n',
      'more.yml': '- debg: x\n',
      'roles/r/tasks/main.yml': '- template-file: { src: t.j2, dest: /x }\n- symlink: { src: /a }\n',
      'roles/r/templates/t.j2': 'line one\n{% if x %}\n',
      'roles/r/defaults/main.yml': '- not a map\n',
    })
    expect(faults).toHaveLength(5)
    expect(faults.join('\n')).toMatch(/roles\/r\/defaults\/main\.yml:1:1 a map of variables is expected here/)
    expect(faults.join('\n')).toMatch(/roles\/r\/templates\/t\.j2:\d+:\d+ /)
    expect(faults.join('\n')).toMatch(/more\.yml:1:3 unknown task 'debg', did you mean 'debug'\?/)
  })

  it('errors are sorted by position', async () => {
    const faults = await faultsOf({
      'p.yml':
        '- hosts: all\n  vars_files: [gone.yml]\n  tasks:\n    - debg: x\n    - debug: x\n      notify: gone\n    - debug: { wrong: 1 }\n',
    })
    expect(faults.map(fault => fault.split(' ')[0])).toEqual(['2:16', '4:7', '6:15', '7:16'])
  })

  it.each([
    ['with_items: [1]', 'write loop:'],
    ['with_filetree: [1]', 'write loop: with a list'],
    ['args: { chdir: /x }', 'put them beside the command: shell: { cmd: ..., chdir: ... }'],
  ])("Ansible's keyword %s gets a hint for mlplay", async (line, hint) => {
    const folder = write({ 'p.yml': play(`- debug: x\n  ${line}\n`) })
    await expect(load(folder)).rejects.toMatchObject({ hint })
  })

  it.each([
    ['lineinfile', 'here it is called line-in-file'],
    ['blockinfile', 'there is no such task type; write the whole file: template-file or copy-file'],
    ['community.general.htpasswd', 'here it is called htpasswd-user'],
    ['local_action', 'write the task type as the key, with delegate_to: localhost'],
    ['constructor', 'mlplay doc lists the task types'],
  ])("Ansible's module %s gets a hint for mlplay", async (type, hint) => {
    await expect(load(write({ 'p.yml': play(`- ${type}: {}\n`) }))).rejects.toMatchObject({ hint })
  })

  it.each([
    ['restarted', 'service-restart: { name: NAME }`'],
    ['reloaded', 'service-restart: { name: NAME, mode: reload }`'],
  ])('the service state %s gets a hint for mlplay', async (state, hint) => {
    const folder = write({ 'p.yml': play(`- service: { name: nginx, state: ${state} }\n`) })
    await expect(load(folder)).rejects.toMatchObject({
      message: `'state' of service cannot be the text '${state}'`,
      hint: expect.stringContaining(hint),
    })
  })

  it.each([
    ['wait-for: { port: 80, contains: x }', "'contains' of wait-for has no effect without 'path'"],
    ['wait-for: { path: /x, host: web }', "'host' of wait-for has no effect without 'port'"],
    ['http-check: { url: "http://h/", password: x }', "'password' of http-check has no effect without 'user'"],
  ])('a param without effect is an error: %s', async (task, message) => {
    await expect(load(write({ 'p.yml': play(`- ${task}\n`) }))).rejects.toMatchObject({ message })
  })

  it('a param that only Ansible has is an error with a hint', async () => {
    const folder = write({ 'p.yml': play('- apt-install: { name: x, update_cache: true }\n') })
    await expect(load(folder)).rejects.toMatchObject({ hint: expect.stringContaining('cache_valid_time') })
  })

  it.each([
    ['{% include "x" %}', '1:4 {% include %} is not there yet: put the text itself here'],
    ['a\n{% from "x" import y %}', '2:4 {% from %} is not supported'],
    ['{% import "x" as y %}', '1:4 {% import %} is not supported'],
    ['{% extends "x" %}', '1:4 {% extends %} is not supported'],
  ])('a template with %j is an error', async (text, fault) => {
    expect(await faultsOf({ 'p.yml': play('- template-file: { src: t.j2, dest: /x }\n'), 't.j2': text })).toEqual([
      `t.j2:${fault}`,
    ])
  })

  it('a folder instead of a playbook is an error', async () => {
    const folder = write({ 'd/a.yml': '', 'd/b.txt': '' })
    await expect(load(folder, 'd')).rejects.toMatchObject({
      message: "'d' is a folder, a playbook is a file",
      hint: 'it holds a.yml',
    })
  })

  it('a file that imports itself is an error', async () => {
    expect(await faultsOf({ 'p.yml': play('- import_tasks: a.yml\n'), 'a.yml': '- import_tasks: a.yml\n' })).toEqual([
      "a.yml:1:17 'a.yml' imports itself",
    ])
  })

  it('YAML that is nested too deeply, too big or has too many aliases is an error', async () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    expect(await faultsOf({ 'p.yml': deep })).toHaveLength(1)
    const bomb = [
      'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
      ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(',')}]`),
    ].join('\n')
    expect(await faultsOf({ 'p.yml': bomb })).toEqual([expect.stringMatching(/too many aliases|more than/)])
    expect(await faultsOf({ 'p.yml': `# ${'x'.repeat(9_000_000)}` })).toEqual([expect.stringContaining('larger than')])
  })
})

describe('a playbook that is read', () => {
  const tasks = (playbook: LoadedPlaybook): readonly Task[] => playbook.plays.flatMap(tasksOf)

  it('inherits keywords from play, block and import', async () => {
    const folder = write({
      'p.yml': `- hosts: all
  tags: [a]
  environment: { A: 1 }
  tasks:
    - when: x
      tags: b
      vars: { v: 1, w: 1 }
      block:
        - debug: one
          when: [y, z]
          vars: { w: 2 }
          tags: [c]
    - import_tasks: more.yml
      when: q
      become: true
`,
      'more.yml': '- debug: two\n  become_user: www-data\n',
    })
    const [one, two] = tasks(await load(folder))
    expect(one?.inherited).toMatchObject({ tags: ['a', 'b', 'c'], vars: { v: 1, w: 2 }, environment: [{ A: 1 }] })
    expect(one?.inherited.when.map(({ expression }) => expression)).toEqual(['x', 'y', 'z'])
    expect(two?.inherited).toMatchObject({ become: true, become_user: 'www-data' })
    expect(two?.inherited.when.map(({ expression }) => expression)).toEqual(['q'])
  })

  it('contains roles with their dependencies, and their handlers first', async () => {
    const folder = write({
      'p.yml':
        '- hosts: all\n  roles:\n    - b\n    - role: c\n      vars: { x: 1 }\n  tasks:\n    - debug: own\n      notify: [hb, hp]\n  handlers:\n    - { name: hp, debug: x }\n',
      'roles/a/tasks/main.yml': '- debug: a\n',
      'roles/a/defaults/main.yml': 'da: 1\n',
      'roles/b/meta/main.yml': 'dependencies: [a]\n',
      'roles/b/tasks/main.yml': '- debug: b\n',
      'roles/b/handlers/main.yml': '- { name: hb, debug: x }\n',
      'roles/c/meta/main.yml': 'dependencies: [{ role: a }]\n',
      'roles/c/tasks/main.yml': '- debug: c\n',
    })
    const playbook = await load(folder)
    expect(tasks(playbook).map(task => task.params['msg'])).toEqual(['a', 'b', 'a', 'c', 'own'])
    expect(playbook.plays[0]?.handlers.map(handler => handler.name)).toEqual(['hb', 'hp'])
    expect(playbook.plays[0]?.roles.find(role => role.name === 'a')?.defaults).toEqual({ da: 1 })
    expect(playbook.plays[0]?.roles.find(role => role.name === 'c')?.given).toEqual({ x: 1 })
  })

  it('reads mode 0644 the same, quoted or not', async () => {
    const folder = write({
      'p.yml': play('- ensure-dir: { path: /x, mode: 0755 }\n- ensure-dir: { path: /x, mode: "0755" }\n'),
    })
    expect(tasks(await load(folder)).map(task => task.params['mode'])).toEqual(['0755', '0755'])
  })

  it('variables that nothing defines are errors, others are not', async () => {
    const folder = write({
      'p.yml': `- hosts: all
  vars: { known: 1 }
  tasks:
    - debug: "{{ known }} {{ unknwn }} {{ maybe | default(1) }} {{ ansible_hostname }} {{ inventory_hostname }} {{ fromhost }}"
    - set_fact: { later: 1 }
    - debug: "{{ later }} {{ r.stdout }}"
    - shell: "true"
      register: r
    - debug: "{{ item }}"
      loop: "{{ listt }}"
    - template-file: { src: t.j2, dest: /x }
`,
      't.j2': 'ok\n{% set own = 1 %}{{ own }} {{ nowhere }}\n',
      inv: 'h fromhost=1\n',
    })
    const playbook = await load(folder)
    const inventory = await loadInventory([join(folder, 'inv')], { cwd: folder })
    const faults = checkNames(playbook, inventory, {
      extraVars: {},
      templates: task => (task.type === 'template-file' ? [join(folder, 't.j2')] : []),
    })
    expect(faults.map(fault => `${fault.at?.line}:${fault.at?.column} ${fault.message}`)).toEqual([
      "4:30 nothing defines the variable 'unknwn'",
      "10:17 nothing defines the variable 'listt'",
      "2:31 nothing defines the variable 'nowhere'",
    ])
  })

  it.each([
    ['in a name', '- name: hello {{ nope }}\n  debug: x\n', '3:22'],
    ['in a folded text', '- debug: >\n    one\n    two {{ nope }}\n', '5:16'],
    ['in a map of params', '- http-check: { url: "http://x/", headers: { A: "{{ nope }}" } }\n', '3:57'],
    ['in a condition of several', '- debug: x\n  when: [true, "1 == nope"]\n', '4:26'],
    ['in assert', '- assert: { that: ["1 == 1", "nope > 1"] }\n', '3:35'],
    ['in notify', '- debug: x\n  notify: "{{ nope }}"\n', '4:19'],
    ['in environment', '- debug: x\n  environment: { A: "{{ nope }}" }\n', '4:29'],
    ['in vars', '- debug: x\n  vars: { a: "{{ nope }}" }\n', '4:22'],
    ['in any_errors_fatal', '- debug: x\n  any_errors_fatal: "{{ nope }}"\n', '4:29'],
    ['in run_once', '- debug: x\n  run_once: "{{ nope }}"\n', '4:21'],
    ['in delay', '- debug: x\n  delay: "{{ nope }}"\n', '4:18'],
    ['in a label', '- debug: x\n  loop: [1]\n  loop_control: { label: "{{ nope }}" }\n', '5:34'],
  ])('an undefined variable %s is an error', async (_, tasks, place) => {
    const folder = write({ 'p.yml': play(tasks), inv: 'h\n' })
    const inventory = await loadInventory([join(folder, 'inv')], { cwd: folder })
    const faults = checkNames(await load(folder), inventory, { extraVars: {}, templates: () => [] })
    expect(faults.map(fault => `${fault.at?.line}:${fault.at?.column} ${fault.message}`)).toEqual([
      `${place} nothing defines the variable 'nope'`,
    ])
    expect(faults[0]?.frame).toContain('^^^^')
  })

  it('an undefined variable in a file of a role is an error with its position there', async () => {
    const folder = write({
      'p.yml': '- hosts: all\n  roles: [r]\n  vars_files: [v.yml]\n  vars: { w: "{{ nope_w }}" }\n',
      'roles/r/defaults/main.yml': 'a: 1\nb: "x {{ nope_d }}"\n',
      'roles/r/vars/main.yml': 'c: ["{{ nope_v }}"]\n',
      'roles/r/tasks/main.yml': '- debug: "{{ b }}"\n',
      'v.yml': 'd: { e: "{{ nope_f }}" }\n',
      inv: 'h\n',
    })
    const inventory = await loadInventory([join(folder, 'inv')], { cwd: folder })
    const faults = checkNames(await load(folder), inventory, { extraVars: {}, templates: () => [] })
    expect(faults.map(({ at }) => `${at?.file.slice(folder.length + 1)}:${at?.line}:${at?.column}`).toSorted()).toEqual(
      ['p.yml:4:18', 'roles/r/defaults/main.yml:2:10', 'roles/r/vars/main.yml:1:9', 'v.yml:1:13'],
    )
  })

  it('a YAML 1.1 boolean in a condition is an error that names true and false', async () => {
    const folder = write({ 'p.yml': play('- debug: x\n  when: yes\n'), inv: 'h\n' })
    const inventory = await loadInventory([join(folder, 'inv')], { cwd: folder })
    const [fault] = checkNames(await load(folder), inventory, { extraVars: {}, templates: () => [] })
    expect(fault?.hint).toBe('write true (YAML 1.2 reads yes as a text)')
  })
})
