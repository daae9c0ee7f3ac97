// What a person meets who has just begun: no inventory, one that lies in the folder, several, a misspelt one.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { mlplay } from '../e2e/mlplay.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-first-'))
afterAll(() => rmSync(root, { recursive: true }))
let count = 0

const folder = (files: Readonly<Record<string, string>>): string => {
  const path = join(root, String(count++))
  mkdirSync(path)
  const all = { 'web.yml': '- hosts: web\n  tasks: [debug: "hi {{ inventory_hostname }}"]\n', ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return path
}
const hosts = '[web]\nw1 ansible_connection=local\n'
const run = (cwd: string, ...args: readonly string[]) => mlplay(args, { cwd })

describe('a run without -i', () => {
  it.each([
    ['run', ['run', 'web.yml'], "web.yml:1:10 no inventory was given, so there are no hosts 'web'"],
    ['run of all', ['run', 'all.yml'], "all.yml:1:10 no inventory was given, so there are no hosts 'all'"],
    ['exec', ['exec', 'web', '--', 'true'], "no inventory was given, so there are no hosts 'web'"],
    ['exec of all', ['exec', 'all', '--', 'true'], "no inventory was given, so there are no hosts 'all'"],
    ['inventory', ['inventory', '--graph'], 'no inventory was given'],
  ])('%s reports the missing inventory and the option to give', async (_, args, message) => {
    const ended = await run(folder({ 'all.yml': '- hosts: all\n  tasks: [debug: hi]\n' }), ...args)
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain(`error: ${message}\n`)
    expect(ended.stderr).toContain('hint: give one with -i: a file, a folder, a program, or hosts with a comma')
    expect(ended.stdout).toBe('')
  })

  it.each([
    ['a folder with a file of hosts', { 'inventory/hosts.ini': hosts }, 'inventory'],
    ['a file', { inventory: hosts }, 'inventory'],
    ['a file with an ending', { 'inventory.ini': hosts }, 'inventory.ini'],
    [
      'a folder that holds one inventory',
      { 'inventory/dev/hosts.ini': hosts, 'inventory/production.example/hosts.ini': '[web]\nw9\n' },
      'inventory/dev',
    ],
  ])('uses %s and names it on stderr', async (_, files, source) => {
    const cwd = folder(files)
    const ended = await run(cwd, 'run', 'web.yml')
    expect([ended.code, ended.stderr]).toEqual([0, `inventory: ${source} (none was given with -i)\n`])
    expect(ended.stdout).toContain('hi w1')
    const graph = await run(cwd, 'inventory', '--graph')
    expect(graph.stdout).toContain('|--w1')
    const valid = await run(cwd, 'validate', 'web.yml')
    expect([valid.code, valid.stderr]).toEqual([0, `inventory: ${source} (none was given with -i)\n`])
  })

  it('lists the inventories and uses none if there are several', async () => {
    const cwd = folder({ 'inventory/dev/hosts.ini': hosts, 'inventory/production/hosts.ini': hosts })
    for (const args of [
      ['run', 'web.yml'],
      ['exec', 'web', '--', 'true'],
      ['inventory', '--graph'],
    ]) {
      const ended = await run(cwd, ...args)
      expect(ended.code).toBe(3)
      expect(ended.stderr).toContain('these are here, give one of them: -i inventory/dev, -i inventory/production')
    }
  })

  it('needs no inventory for localhost', async () => {
    const ended = await run(folder({ 'p.yml': '- hosts: localhost\n  tasks: [debug: hi]\n' }), 'run', 'p.yml')
    expect([ended.code, ended.stderr]).toEqual([0, ''])
  })
})

describe('a misspelt file name', () => {
  it.each([
    [['run', 'wbe.yml'], "there is no playbook 'wbe.yml', did you mean 'web.yml'?"],
    [['validate', 'web.yaml'], "there is no playbook 'web.yaml', did you mean 'web.yml'?"],
    [['run', 'web.yml', '-i', 'inventroy/dev'], "there is no inventory 'inventroy/dev', did you mean 'inventory/dev'?"],
    [
      ['run', 'web.yml', '-i', 'inventory/production'],
      'inventory/production.example is an example: copy it to inventory/production',
    ],
    [['run', 'web.yml', '-i', 'prog.py'], 'this is a program, but it may not be executed and does not say by what'],
  ])('%j', async (args, message) => {
    const cwd = folder({
      'inventory/dev/hosts.ini': hosts,
      'inventory/production.example/hosts.ini': hosts,
      'prog.py': 'print(hi)\n',
    })
    const ended = await run(cwd, ...args)
    expect([ended.code, ended.stdout]).toEqual([3, ''])
    expect(ended.stderr).toContain(message)
  })
})

describe('a mistake on the command line', () => {
  it.each([
    [['web.yml', '-C'], 'hint: mlplay run web.yml -C'],
    [['exec', 'all', 'uptime', '-p'], 'hint: put -- before the command: mlplay exec all -- uptime -p'],
  ])('%j', async (args, hint) => {
    const ended = await run(folder({}), ...args)
    expect([ended.code, ended.stdout]).toEqual([3, ''])
    expect(ended.stderr).toContain(hint)
  })
})

it('--list-tasks shows only the tasks selected by -t and --skip-tags', async () => {
  const cwd = folder({
    'p.yml':
      '- hosts: localhost\n  tasks:\n    - { name: one, debug: x, tags: a }\n    - { name: two, debug: x, tags: b }\n',
  })
  expect((await run(cwd, 'run', 'p.yml', '--list-tasks', '-t', 'a')).stdout).toBe('play localhost\n  one  [a]\n')
  expect((await run(cwd, 'run', 'p.yml', '--list-tasks', '--skip-tags', 'a')).stdout).toBe(
    'play localhost\n  two  [b]\n',
  )
})
