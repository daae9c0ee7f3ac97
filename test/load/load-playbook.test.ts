import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadInventory } from '../../src/load/load-inventory.ts'
import { loadPlaybook } from '../../src/load/load-playbook.ts'
import { Fault } from '../../src/model/fault.ts'
import type { Playbook, Task } from '../../src/model/playbook.ts'
import { tasksOf } from '../../src/run/check-run.ts'
import { checkNames } from '../../src/schedule/check-names.ts'
import { checkSyntax } from '../../src/schedule/template/template.ts'
import { taskTypes } from '../../src/tasks/registry.ts'

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

const load = (folder: string, file = 'p.yml'): Promise<Playbook> =>
  loadPlaybook(file, { cwd: folder, types: taskTypes, language: { checkSyntax }, library: '' })

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

describe('a broken playbook is told with its places', () => {
  it.each([
    ['an unknown key of a play', '- hosts: all\n  taks: []\n', ["2:3 a play has no 'taks', did you mean 'tags'?"]],
    ['no hosts', '- tasks: []\n', ["1:3 a play needs 'hosts'"]],
    ['no list', 'hosts: all\n', ['1:1 a playbook is a list of plays']],
    ['nothing at all', '', ['1:1 a playbook is a list of plays']],
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
    ['a template that does not parse', play('- debug: "{{ a b }}"\n'), ['3:15 expected variable end']],
    [
      'a filter that does not exist',
      play('- debug: "{{ a | uper }}"\n'),
      ["3:15 there is no filter 'uper', did you mean 'upper'?"],
    ],
    ['a condition in braces', play('- debug: a\n  when: "{{ x }}"\n'), ['4:14 a condition is an expression already']],
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
    ['a duplicate key', '- hosts: all\n  hosts: web\n', ['2:3 this key stands here twice']],
    [
      'braces without quotes',
      play('- debug: {{ x }}\n'),
      [expect.stringMatching(/^3:\d+ a value that starts with \{\{ must be quoted$/)],
    ],
    ['an alias of itself', '- &a [*a]\n', [expect.stringContaining('an alias holds itself')]],
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

  it('all of them, of every file, at once', async () => {
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

  it('a file that imports itself', async () => {
    expect(await faultsOf({ 'p.yml': play('- import_tasks: a.yml\n'), 'a.yml': '- import_tasks: a.yml\n' })).toEqual([
      "a.yml:1:17 'a.yml' imports itself",
    ])
  })

  it('too deep, too big, too many aliases', async () => {
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

describe('what is read', () => {
  const tasks = (playbook: Playbook): readonly Task[] => playbook.plays.flatMap(tasksOf)

  it('keywords go down from play, block and import', async () => {
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

  it('roles with what they depend on, once each; their handlers first', async () => {
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
    expect(tasks(playbook).map(task => task.params['msg'])).toEqual(['a', 'b', 'c', 'own'])
    expect(playbook.plays[0]?.handlers.map(handler => handler.name)).toEqual(['hb', 'hp'])
    expect(playbook.plays[0]?.roles.find(role => role.name === 'a')?.defaults).toEqual({ da: 1 })
    expect(playbook.plays[0]?.roles.find(role => role.name === 'c')?.params).toEqual({ x: 1 })
  })

  it('mode 0644 means what it says, quoted or not', async () => {
    const folder = write({
      'p.yml': play('- ensure-dir: { path: /x, mode: 0755 }\n- ensure-dir: { path: /x, mode: "0755" }\n'),
    })
    expect(tasks(await load(folder)).map(task => task.params['mode'])).toEqual(['0755', '0755'])
  })

  it('variables that nothing defines are found, those that something defines are not', async () => {
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
      "4:15 nothing defines the variable 'unknwn'",
      "10:14 nothing defines the variable 'listt'",
      "2:31 nothing defines the variable 'nowhere'",
    ])
  })
})
