import { describe, expect, it } from 'vitest'
import { checkSettings } from '../../src/check/check-settings.ts'
import { loadInventory } from '../../src/load/inventory/load-inventory.ts'
import { readPlaybook } from '../../src/load/playbook/load-playbook.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { told, written } from '../load/loaded.ts'
import { run } from '../run/played.ts'

const spec = `argument_specs:
  main:
    options:
      app_port: { type: int }
      app_kind: { type: str, choices: [web, worker] }
      app_names: { type: list, elements: str }
      app_token: { type: str, no_log: true }
      app_limit: { type: int, no_log: true }
    mutually_exclusive: [[app_kind, app_names]]
  other:
    options:
      app_other: { type: bool, required: true }
`
const role = {
  'roles/app/meta/argument_specs.yml': spec,
  'roles/app/tasks/main.yml': '- debug: { msg: "port {{ app_port | default(80) }} {{ app_token | default() }}" }\n',
  'roles/app/tasks/other.yml': '- debug: { msg: other }\n',
}

describe('settings that depend on a host are validated when the host reaches the role', () => {
  it('a setting that a result makes invalid fails the host before the first task of the role', async () => {
    const { lines, messages, exit } = await run(
      {
        ...role,
        'p.yml': `- hosts: all
  gather_facts: false
  tasks:
    - set_fact: { app_port: "{{ 'abc' if inventory_hostname == 'a' else '80' }}" }
    - include_role: { name: app }
`,
      },
      { hosts: 'a,b' },
    )
    expect(lines.filter(line => line.startsWith('a'))).toEqual([
      'a: ok set_fact',
      'a: failed validating arguments of role app',
    ])
    expect(lines.filter(line => line.startsWith('b'))).toEqual(['b: ok set_fact', 'b: ok debug'])
    expect(messages).toContain("'app_port' takes a whole number, this is the text 'abc'")
    expect(exit).toBe(2)
  })

  it.each([
    [
      'rolespec_validate: false',
      '- include_role: { name: app, rolespec_validate: false }\n      vars: { app_port: "{{ x }}" }',
      [],
    ],
    [
      'a when that does not hold',
      '- include_role: { name: app }\n      when: false\n      vars: { app_port: "{{ x }}" }',
      [],
    ],
    [
      'tasks_from names another entry point',
      '- include_role: { name: app, tasks_from: other }',
      ["role app needs 'app_other'"],
    ],
    [
      'tasks_from with its ending',
      '- include_role: { name: app, tasks_from: other.yml }',
      ["role app needs 'app_other'"],
    ],
    [
      'a rule between options',
      '- import_role: { name: app }\n      vars: { app_kind: web, app_names: [a], app_port: 1 }',
      ["role app takes 'app_kind' or 'app_names', not both"],
    ],
    [
      'a choice',
      '- import_role: { name: app }\n      vars: { app_port: 1, app_kind: "{{ \'we\' ~ x }}" }',
      ["'app_kind' cannot be the text 'weX', did you mean 'web'? (it is one of web, worker)"],
    ],
    [
      'what is undefined',
      '- import_role: { name: app }\n      vars: { app_port: "{{ x.y }}" }',
      ["'app_port' cannot be rendered: 'x.y' is undefined"],
    ],
    [
      'a secret',
      '- import_role: { name: app }\n      vars: { app_port: 1, app_limit: "hunter2{{ x }}" }',
      ["'app_limit' takes a whole number"],
    ],
  ])('%s', async (_, call, expected) => {
    const { messages, lines } = await run({
      ...role,
      'p.yml': `- hosts: all\n  gather_facts: false\n  tasks:\n    - set_fact: { x: X }\n    ${call}\n`,
    })
    const failed = messages.filter(message => !message.startsWith('port') && message !== 'other')
    expect(failed.filter(message => message !== '')).toEqual(expected)
    expect(lines.some(line => line.includes('failed validating arguments of role app'))).toBe(expected.length > 0)
  })

  it('values of no_log options are masked everywhere', async () => {
    const { events } = await run({
      ...role,
      'p.yml': '- hosts: all\n  gather_facts: false\n  roles: [{ role: app, app_token: hunter2hunter2 }]\n',
    })
    expect(JSON.stringify(events)).toContain('port 80 ********')
    expect(JSON.stringify(events)).not.toContain('hunter2')
  })

  it('a rescue around the role handles the failure, and ignore_errors continues', async () => {
    const { lines, exit } = await run({
      ...role,
      'p.yml': `- hosts: all
  gather_facts: false
  tasks:
    - set_fact: { app_port: abc }
    - block:
        - include_role: { name: app }
      rescue:
        - debug: { msg: "{{ ansible_failed_result.msg }}" }
  post_tasks:
    - block:
        - import_role: { name: app }
      ignore_errors: true
`,
    })
    expect(lines).toEqual([
      'localhost: ok set_fact',
      'localhost: rescued validating arguments of role app',
      'localhost: ok debug',
      'localhost: ignored validating arguments of role app',
      'localhost: ok debug',
    ])
    expect(exit).toBe(0)
  })
})

/** What is told before the first host, with places relative to the folder. */
const before = async (files: Readonly<Record<string, string>>, extraVars: Readonly<Record<string, unknown>> = {}) => {
  const folder = written({ ...role, inv: 'a\nb\n', ...files })
  const options = { cwd: folder, types: taskTypes, packageUrl: '' }
  const { playbook, faults } = await readPlaybook('p.yml', options)
  expect(faults.map(fault => fault.describe())).toEqual([])
  const inventory = await loadInventory(['inv'], { cwd: folder, playbookFolders: [folder] })
  return checkSettings({ playbooks: [playbook], inventory, extraVars }).map(fault => told(fault, folder))
}

const called = (entry: string, more = '') => `- hosts: all\n  roles: [${entry}]\n${more}`
const wrong = "role app: 'app_port' takes a whole number, this is the text 'abc'"

describe('an invalid setting is reported before the first host, at the position of its value', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['a param of the role', { 'p.yml': called('{ role: app, app_port: abc }') }, [`2:34 ${wrong}`]],
    ['vars of the entry', { 'p.yml': called('{ role: app, vars: { app_port: abc } }') }, [`2:42 ${wrong}`]],
    ['vars of the play', { 'p.yml': called('app', '  vars:\n    app_port: abc\n') }, [`4:15 ${wrong}`]],
    [
      'a file of vars_files',
      { 'p.yml': called('app', '  vars_files: [v.yml]\n'), 'v.yml': 'app_port: abc\n' },
      [`v.yml:1:11 ${wrong}`],
    ],
    [
      'vars of include_role',
      { 'p.yml': '- hosts: all\n  tasks:\n    - include_role: { name: app }\n      vars: { app_port: abc }\n' },
      [`4:25 ${wrong}`],
    ],
    [
      'vars of a block',
      {
        'p.yml':
          '- hosts: all\n  tasks:\n    - block:\n        - import_role: { name: app }\n      vars: { app_port: abc }\n',
      },
      [`5:25 ${wrong}`],
    ],
    ['a host in an INI inventory', { 'p.yml': called('app'), inv: 'a app_port=abc\n' }, [`inv:1:12 ${wrong}`]],
    [
      'group_vars, of two places the one that counts',
      { 'p.yml': called('app'), 'group_vars/all.yml': 'app_port: 1\n', 'host_vars/b.yml': '\napp_port: abc\n' },
      [`host_vars/b.yml:2:11 ${wrong}`],
    ],
    [
      'defaults of the role',
      { 'p.yml': called('app'), 'roles/app/defaults/main.yml': 'app_port: abc\n' },
      [`roles/app/defaults/main.yml:1:11 ${wrong}`],
    ],
    [
      'a template of what is known',
      { 'p.yml': called('app', '  vars: { app_port: "{{ app_name }}", app_name: abc }\n') },
      [`3:22 ${wrong}`],
    ],
    [
      'a wrong value that a nearer one overrides is none',
      {
        'p.yml': called('app'),
        'group_vars/all.yml': 'app_port: abc\n',
        'host_vars/a.yml': 'app_port: 1\n',
        'host_vars/b.yml': 'app_port: 2\n',
      },
      [],
    ],
    ['a role whose when does not hold', { 'p.yml': called('{ role: app, when: false, app_port: abc }') }, []],
    [
      'a role whose when waits for a fact',
      { 'p.yml': called('{ role: app, when: ansible_os_family == "x", app_port: abc }') },
      [],
    ],
    [
      'a dependency of a role',
      {
        'p.yml': called('top'),
        'roles/top/tasks/main.yml': '[]',
        'roles/top/meta/main.yml': 'dependencies: [{ role: app, app_port: abc }]\n',
      },
      [`roles/top/meta/main.yml:1:39 ${wrong}`],
    ],
    [
      'a setting that is missing',
      { 'p.yml': '- hosts: all\n  tasks:\n    - include_role: { name: app, tasks_from: other }\n' },
      ["3:29 role app needs 'app_other'"],
    ],
    [
      'what the run may still set',
      {
        'p.yml':
          '- hosts: all\n  tasks:\n    - set_fact: { app_other: true }\n    - include_role: { name: app, tasks_from: other }\n',
      },
      [],
    ],
  ])('%s', async (_, files, expected) => {
    expect(await before(files)).toEqual(expected)
  })

  it('an invalid setting given with -e is reported as such', async () => {
    expect(await before({ 'p.yml': called('app') }, { app_port: 'abc' })).toEqual([`-e:1:1 ${wrong}`])
  })
})

const misspelt = "the role app has no setting 'app_prot', did you mean 'app_port'?"

describe('a misspelt setting is reported at its position', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    ['in the play', { 'p.yml': called('app', '  vars:\n    app_prot: 80\n') }, [`4:5 ${misspelt}`]],
    ['as a param', { 'p.yml': called('{ role: app, app_prot: 80 }') }, [`2:24 ${misspelt}`]],
    [
      'in group_vars',
      { 'p.yml': called('app'), 'group_vars/all.yml': '# a\napp_prot: 80\n' },
      [`group_vars/all.yml:2:1 ${misspelt}`],
    ],
    ['at a host in an INI inventory', { 'p.yml': called('app'), inv: 'a x=1 app_prot=80\n' }, [`inv:1:7 ${misspelt}`]],
    [
      'a variable that something reads is one',
      { 'p.yml': called('app', '  vars: { app_prot: 80 }\n  post_tasks: [debug: { msg: "{{ app_prot }}" }]\n') },
      [],
    ],
    [
      'a variable that a template of the role reads',
      { 'p.yml': called('app', '  vars: { app_prot: 80 }\n'), 'roles/app/templates/a.j2': '{{ app_prot }}' },
      [],
    ],
    [
      'a default of the role',
      { 'p.yml': called('app', '  vars: { app_prot: 80 }\n'), 'roles/app/defaults/main.yml': 'app_prot: 1\n' },
      [],
    ],
    ['a name that is near to none', { 'p.yml': called('app', '  vars: { app_something_else: 80 }\n') }, []],
    ['a name of another family', { 'p.yml': called('app', '  vars: { web_port: 80 }\n') }, []],
  ])('%s', async (_, files, expected) => {
    expect(await before(files)).toEqual(expected)
  })
})
