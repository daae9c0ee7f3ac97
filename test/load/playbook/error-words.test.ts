import { describe, expect, it } from 'vitest'
import { checkRun } from '../../../src/check/check-run.ts'
import { loadInventory } from '../../../src/load/inventory/load-inventory.ts'
import { loaded, play, told } from '../loaded.ts'

describe('an error message says what to write', () => {
  it.each<[string, string, string, RegExp]>([
    [
      'a module by its full name',
      '- ansible.builtin.debug: { msg: a }\n',
      "3:7 unknown task 'ansible.builtin.debug'",
      /^write debug$/,
    ],
    [
      'one that has another name here',
      '- ansible.builtin.copy: { dest: /a }\n',
      "3:7 unknown task 'ansible.builtin.copy'",
      /here it is called copy-file/,
    ],
    [
      'one that is not there yet',
      '- include_vars: a.yml\n',
      "3:7 unknown task 'include_vars'",
      /not there yet: vars_files/,
    ],
    ['add_host', '- add_host: { name: a }\n', "3:7 unknown task 'add_host'", /not there yet/],
    ['group_by', '- group_by: { key: a }\n', "3:7 unknown task 'group_by'", /not there yet/],
    [
      'a module of a collection',
      '- community.mysql.mysql_db: { name: a }\n',
      "3:7 unknown task 'community.mysql.mysql_db'",
      /community\.mysql.*docs\/task-types\.md/,
    ],
    [
      'params in one text',
      '- copy-file: src=a dest=/b/c mode="0644"\n',
      '3:18 copy-file takes a map of params',
      /^write copy-file: \{ src: a, dest: \/b\/c, mode: "0644" \}$/,
    ],
    [
      'params in one text where a text may stand',
      '- ensure-dir: path=/x mode=0755\n',
      "3:19 'path=' stands inside of a text: ensure-dir would not read it",
      /^write ensure-dir: \{ path: \/x, mode: 0755 \}$/,
    ],
    ['a text where a map belongs', '- copy-file: a b\n', '3:18 copy-file takes a map of params', /^it takes src, /],
    [
      'a loop over a map',
      '- debug: a\n  loop: { a: 1 }\n',
      "4:13 'loop' of a task takes a list or a text, this is a map",
      /dict2items/,
    ],
    [
      'a pipe in a command',
      '- command: ls | wc -l\n',
      "3:16 command has no shell: '|' would be an argument of ls",
      /a pipe needs shell:/,
    ],
    [
      'another sign of the shell',
      '- command: a && b\n',
      "3:16 command has no shell: '&&' would be an argument of a",
      /needs shell:/,
    ],
    [
      'restarted',
      '- service: { name: nginx, state: restarted }\n',
      "3:38 'state' of service cannot be the text 'restarted'",
      /best a handler: `service-restart: \{ name: NAME \}`/,
    ],
    [
      'reloaded',
      '- service: { name: nginx, state: reloaded }\n',
      "3:38 'state' of service cannot be the text 'reloaded'",
      /service-restart/,
    ],
    [
      'a lookup by a misspelt name',
      "- debug: \"{{ lookup('fiel', 'x') }}\"\n",
      "3:25 there is no lookup 'fiel', did you mean 'file'?: these exist: env, file, password, pipe",
      /^$/,
    ],
    [
      'a lookup that is not there',
      "- debug: \"{{ query('fileglob', 'x') }}\"\n",
      "3:24 there is no lookup 'fileglob': write the list of files",
      /^$/,
    ],
    [
      'a lookup in a condition',
      "- debug: a\n  when: lookup('nosuch', 'x')\n",
      "4:20 there is no lookup 'nosuch': these exist: env, file, password, pipe",
      /^$/,
    ],
    [
      'a template as a register',
      '- { command: ls, register: "{{ v }}" }\n',
      "3:33 'register' takes a name, '{{ v }}' is a template",
      /plain name/,
    ],
    [
      'a cacheable fact',
      '- set_fact: { a: 1, cacheable: true }\n',
      "3:25 set_fact has no 'cacheable'",
      /facts hold for one run/,
    ],
  ])('%s', async (_, tasks, fault, hint) => {
    const { faults, hints } = await loaded({ 'p.yml': play(tasks) })
    expect(faults[0]).toBe(fault)
    expect(hints[0] ?? '').toMatch(hint)
  })

  it('a template in tags is an error', async () => {
    const { faults } = await loaded({ 'p.yml': play('- { debug: a, tags: "{{ list }}" }\n') })
    expect(faults).toEqual(['3:26 tags takes names, without templates: they are read before the run'])
  })

  it('an invalid serial names the accepted forms', async () => {
    const { faults } = await loaded({ 'p.yml': '- hosts: all\n  serial: lots\n' })
    expect(faults).toEqual([
      "2:11 'serial' of a play takes a number, a percentage or a list of them, this is the text 'lots'",
    ])
  })

  it.each([
    '- command: grep "a | b" /x\n',
    '- command: find / -exec ls {} ;\n',
    '- command: "{{ a | default(1) }}"\n',
    '- command: grep -E a|b /x\n',
    '- shell: ls | wc -l\n',
    '- command: { argv: [echo, "|"] }\n',
    '- copy-file: { src: "{{ s | default(omit) }}", content: "{{ c | default(omit) }}", dest: /x }\n',
    '- copy-file: { src: "{{ s | default(omit) }}", content: a, dest: /x }\n',
    '- copy-file: { src: "{{ s | default(omit) }}", dest: /x }\n',
    "- debug: \"{{ lookup('ansible.builtin.env', 'x') }} {{ lookup(name, 'x') }}\"\n",
  ])('serial %j is accepted', async tasks => {
    expect((await loaded({ 'p.yml': play(tasks) })).faults).toEqual([])
  })
})

describe('a host named in delegate_to', () => {
  const check = async (delegate: string) => {
    const { playbook } = await loaded({ 'p.yml': play(`- debug: a\n  delegate_to: ${delegate}\n`) })
    const inventory = await loadInventory(['web1,balancer,'], { cwd: '/' })
    const faults = checkRun({ playbooks: [playbook], inventory, tags: [], skipTags: [] })
    return faults.map(fault => told(fault, playbook.file.replace(/\/p\.yml$/, '')))
  }

  it.each(['balancer', 'localhost', '127.0.0.1', '10.0.0.1', '"::1"', 'db.example.com', '"{{ x }}"'])(
    'delegate_to %s is accepted',
    async name => {
      expect(await check(name)).toEqual([])
    },
  )

  it.each([
    ['locahost', "4:20 no host is called 'locahost', did you mean 'localhost'?"],
    ['balancr', "4:20 no host is called 'balancr', did you mean 'balancer'?"],
    ['elsewhere', "4:20 no host is called 'elsewhere'"],
    ['all', "4:20 no host is called 'all'"],
  ])('%s is an error', async (name, fault) => {
    expect(await check(name)).toEqual([fault])
  })
})
