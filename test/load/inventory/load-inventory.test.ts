import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expandHosts } from '../../../src/load/inventory/host-range.ts'
import { loadInventory } from '../../../src/load/inventory/load-inventory.ts'
import { pythonLiteral } from '../../../src/load/inventory/python-literal.ts'
import { Fault } from '../../../src/model/fault.ts'
import type { Inventory } from '../../../src/model/inventory.ts'
import { BigInteger, Float } from '../../../src/text/exact-number.ts'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'inventory-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

type Files = Readonly<Record<string, string>>
const put = (files: Files) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), text)
  }
}
const load = (files: Files, ...sources: readonly string[]): Promise<Inventory> => {
  put(files)
  return loadInventory(sources.length === 0 ? Object.keys(files).slice(0, 1) : sources, { cwd })
}
const faults = async (files: Files, ...sources: readonly string[]): Promise<readonly Fault[]> => {
  const found = await load(files, ...sources).catch((error: unknown) => error)
  if (found instanceof Fault) return found.all
  throw new Error('no fault')
}
const seen = async (files: Files, ...sources: readonly string[]) =>
  (await faults(files, ...sources)).map(
    ({ at, message }) => `${at?.file.slice(cwd.length + 1)}:${at?.line}:${at?.column} ${message}`,
  )
const groupsOf = (inventory: Inventory) =>
  Object.fromEntries(
    [...inventory.groups]
      .filter(([, group]) => group.hosts.length > 0)
      .map(([name, group]) => [name, group.hosts.join(' ')]),
  )
const varsOf = (inventory: Inventory, host: string) => inventory.hosts.get(host)?.vars

describe('expandHosts', () => {
  it.each([
    ['web', ['web'], undefined],
    ['web[1:3]', ['web1', 'web2', 'web3'], undefined],
    ['web[01:10:3].x', ['web01.x', 'web04.x', 'web07.x', 'web10.x'], undefined],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c'], undefined],
    ['r[1:2]n[a:b]', ['r1na', 'r1nb', 'r2na', 'r2nb'], undefined],
    ['web[:2]', ['web0', 'web1', 'web2'], undefined],
    ['web:2222', ['web'], 2222],
    ['web[1:2]:22', ['web1', 'web2'], 22],
    ['2001:db8::1', ['2001:db8::1'], undefined],
    ['[2001:db8::1]:22', ['2001:db8::1'], 22],
  ])('%s', (text, names, port) => {
    expect(expandHosts(text)).toEqual(port === undefined ? { names } : { names, port })
  })

  it.each([
    ['web[3:1]', "the range '[3:1]' ends before it begins"],
    ['web[01:100]', "both ends of '[01:100]' must have as many digits"],
    ['web[1:b]', "'[1:b]' is no range of hosts"],
    ['web[1:999999999]', "'[1:999999999]' stands for more than 100000 hosts"],
    ['web[1:1000][1:1000]', "'web[1:1000][1:1000]' stands for more than 100000 hosts"],
    ['web:ssh', "'web:ssh' is no host's name"],
    ['web:99999', "the port of 'web:99999' is not between 1 and 65535"],
    ['web[1:3', "'[1' is no range of hosts"],
    ['web[1-3]', "'[1-3]' is no range of hosts"],
    ['web]', "']' is no range of hosts"],
    ['web 1', '"web 1" is no host\'s name'],
    ['web\u202e1', "is no host's name"],
    ['-oProxyCommand', "a host's name cannot start with '-'"],
  ])('%s is refused', (text, message) => {
    expect(() => expandHosts(text)).toThrow(message)
  })
})

describe('pythonLiteral', () => {
  it.each([
    ['5', 5],
    ['-3', -3],
    ['1.5', 1.5],
    ['1e3', new Float(1000)],
    ['1.0', new Float(1)],
    ['0x1f', 31],
    ['1_000', 1000],
    ['True', true],
    ['False', false],
    ['None', null],
    ['true', 'true'],
    ['yes', 'yes'],
    ['0644', '0644'],
    ['0', 0],
    ['10.0.0.1', '10.0.0.1'],
    ['1-2', '1-2'],
    ['2024-01-02', '2024-01-02'],
    ['12345678901234567890', new BigInteger(12345678901234567890n)],
    ['-0x20000000000001', new BigInteger(-9007199254740993n)],
    ['1'.repeat(5000), '1'.repeat(5000)],
    ["'x y'", 'x y'],
    ['"5"', '5'],
    ["'a\\n'", 'a\n'],
    ["'a' b", "'a' b"],
    ["['a', 1, None]", ['a', 1, null]],
    ["{'a': [1], 'b': True}", { a: [1], b: true }],
    ['80,443', [80, 443]],
    ['(1)', 1],
    ['(1,)', [1]],
    ['[]', []],
    ['{}', {}],
    ['[1', '[1'],
    ['[1 2]', '[1 2]'],
    ['5 # five', 5],
    ['x # y', 'x # y'],
    ['{{ other }}', '{{ other }}'],
    ['', ''],
    ['['.repeat(9000), '['.repeat(9000)],
  ])('%s', (text, value) => {
    expect(pythonLiteral(text)).toEqual(value)
  })

  it('__proto__ is a name like any other', () => {
    expect(Object.keys(pythonLiteral("{'__proto__': 1}") as object)).toEqual(['__proto__'])
  })
})

describe('INI', () => {
  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['no section', 'a\nb\n', { all: 'a b', ungrouped: 'a b' }],
    ['a group', 'a\n[web]\nb\na\n', { all: 'b a', web: 'b a' }],
    ['comments', '# x\n; y\n\n[web] # z\na # b\n', { all: 'a', web: 'a' }],
    ['children', '[all2:children]\nweb\ndb # c\n[web]\nw\n[db]\nd\n', { all: 'w d', all2: 'w d', web: 'w', db: 'd' }],
    ['children declared before', '[a]\n1\n[b]\n2\n[c:children]\nb\na\n', { all: '2 1', a: '1', b: '2', c: '2 1' }],
    ['the same group twice', '[web]\na\n[db]\nb\n[web]\nc\n', { all: 'a c b', web: 'a c', db: 'b' }],
    ['windows lines', '[web]\r\na x=1\r\n', { all: 'a', web: 'a' }],
    [
      'odd names',
      '[__proto__]\n__proto__\n[constructor]\ntoString\n',
      { all: '__proto__ toString', ['__proto__']: '__proto__', constructor: 'toString' },
    ],
    ['an address with a port', '[web]\n[2001:db8::1]:22\n', { all: '2001:db8::1', web: '2001:db8::1' }],
  ])('%s', async (_, text, groups) => {
    expect(groupsOf(await load({ hosts: text }))).toEqual(groups)
  })

  it.each([
    ['h ansible_host=1.2.3.4 a="x y" n=5 # c', { ansible_host: '1.2.3.4', a: 'x y', n: 5 }],
    ['h:2222 b=True c=None', { ansible_port: 2222, b: true, c: null }],
    ['h a="5" b="\'5\'"', { a: 5, b: '5' }],
    ['h a=b\\ c d=e=f', { a: 'b c', d: 'e=f' }],
    ['h l="[1, 2]"', { l: [1, 2] }],
    ['h __proto__=1', Object.fromEntries([['__proto__', 1]])],
    ['[g]\nh\n[g:vars]\na = x y\nb=["1"]\nc=5\n', { a: 'x y', b: ['1'], c: 5 }],
    ['[g:vars]\na=1\n[g]\nh a=2\n', { a: 2 }],
    ['h\n[all:vars]\na=1\n', { a: 1 }],
  ])('%j', async (text, vars) => {
    expect(varsOf(await load({ hosts: text }), [...(await load({ hosts: text })).hosts.keys()][0] ?? '')).toEqual(vars)
  })

  it('lists the groups of a host, the closest last', async () => {
    const inventory = await load({ hosts: '[web]\nh\n[prod:children]\nweb\n[a]\nh\n' })
    expect(inventory.hosts.get('h')?.groups).toEqual(['all', 'a', 'prod', 'web'])
    expect(inventory.groups.get('all')?.children).toEqual(['ungrouped', 'prod', 'a'])
  })

  it.each([
    ['[web]\na b c=1', ["hosts:2:3 name=value is expected here, not 'b'"]],
    ['  a "x', ['hosts:1:5 this quote is never closed']],
    [
      '[web x]\na b\n[db]\nc d',
      ["hosts:1:1 '[web x]' is no heading of a section", "hosts:4:3 name=value is expected here, not 'd'"],
    ],
    ['[web:child]\n', ["hosts:1:1 a section cannot be of the kind 'child'"]],
    ['[web]\na\n[webs:vars]\nx=1', ["hosts:3:1 there is no group 'webs' to give variables to, did you mean 'web'?"]],
    ['[web]\na\n[p:children]\nwebs', ["hosts:4:1 'p' has a child 'webs' that is no group, did you mean 'web'?"]],
    ['[a:children]\nb\n[b:children]\nc\n[c:children]\na', ["hosts:6:1 the group 'c' holds itself: c > a > b > c"]],
    [
      '[a:children]\na\n[b:children]\nc\n[c:children]\nb',
      ["hosts:2:1 the group 'a' holds itself: a > a", "hosts:6:1 the group 'c' holds itself: c > b > c"],
    ],
    ['[a:children]\nall', ["hosts:2:1 the group 'all' holds every group: it cannot be inside 'a'"]],
    ['[g]\nx=1', ["hosts:2:1 a host is expected here, not 'x=1'"]],
    ['[g]\nh\n[g:vars]\nx', ["hosts:4:1 name=value is expected here, not 'x'"]],
    ['[g]\nh\n[g:vars]\nansible_group_priority=high', ['hosts:4:1 ansible_group_priority takes a whole number']],
    ['w[5:1]\n', ["hosts:1:1 the range '[5:1]' ends before it begins"]],
  ])('%j', async (text, messages) => {
    expect(await seen({ hosts: text })).toEqual(messages)
  })

  it('an error shows the line', async () => {
    expect((await faults({ hosts: '[web]\na b\n' }))[0]?.frame).toBe('  1 | [web]\n  2 | a b\n    |   ^')
  })
})

describe('YAML', () => {
  it('reads groups, hosts and variables', async () => {
    const inventory = await load({
      'hosts.yml': `all:
  vars: {a: 1, b: 1, c: 1}
  hosts:
    lone:
  children:
    web:
      hosts:
        web[01:02].x: {c: 3}
        __proto__: {own: "0"}
      vars: {b: 2}
    prod:
      children:
        web:
        db:
          hosts: db1
other:
  hosts:
    elsewhere:2222:
`,
    })
    expect(groupsOf(inventory)).toEqual({
      all: 'lone web01.x web02.x __proto__ elsewhere db1',
      ungrouped: 'lone',
      web: 'web01.x web02.x __proto__',
      prod: 'web01.x web02.x __proto__ db1',
      db: 'db1',
      other: 'elsewhere',
    })
    expect(varsOf(inventory, 'web02.x')).toEqual({ a: 1, b: 2, c: 3 })
    expect(varsOf(inventory, '__proto__')).toEqual({ a: 1, b: 2, c: 1, own: '0' })
    expect(varsOf(inventory, 'elsewhere')).toEqual({ a: 1, b: 1, c: 1, ansible_port: 2222 })
    expect(inventory.hosts.get('db1')?.groups).toEqual(['all', 'prod', 'db'])
  })

  it.each([
    ['all:\n  host:\n    a:\n', ["h.yml:2:3 a group has hosts, children and vars, no 'host', did you mean 'hosts'?"]],
    ['all:\n  hosts:\n    - a\n', ['h.yml:3:5 hosts is a map']],
    [
      'all:\n  hosts:\n    a: 5\n    b[2:1]:\n',
      ["h.yml:3:8 the variables of 'a' are a map", "h.yml:4:5 the range '[2:1]' ends before it begins"],
    ],
    ['- hosts: all\n', ['h.yml:1:1 an inventory is a map of groups']],
    ['plugin: aws_ec2\n', ['h.yml:1:9 inventory plugins are not supported']],
    ['a:\n  children:\n    b:\n      children:\n        a:\n', ["h.yml:3:5 the group 'a' holds itself: a > b > a"]],
    ['all: {hosts: {a: }, hosts: {b: }}\n', ["h.yml:1:21 the key 'hosts' stands here twice"]],
  ])('%j', async (text, messages) => {
    expect(await seen({ 'h.yml': text })).toEqual(messages)
  })
})

describe('sources', () => {
  it.each<[string, Files, readonly string[], string]>([
    ['a list', {}, ['h1,h2,'], 'h1 h2'],
    ['a list of one', {}, ['localhost,'], 'localhost'],
    ['a list with a range', {}, ['w[1:2],x:22'], 'w1 w2 x'],
    ['several', { a: 'x\n' }, ['a', 'y,'], 'x y'],
    ['YAML without an extension', { a: '# c\nall:\n  hosts:\n    y:\n' }, ['a'], 'y'],
    ['JSON', { 'a.json': '{"all": {"hosts": {"j": null}}}' }, ['a.json'], 'j'],
    ['an unknown extension', { 'a.prod': '[g]\nx\n' }, ['a.prod'], 'x'],
    ['no source', { a: '' }, [], ''],
    [
      'a folder',
      {
        'i/2.ini': 'b\n',
        'i/1.yml': 'all: {hosts: {a: }}',
        'i/.x': 'no\n',
        'i/a~': 'no\n',
        'i/a.bak': 'no\n',
        'i/a.orig': 'no\n',
        'i/a.retry': 'no\n',
        'i/a.swp': 'no\n',
        'i/group_vars/all': 'x: 1',
        'i/host_vars/b': 'y: 2',
      },
      ['i'],
      'a b',
    ],
  ])('%s', async (_, files, sources, hosts) => {
    put(files)
    const inventory = await loadInventory(sources, { cwd })
    expect([...inventory.hosts.keys()].join(' ')).toBe(hosts)
    expect([...inventory.groups.keys()].slice(0, 2)).toEqual(['all', 'ungrouped'])
  })

  it('an error names the source file', async () => {
    const inventory = await load({ 'i/hosts': 'a\n' })
    expect([inventory.source, inventory.folder]).toEqual(['i/hosts', join(cwd, 'i')])
    expect((await load({}, 'a,')).folder).toBe(cwd)
  })

  it('a group may be declared in another file', async () => {
    expect(groupsOf(await load({ 'i/1': '[p:children]\nweb\n[web:vars]\nx=1\n', 'i/2': '[web]\na\n' }, 'i'))).toEqual({
      all: 'a',
      p: 'a',
      web: 'a',
    })
  })

  it('the errors of all files are reported at once', async () => {
    expect(
      await seen(
        {
          'i/1': 'a b\n',
          'i/2.yml': 'all: [\n',
          'i/3': '[g:vars]\nx\n',
          'i/group_vars/all.yml': '- x\n',
          'i/host_vars/a': 'x: {\n',
        },
        'i',
      ),
    ).toEqual([
      "i/1:1:3 name=value is expected here, not 'b'",
      expect.stringMatching(/^i\/2\.yml:/),
      "i/3:2:1 name=value is expected here, not 'x'",
      'i/group_vars/all.yml:1:1 a map of variables is expected here',
      expect.stringMatching(/^i\/host_vars\/a:/),
    ])
  })

  it('a missing inventory is an error with a hint', async () => {
    expect((await faults({}, 'web1'))[0]).toMatchObject({
      code: 'inventory',
      message: "there is no inventory 'web1'",
      hint: "-i takes a file, a folder, or hosts with a comma: -i 'web1,'",
    })
  })

  it.each<[string, Files, readonly string[], string]>([
    ['a file', { a: '# nobody\n' }, ['a'], 'a:1:1 this inventory names no host'],
    ['groups alone', { 'a.yml': 'all:\n  children:\n    web:\n' }, ['a.yml'], 'a.yml:1:1 this inventory names no host'],
    ['two files', { a: '', b: '[web]\n' }, ['a', 'b'], 'a:1:1 these inventories name no host: a b'],
  ])('%s without hosts is a fault', async (_, files, sources, message) => {
    expect(await seen(files, ...sources)).toEqual([message])
  })

  it('a later file overrides the group variables of an earlier one, in any format', async () => {
    const files = {
      'i/1': '[web]\na\n[web:vars]\nx=1\ny=1\n',
      'i/2.yml': 'web: {vars: {x: 2}}',
      'i/3': '[web:vars]\ny=3',
    }
    expect(varsOf(await load(files, 'i'), 'a')).toEqual({ x: 2, y: 3 })
  })

  it('hosts without a group come first in all, wherever they are listed', async () => {
    const files = { 'i/1.yml': 'all: {children: {web: {hosts: {a: }}}}', 'i/2.ini': 'lone\n' }
    expect(groupsOf(await load(files, 'i'))).toEqual({ all: 'lone a', ungrouped: 'lone', web: 'a' })
  })

  it('an executable file that is not a program is read as a list of hosts only if it looks like one', async () => {
    put({ plain: 'a\n', 'wrong.ini': 'a b\n', 'script.py': 'print("{}")\n', 'asleep.sh': '#!/bin/sh\n' })
    for (const name of ['plain', 'wrong.ini', 'script.py']) chmodSync(join(cwd, name), 0o755)
    expect([...(await load({}, 'plain')).hosts.keys()]).toEqual(['a'])
    expect(await seen({}, 'wrong.ini')).toEqual([
      "wrong.ini:1:3 name=value is expected here, not 'b'",
      'wrong.ini:1:1 this file may be executed, but does not start with #!: it was read as a list of hosts',
    ])
    expect(await seen({}, 'script.py')).toEqual(['script.py:1:1 this may be executed, but it does not say by what'])
    expect(await seen({}, 'asleep.sh')).toEqual(['asleep.sh:1:1 this is a program, but it may not be executed'])
  })

  it('hosts of the same groups share merged layers and keep their own values', async () => {
    const inventory = await load({ hosts: '[web]\na\nb x=2\n[web:vars]\nx=1\ny=1\n' })
    const [a, b] = [...inventory.hosts.values()]
    expect(a?.layers?.[0]).toBe(b?.layers?.[0])
    expect([a?.vars, b?.vars]).toEqual([
      { x: 1, y: 1 },
      { x: 2, y: 1 },
    ])
    expect(b?.vars).toBe(b?.vars)
  })
})

describe('precedence', () => {
  const levels: readonly (readonly [string, string])[] = [
    ['i/group_vars/all.yml', 'inventory group_vars/all'],
    ['p/group_vars/all/x.yml', 'playbook group_vars/all'],
    ['i/group_vars/parent', 'inventory group_vars/parent'],
    ['i/group_vars/web.json', 'inventory group_vars/web'],
    ['p/group_vars/parent.yaml', 'playbook group_vars/parent'],
    ['p/group_vars/web/b.yml', 'playbook group_vars/web'],
    ['i/host_vars/h.yml', 'inventory host_vars'],
    ['p/host_vars/h/main.yml', 'playbook host_vars'],
  ]
  it.each(levels.map(([file, label], i) => [label, file, levels.slice(0, i + 1)] as const))(
    '%s overrides all weaker sources',
    async (label, _, some) => {
      // The inventory's own host variable is stronger than every group_vars.
      put({ 'i/hosts': `[web]\nh\n[parent:children]\nweb\n[all:vars]\nx=all\n[web:vars]\nx=web\n` })
      put(Object.fromEntries(some.map(([file, text]) => [file, JSON.stringify({ x: text })])))
      expect(varsOf(await loadInventory(['i/hosts'], { cwd, playbookFolders: ['p'] }), 'h')).toEqual({ x: label })
    },
  )

  it.each([
    ['a child over its parent', '[z]\nh\n[a:children]\nz\n[z:vars]\nx=child\n[a:vars]\nx=parent\n', 'child'],
    ['the last name of one depth', '[b]\nh\n[a]\nh\n[a:vars]\nx=a\n[b:vars]\nx=b\n', 'b'],
    ['the priority of one depth', '[b]\nh\n[a]\nh\n[a:vars]\nx=a\nansible_group_priority=10\n[b:vars]\nx=b\n', 'a'],
    [
      'depth over priority',
      '[z]\nh\n[a:children]\nz\n[z:vars]\nx=child\n[a:vars]\nx=parent\nansible_group_priority=10\n',
      'child',
    ],
    ['a host over its groups', '[z]\nh x=host\n[z:vars]\nx=z\n', 'host'],
    ['a group over all', 'h\n[all:vars]\nx=all\nansible_group_priority=99\n[z]\nh\n[z:vars]\nx=z\n', 'z'],
  ])('%s', async (_, text, value) => {
    expect(varsOf(await load({ hosts: text }), 'h')).toEqual({ x: value })
  })

  it('host variables of the inventory rank between group_vars and host_vars', async () => {
    const files = { 'i/hosts': '[web]\nh x=line\n', 'i/group_vars/web': 'x: group', 'p/group_vars/web': 'x: group' }
    put(files)
    expect(varsOf(await loadInventory(['i'], { cwd, playbookFolders: ['p'] }), 'h')).toEqual({ x: 'line' })
    put({ 'i/host_vars/h': 'x: host' })
    expect(varsOf(await loadInventory(['i'], { cwd, playbookFolders: ['p'] }), 'h')).toEqual({ x: 'host' })
  })

  it('host_vars of names with dots are read', async () => {
    expect(
      varsOf(
        await load({ hosts: 'a.example.com\n', 'host_vars/a.example.com': 'x: 1', 'host_vars/a.example.com~': 'x: 2' }),
        'a.example.com',
      ),
    ).toEqual({ x: 1 })
  })

  it('variables of one name in two files are an error', async () => {
    expect(await seen({ hosts: 'a\n', 'group_vars/all/x.yml': 'x: 1', 'group_vars/all.yml': 'x: 2' })).toEqual([
      "group_vars/all.yml:1:1 the variables of 'all' stand in two places: all and all.yml",
    ])
  })
})

describe('speed', () => {
  it.each([
    [
      'INI',
      'hosts',
      Array.from(
        { length: 5000 },
        (_, i) => `${i % 50 === 0 ? `[g${i}]\n` : ''}host${i} ansible_host=10.0.0.1 n=${i}`,
      ).join('\n'),
    ],
    [
      'YAML',
      'hosts.yml',
      `all:\n  hosts:\n${Array.from({ length: 5000 }, (_, i) => `    host${i}: {ansible_host: 10.0.0.1, n: ${i}}`).join('\n')}`,
    ],
  ])('5,000 hosts of %s are read well under a second', async (_, name, text) => {
    put({ [name]: text, 'group_vars/all.yml': 'a: 1\nb: 2\n' })
    // Time of the processor, not of the clock: other tests run beside this one.
    const start = process.cpuUsage()
    const inventory = await loadInventory([name], { cwd })
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(1000)
    expect(inventory.hosts.size).toBe(5000)
  })
})

it('files in subfolders are not read as inventories: a password would become a host name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlplay-secrets-'))
  try {
    mkdirSync(join(folder, 'secrets'))
    writeFileSync(join(folder, 'secrets/admin-password'), 'uQcHCvHVW7gO\n')
    writeFileSync(join(folder, 'hosts'), 'one\n')
    expect([...(await loadInventory([folder], { cwd: folder })).hosts.keys()]).toEqual(['one'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
