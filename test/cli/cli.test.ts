// The built command, as a person runs it.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { afterAll, describe, expect, it } from 'vitest'
import { taskTypes } from '../../src/tasks/registry.ts'
import { mlplay, program, repository } from '../e2e/mlplay.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-cli-'))
afterAll(() => rmSync(root, { recursive: true }))

const file = (name: string, text: string): string => {
  const path = join(root, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

const hello = file(
  'hello.yml',
  '- name: greet\n  hosts: localhost\n  tasks:\n    - name: say\n      debug: "hello {{ who }}"\n      tags: [words]\n',
)

describe('mlplay', () => {
  it('prints its version', async () => {
    const version = (JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string }).version
    expect(await mlplay(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [['--help'], 0, /run \[options\] <playbook...>/],
    [['run', '--help'], 0, /--dry-run/],
    [['rnu'], 3, /unknown command 'rnu'/],
    [['run'], 3, /missing required argument 'playbook'/],
    [['run', hello, '--chek'], 3, /unknown option '--chek'/],
    [['run', 'gone.yml'], 3, /there is no playbook 'gone.yml'/],
    [['run', hello], 3, /hello\.yml:5:24 nothing defines the variable 'who'/],
    [['run', hello, '-e', 'who=you', '-i', 'gone'], 3, /there is no inventory 'gone'/],
    [['run', hello, '-e', 'who=you', '-l', 'nohost'], 3, /no host or group is called 'nohost'/],
    [['run', hello, '-e', 'who=you', '-t', 'wods'], 3, /no task has the tag 'wods', did you mean 'words'\?/],
    [['run', hello, '-e', 'who=you', '--start-at-task', 'sai'], 3, /no task is called 'sai', did you mean 'say'\?/],
    [['run', hello, '-e', 'who'], 3, /-e takes NAME=VALUE or @FILE/],
    [['run', hello, '-e', 'who=you', '-f', '0'], 3, /a whole number of at least 1/],
    [['run', hello, '-e', 'who=you'], 0, /hello you/],
    [['run', hello, '-e', '{"who": "me"}'], 0, /hello me/],
    [['run', hello, '-e', 'who=you', '--list-tasks'], 0, /say {2}\[words\]/],
    [['run', hello, '-e', 'who=you', '--list-hosts'], 0, /localhost/],
    [['validate', hello, '-e', 'who=you'], 0, /hello\.yml: ok/],
    [['inventory', '-i', 'a,b', '--graph'], 0, /@ungrouped:\n.*--a\n/],
    [['doc'], 0, /ensure-dir +a directory/],
    [['doc', 'ensure-dir'], 0, /path: string, required/],
    [['doc', 'ensure-dri'], 3, /did you mean 'ensure-dir'/],
    [['schema', 'inventory'], 0, /"title": "mlplay inventory"/],
    [['exec', 'localhost', '--', 'echo one; exit 4'], 2, /exited with code 4/],
  ])('%j', async (args, code, said) => {
    const ended = await mlplay(args, { cwd: root })
    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stdout + ended.stderr).toMatch(said)
    if (code === 3) expect(ended.stdout).toBe('')
  })

  it('accepts one or several -e options', async () => {
    const playbook = file(
      'values.yml',
      `- hosts: localhost
  vars: { list: [1, { a: b }], word: text }
  tasks:
    - debug: { var: list }
    - debug: { var: word }
    - debug: { var: "list | length + 1" }
    - assert: { that: word == 'text' }
    - assert: { that: [word == 'text', "list[1].a == 'b'"], success_msg: all of them }
    - assert: { that: true }
`,
    )
    const ended = await mlplay(['run', playbook], { cwd: root })
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(ended.stdout).toMatch(/all of them/)
    expect(ended.stdout).toMatch(/word: text/)
    expect(ended.stdout).toMatch(/list \| length \+ 1: 3/)
    expect(ended.stdout).toMatch(/list: \[\s+1,\s+\{\s+"a": "b"\s+\}\s+\]/)
  })

  it('refuses an invalid inventory, and reports a file of the wrong kind without a flood of errors', async () => {
    const bytes = join(root, 'bytes')
    writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0x00, 0x80]))
    const prose = file('prose.ini', 'these are no hosts at all\n'.repeat(200))
    const told = async (source: string) => (await mlplay(['inventory', '-i', source, '--graph'])).stderr
    expect(await told('')).toMatch(/the name of the inventory is empty/)
    expect(await told(bytes)).toMatch(/bytes:1:1 this is not a text file/)
    expect(await told(prose)).toMatch(/errors, the first 100 shown\. Nothing was touched/)
  })

  it('refuses impossible connection settings once each, before any host is touched', async () => {
    const hosts = file('wrong.ini', '[web]\nw[1:300]\n[web:vars]\nansible_connection=shh\n[db]\nd1 ansible_port=ssh\n')
    const ended = await mlplay(['exec', 'all', '-i', hosts, '--', 'true'])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(/w1: there is no connection 'shh', did you mean 'ssh'\?/)
    expect(ended.stderr).toMatch(/d1: ansible_port is 'ssh', not a number from 1 to 65535/)
    expect(ended.stderr).toMatch(/2 errors\. Nothing was touched/)
  })

  it('reports all errors at once: files, hosts, variables, limit', async () => {
    const broken = file(
      'broken.yml',
      '- hosts: wbe\n  tasks:\n    - debug: "{{ nobody }}"\n      become: yes\n    - symlink: { src: /a }\n',
    )
    const ended = await mlplay(['run', broken, '-i', 'web1,', '-l', 'web2'], { cwd: root })
    expect(ended.code).toBe(3)
    expect(ended.stderr.split('\n').filter(line => line.startsWith('error:'))).toEqual([
      "error: broken.yml:1:10 no host or group is called 'wbe'",
      "error: broken.yml:3:18 nothing defines the variable 'nobody'",
      "error: broken.yml:4:15 'become' of a task takes true or false, this is the text 'yes'",
      "error: broken.yml:5:16 symlink needs 'dest'",
      "error: --limit: no host or group is called 'web2', did you mean 'web1'?",
    ])
  })

  it('does not report names that a missing file may define', async () => {
    const broken = file(
      'half.yml',
      '- hosts: localhost\n  vars_files: [gone.yml]\n  tasks:\n    - debug: "{{ maybe }}"\n',
    )
    const ended = await mlplay(['run', broken, '-t', 'maybe-there'], { cwd: root })
    expect(ended.stderr.split('\n').filter(line => line.startsWith('error:'))).toEqual([
      "error: half.yml:2:16 there is no file 'gone.yml'",
    ])
  })

  it.each([...taskTypes.keys()])('documents %s with a valid example', async name => {
    const { stdout } = await mlplay(['doc', name])
    const example = /\nExample:\n([\s\S]+)$/.exec(stdout)?.[1]
    if (name === 'facts') return
    expect(example).toContain(`${name}:`)
    // A file that it names must be there to be checked.
    const playbook = file(
      `doc/${name}.yml`,
      `- hosts: localhost\n  vars: { app: a, number: 1, size: 1, result: { stdout_lines: [] } }\n  tasks:\n${String(example).replace(/^/gm, '  ')}`,
    )
    file('doc/site.conf.j2', '')
    expect(await mlplay(['validate', playbook], { cwd: root })).toMatchObject({ code: 0, stderr: '' })
  })

  it('writes only events to stdout with -o json', async () => {
    const ended = await mlplay(['run', hello, '-e', 'who=you', '-o', 'json'])
    const events = ended.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { event: string })
    expect(events.map(event => event.event)).toEqual(['run', 'play', 'start', 'task', 'summary'])
    expect(events.at(-1)).toMatchObject({ exit_code: 0, hosts: { localhost: { ok: 1 } } })
  })

  it('has a schema that accepts the playbooks of this repository and refuses a broken one', async () => {
    const schema = JSON.parse((await mlplay(['schema'])).stdout) as object
    const check = new Ajv2020({ strict: false, allowUnionTypes: true }).compile(schema)
    for (const name of ['mlflow-proxy', 'mlflow-users', 'mlflow-status', 'mlflow-remove'])
      expect([
        name,
        check(load(readFileSync(join(repository, `playbooks/${name}.yml`), 'utf8'))),
        check.errors,
      ]).toEqual([name, true, null])
    const task = (one: object) => check([{ hosts: 'all', tasks: [one] }])
    for (const good of [
      { debug: 'x' },
      { debug: null },
      { 'nginx-test': null },
      { 'ensure-dir': { path: '/x', mode: '{{ m }}' } },
      { block: [{ debug: 'x' }], rescue: [{ fail: null }] },
      { 'wait-for': { port: '{{ p }}' }, loop: '{{ l }}' },
      { import_role: { name: 'x' } },
    ])
      expect([good, task(good)]).toEqual([good, true])
    for (const bad of [
      { 'ensure-dri': '/x' },
      { name: 'nothing' },
      { debug: 'x', shell: 'y' },
      { debug: 'x', wehn: true },
      { debug: 'x', become: 'yes' },
      { 'ensure-dir': { path: '/x', mode: 420 } },
    ])
      expect([bad, task(bad)]).toEqual([bad, false])
    expect(check([{ tasks: [] }])).toBe(false)
    expect(check([{ hosts: 'all', tasks: null, roles: ['a', { role: 'b' }, { name: 'c' }] }])).toBe(true)
    expect(check([{ import_playbook: 'x.yml' }])).toBe(true)
  })

  it("runs a user's task type written in TypeScript", async () => {
    const target = join(root, 'own-target')
    file(
      'own/tasks/line.ts',
      `import { sh, taskType } from 'mlplay'
export default taskType({
  name: 'line', summary: 'a line', shorthand: 'text',
  params: { type: 'object', additionalProperties: false, required: ['text'], properties: { text: { type: 'string' } } },
  state: { type: 'object', properties: { text: { type: 'string' } } },
  probe: () => sh\`fact text "$(cat ${target} 2>/dev/null)"\`,
  plan: ({ text }, found) => found.text === text ? [] : [{ what: 'write the line', before: found.text ?? null, after: text, sh: sh\`printf '%s\\n' \${text} > ${target}\` }],
})
`,
    )
    const playbook = file('own/p.yml', "- hosts: localhost\n  tasks:\n    - line: it's here\n")
    const first = await mlplay(['run', playbook], { cwd: root })
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(readFileSync(target, 'utf8')).toBe("it's here\n")
    expect((await mlplay(['run', playbook], { cwd: root })).stdout).toContain('Converged')
    file('own/tasks/broken.ts', 'export default {\n  name: ,\n}\n')
    const broken = await mlplay(['run', playbook], { cwd: root })
    expect([broken.code, broken.stderr]).toEqual([
      3,
      expect.stringContaining('broken.ts:2:9 this task type does not build'),
    ])
  })

  it("runs a user's task type that edits a file by the kit, and changes nothing else in it", async () => {
    const target = file('kit/settings', 'a=1\nb=2\n')
    file(
      'kit/tasks/setting.ts',
      `import { editFileType, editParams } from 'mlplay'
export default editFileType({
  name: 'setting', summary: 'a setting of a file',
  example: { name: 'b', params: { path: '/etc/x', key: 'b', value: '3' } },
  params: { type: 'object', additionalProperties: false, required: ['path', 'key', 'value'],
    properties: { ...editParams, key: { type: 'string' }, value: { type: 'string' } } },
  edit: (old = '', { key, value }) => {
    const text = old.split('\\n').map(line => line.startsWith(key + '=') ? key + '=' + value : line).join('\\n')
    return { text, did: text === old ? [] : ['set ' + key] }
  },
})
`,
    )
    const playbook = file(
      'kit/p.yml',
      `- hosts: localhost\n  tasks:\n    - setting: { path: ${target}, key: b, value: "3" }\n`,
    )
    const first = await mlplay(['run', playbook, '--diff'], { cwd: root })
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(first.stdout).toContain('-b=2')
    expect(readFileSync(target, 'utf8')).toBe('a=1\nb=3\n')
    expect((await mlplay(['run', playbook], { cwd: root })).stdout).toContain('Converged')
  })

  it('tells an account without privileges what to do, before any change', async () => {
    if (process.getuid?.() !== 0) return
    const playbook = file(
      'rights.yml',
      '- hosts: localhost\n  become: true\n  tasks:\n    - ensure-dir: /etc/mlplay-never\n',
    )
    await program('chmod', ['-R', 'a+rX', root])
    const ended = await program(
      'setpriv',
      [
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        process.execPath,
        join(repository, 'bin/mlplay.js'),
        'run',
        playbook,
      ],
      { env: { USER: 'nobody', HOME: '/tmp', NO_COLOR: '1' } },
    )
    expect(ended.code, ended.stderr).toBe(2)
    expect(ended.stdout).toMatch(/cannot become root/)
  })
})
