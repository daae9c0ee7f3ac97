// The built command over inventories, as a person runs it.
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mlplay, repository } from '../e2e/mlplay.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-inventory-'))
afterAll(() => rmSync(root, { recursive: true }))
const file = (name: string, text: string, mode = 0o644): string => {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}
const run = (...args: readonly string[]) => mlplay(args, { cwd: root })

file(
  'hosts',
  'lone\n[web]\nweb[1:2] x=1\nedge\n[site:children]\nweb\ndb\n[site]\nextra\n[db]\nedge\n[all:vars]\nansible_connection=local\n',
)
file(
  'cloud',
  '#!/bin/sh\necho \'{"web": {"hosts": ["c1"], "vars": {"x": 2}}, "_meta": {"hostvars": {"c1": {"y": [1]}}}}\'\n',
  0o755,
)
file('broken', '#!/bin/sh\necho no credentials >&2\nexit 3\n', 0o755)
file('some', '# to repair\nweb1\nedge\n')
file('none', '\n')
file('typo', 'web9\n')
file('say.yml', '- hosts: all\n  gather_facts: false\n  tasks:\n    - debug: "I am {{ inventory_hostname }}"\n')

it("--list shows a group's own hosts beside its children", async () => {
  const { code, stdout } = await run('inventory', '-i', 'hosts', '-i', 'cloud', '--list')
  expect(code).toBe(0)
  const { _meta: meta, ...groups } = JSON.parse(stdout)
  expect(groups).toEqual({
    all: { children: ['ungrouped', 'site'] },
    ungrouped: { hosts: ['lone'] },
    web: { hosts: ['web1', 'web2', 'edge', 'c1'] },
    site: { children: ['web', 'db'], hosts: ['extra'] },
    db: { hosts: ['edge'] },
  })
  expect(meta.hostvars.c1).toEqual({ ansible_connection: 'local', x: 2, y: [1] })
  expect(meta.hostvars.web1).toEqual({ ansible_connection: 'local', x: 1 })
})

it('--graph prints a tree of groups and hosts', async () => {
  expect((await run('inventory', '-i', 'hosts', '--graph')).stdout.split('\n').slice(0, -1)).toEqual([
    '@all:',
    '  |--@ungrouped:',
    '  |  |--lone',
    '  |--@site:',
    '  |  |--@web:',
    '  |  |  |--web1',
    '  |  |  |--web2',
    '  |  |  |--edge',
    '  |  |--@db:',
    '  |  |  |--edge',
    '  |  |--extra',
  ])
})

it.each<[readonly string[], number, RegExp]>([
  [['inventory', '-i', 'hosts', '--host', 'web1'], 0, /"x": 1/],
  [['inventory', '-i', 'hosts', '--host', 'web9'], 3, /no host is called 'web9', did you mean 'web1'/],
  [['inventory', '-i', 'broken', '--list'], 3, /broken:1:1 --list ended with code 3; it said:\n {4}no credentials/],
  [['inventory', '-i', 'none', '--list'], 3, /none:1:1 this inventory names no host/],
  [['run', 'say.yml', '-i', 'hosts', '-l', '@some', '--list-hosts'], 0, /^play .*\n {2}web1\n {2}edge\n$/],
  [['run', 'say.yml', '-i', 'hosts', '-l', '@some,!edge'], 0, /I am web1\n(?![\s\S]*I am edge)/],
  [['run', 'say.yml', '-i', 'hosts', '-l', '@none'], 3, /-l @none names no host/],
  [['run', 'say.yml', '-i', 'hosts', '-l', '@gone'], 3, /cannot read the limit's file 'gone': there is no such file/],
  [['run', 'say.yml', '-i', 'hosts', '-l', '@typo'], 3, /no host or group is called 'web9'/],
  [['exec', 'all', '-i', 'hosts', '-l', '@some', '--', 'true'], 0, /2 hosts/],
])('%j', async (args, code, said) => {
  const ended = await run(...args)
  expect(ended.code, ended.stderr).toBe(code)
  expect(ended.stdout + ended.stderr).toMatch(said)
})

it('Ctrl-C kills an inventory program that does not answer, with its children', async () => {
  file('asleep', `#!/bin/sh\nsleep 300 &\necho $! > ${root}/pid\nwait\n`, 0o755)
  const child = spawn(process.execPath, [join(repository, 'bin/mlplay.js'), 'inventory', '-i', 'asleep', '--list'], {
    cwd: root,
  })
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  await expect
    .poll(() => (existsSync(join(root, 'pid')) ? readFileSync(join(root, 'pid'), 'utf8') : ''), { timeout: 10_000 })
    .toMatch(/\d\n/)
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  const pid = readFileSync(join(root, 'pid'), 'utf8').trim()
  await expect
    .poll(() => existsSync(`/proc/${pid}`) && /^State:\s+[^Z]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')))
    .toBe(false)
})
