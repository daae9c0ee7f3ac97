// Real scripts, run as the command line runs them.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadInventory } from '../../../src/load/inventory/load-inventory.ts'
import { Fault } from '../../../src/model/fault.ts'
import { runProgram } from '../../../src/shell/run-program.ts'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'program-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const program = (name: string, body: string, mode = 0o755): void => {
  mkdirSync(dirname(join(cwd, name)), { recursive: true })
  writeFileSync(join(cwd, name), body)
  chmodSync(join(cwd, name), mode)
}
/** A script that answers `--list` with this, notes each call, and fails when it is asked for a host. */
const answering = (list: unknown, host = 'exit 9'): string =>
  `#!/bin/sh\necho "$*" >> ${cwd}/calls\nif [ "$1" = --list ]; then cat <<'EOF'\n${typeof list === 'string' ? list : JSON.stringify(list)}\nEOF\nelse ${host}; fi\n`
const load = (source: string) =>
  loadInventory([source], {
    cwd,
    runProgram: (file, args) => runProgram(file, args, { cwd, env: process.env, seconds: 20, maxBytes: 1_000_000 }),
  })
const calls = () => readFileSync(join(cwd, 'calls'), 'utf8').trim().split('\n').toSorted()
const faults = async (source: string): Promise<readonly string[]> => {
  const found = await load(source).catch((error: unknown) => error)
  if (found instanceof Fault) return found.all.map(fault => fault.describe().replaceAll(`${cwd}/`, ''))
  throw new Error('no fault')
}
const varsOf = async (source: string) =>
  Object.fromEntries([...(await load(source)).hosts].map(([name, host]) => [name, host.vars]))

describe('executable inventories', () => {
  it('an inventory program is called once when it prints _meta', async () => {
    program(
      'inv',
      answering({
        web: { hosts: ['a', 'b'], vars: { x: 1 } },
        bare: ['c', 'a'],
        db: { children: ['bare', 'later'] },
        later: ['n'],
        _meta: { hostvars: { a: { x: 2, list: [{ y: null }] }, nobody: { x: 1 } } },
      }),
    )
    expect(await varsOf('inv')).toEqual({ a: { x: 2, list: [{ y: null }] }, b: { x: 1 }, c: {}, n: {} })
    expect(calls()).toEqual(['--list'])
    const { groups } = await load('inv')
    expect(groups.get('db')).toMatchObject({ hosts: ['c', 'a', 'n'], children: ['bare', 'later'] })
  })

  it('an inventory program without _meta is called for each host', async () => {
    program('inv', answering({ web: ['a', 'b', 'quiet'] }, '[ "$2" = quiet ] || echo "{\\"me\\": \\"$2\\"}"'))
    expect(await varsOf('inv')).toEqual({ a: { me: 'a' }, b: { me: 'b' }, quiet: {} })
    expect(calls()).toEqual(['--host a', '--host b', '--host quiet', '--list'])
  })

  it('a group with only variables is read as a host, as in Ansible', async () => {
    program('inv', answering({ box: { ansible_host: '10.0.0.1' }, _meta: { hostvars: {} } }))
    expect(await varsOf('inv')).toEqual({ box: { ansible_host: '10.0.0.1' } })
  })

  it('a program in a folder is run, and group_vars beside it are read', async () => {
    program('i/1.py', answering({ web: ['a'], _meta: { hostvars: { a: { x: 'program' } } } }))
    program('i/2.ini', '[web]\nb\na y=1\n', 0o644)
    program('i/group_vars/web.yml', 'x: group\nz: 1\n', 0o644)
    expect(await varsOf('i')).toEqual({ a: { x: 'program', y: 1, z: 1 }, b: { x: 'group', z: 1 } })
  })

  it('host names are passed as arguments without a shell', async () => {
    program('inv', answering({ web: ['a;touch${IFS}gone', '$(id)'] }, 'echo "{\\"me\\": \\"$2\\"}"'))
    expect(Object.keys(await varsOf('inv'))).toEqual(['a;touch${IFS}gone', '$(id)'])
    expect(calls()).toContain('--host $(id)')
  })

  it.each<[string, string, string]>([
    [
      'a failure',
      '#!/bin/sh\necho no credentials >&2\nexit 3\n',
      'inv:1:1 --list ended with code 3; it said:\n    no credentials\n  hint: run it yourself to see what it says',
    ],
    [
      'no JSON',
      '#!/bin/sh\necho Loading; echo "{}"\n',
      expect.stringMatching(
        /^inv:1:1 --list printed no JSON: .*\n {2}hint: diagnostics of a program go to stderr, JSON alone to stdout$/,
      ),
    ],
    ['silence', '#!/bin/sh\n', expect.stringMatching(/--list printed no JSON[\s\S]*hint: it printed nothing at all/)],
    ['a list', "#!/bin/sh\necho '[1]'\n", 'inv:1:1 --list must print a JSON object'],
    [
      'a missing interpreter',
      '#!/no/such/thing\n',
      'inv:1:1 --list cannot be started\n  hint: the interpreter that its first line names is not there',
    ],
    ['a signal', '#!/bin/sh\nkill -9 $$\n', expect.stringMatching(/--list was ended by SIGKILL/)],
  ])('%s', async (_, script, message) => {
    program('inv', script)
    expect(await faults('inv')).toEqual([message])
  })

  it.each<[unknown, string]>([
    [{ web: 5 }, "the group 'web' of --list is a list of hosts, or has hosts, children and vars"],
    [{ web: { hosts: 'a' } }, "the hosts of the group 'web' are a list of names"],
    [{ web: { hosts: [1] } }, "the group 'web': a host's name is a text, not 1"],
    [{ web: ['-oProxyCommand=x'] }, "the group 'web': a host's name cannot start with '-'"],
    [{ web: { children: 'x' } }, "the children of the group 'web' are a list of names"],
    [{ web: { vars: [] } }, "the vars of the group 'web' are a map"],
    [{ web: ['a'], _meta: { hostvars: [] } }, '_meta.hostvars of --list is a map of hosts'],
    [{ web: ['a'], _meta: { hostvars: { a: 1 } } }, "the variables of the host 'a' are a map"],
    [{ a: { children: ['b'] }, b: { children: ['a'], hosts: ['h'] } }, "the group 'b' holds itself: b > a > b"],
    [{}, 'this inventory names no host'],
  ])('%j', async (list, message) => {
    program('inv', answering(list, 'echo "{}"'))
    expect((await faults('inv')).map(text => text.split('\n')[0])).toEqual([`inv:1:1 ${message}`])
  })

  it('stops calling the program at the first host that fails', async () => {
    program('inv', answering({ web: Array.from({ length: 200 }, (_, i) => `h${i}`) }))
    expect((await faults('inv')).length).toBeLessThanOrEqual(10)
    expect(calls().length).toBeLessThan(30)
  })
})
