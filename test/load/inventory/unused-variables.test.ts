import { describe, expect, it } from 'vitest'
import { checkConnections } from '../../../src/check/check-connections.ts'
import { idleBecome } from '../../../src/check/idle-become.ts'
import { loadInventory } from '../../../src/load/inventory/load-inventory.ts'
import { readPlaybook } from '../../../src/load/playbook/load-playbook.ts'
import { taskTypes } from '../../../src/tasks/registry.ts'
import { told, written } from '../loaded.ts'

const hosts = '[web]\nweb1\n'

describe('a file of variables for an unknown group or host gives a warning', () => {
  it.each<[string, Readonly<Record<string, string>>, string, readonly string[]]>([
    [
      'a group that is misspelt',
      { inv: hosts, 'group_vars/wbe.yml': 'a: 1' },
      'inv',
      ["nothing reads group_vars/wbe.yml: there is no group 'wbe', did you mean 'web'?"],
    ],
    [
      'a folder for it',
      { inv: hosts, 'group_vars/webb/a.yml': 'a: 1' },
      'inv',
      ["nothing reads group_vars/webb/a.yml: there is no group 'webb', did you mean 'web'?"],
    ],
    [
      'a host that is misspelt',
      { inv: hosts, 'host_vars/wbe1.yml': 'a: 1' },
      'inv',
      ["nothing reads host_vars/wbe1.yml: there is no host 'wbe1', did you mean 'web1'?"],
    ],
    [
      'beside the playbook',
      { inv: hosts, 'play/group_vars/wbe.yml': 'a: 1' },
      'inv',
      ["nothing reads play/group_vars/wbe.yml: there is no group 'wbe', did you mean 'web'?"],
    ],
    [
      'any name in the folder of one inventory',
      { 'dev/hosts': hosts, 'dev/group_vars/databases.yml': 'a: 1' },
      'dev',
      ["nothing reads dev/group_vars/databases.yml: there is no group 'databases'"],
    ],
    ['a name of another inventory beside this one', { inv: hosts, 'group_vars/databases.yml': 'a: 1' }, 'inv', []],
    [
      'groups and hosts that are there',
      {
        inv: hosts,
        'group_vars/all.yml': 'a: 1',
        'group_vars/web.yml': 'a: 1',
        'host_vars/web1.yml': 'a: 1',
        'host_vars/localhost.yml': 'a: 1',
      },
      'inv',
      [],
    ],
  ])('%s', async (_, files, source, expected) => {
    const folder = written(files)
    const { warnings = [] } = await loadInventory([source], { cwd: folder, playbookFolders: ['play'] })
    expect(warnings.map(warning => warning.replaceAll(`${folder}/`, ''))).toEqual(expected)
  })
})

describe('a misspelt connection variable is an error', () => {
  it.each<[string, string, readonly string[]]>([
    [
      'at a host',
      'web1 ansible_prot=22\n',
      ["inv:1:6 there is no connection variable 'ansible_prot', did you mean 'ansible_port'?"],
    ],
    [
      'at a group',
      '[web]\nweb1\n[web:vars]\nansible_usr=me\n',
      ["inv:4:1 there is no connection variable 'ansible_usr', did you mean 'ansible_user'?"],
    ],
    [
      'in YAML',
      'all:\n  vars:\n    ansible_conection: local\n  hosts: { a: }\n',
      ["inv:3:5 there is no connection variable 'ansible_conection', did you mean 'ansible_connection'?"],
    ],
    [
      'of become',
      'web1 ansible_becom=true\n',
      ["inv:1:6 there is no connection variable 'ansible_becom', did you mean 'ansible_become'?"],
    ],
    [
      'with ssh in it',
      'web1 ansible_ssh_private_key=k ansible_ssh_prot=1\n',
      ["inv:1:32 there is no connection variable 'ansible_ssh_prot', did you mean 'ansible_ssh_port'?"],
    ],
    [
      "Ansible's own that nothing reads",
      'web1 ansible_become_exe=/usr/bin/sudo ansible_shell_type=sh ansible_ssh_pipelining=true\n',
      [],
    ],
    ['those that are right', 'web1 ansible_port=22 ansible_user=me ansible_python_interpreter=/usr/bin/python3\n', []],
  ])('%s', async (_, text, expected) => {
    const folder = written({ inv: text })
    const inventory = await loadInventory(['inv'], { cwd: folder })
    expect(checkConnections(inventory).map(fault => told(fault, folder))).toEqual(expected)
  })
})

describe('become_user without become gives a warning', () => {
  const task = (keywords: string) => `- hosts: all\n  tasks:\n    - debug: { msg: a }\n      ${keywords}\n`
  it.each<[string, string, readonly string[], string?]>([
    ['at a task', task('become_user: x'), ['p.yml:4:7']],
    ['at a play', '- hosts: all\n  become_user: x\n  tasks: [debug: { msg: a }]\n', ['p.yml:2:3']],
    ['with become beside it', task('become_user: x\n      become: true'), []],
    ['with become at the play', `${task('become_user: x')}  become: true\n`, []],
    [
      'of a play whose tasks say become',
      '- hosts: all\n  become_user: x\n  tasks: [{ debug: { msg: a }, become: true }]\n',
      [],
    ],
    ['where the inventory says become', task('become_user: x'), [], 'a ansible_become=true\n'],
  ])('%s', async (_, text, places, inv = 'a\n') => {
    const folder = written({ 'p.yml': text, inv })
    const options = { cwd: folder, types: taskTypes, packageUrl: '' }
    const { playbook, faults } = await readPlaybook('p.yml', options)
    expect(faults).toEqual([])
    const inventory = await loadInventory(['inv'], { cwd: folder })
    const warnings = idleBecome([playbook], inventory).map(warning => warning.replace(`${folder}/`, ''))
    expect(warnings).toEqual(places.map(place => `${place} become_user has no effect without become: true`))
  })
})
