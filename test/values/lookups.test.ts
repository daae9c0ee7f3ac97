import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { pipe } from '../../src/shell/pipe.ts'
import { renderString } from '../../src/template/template.ts'
import { Secrets } from '../../src/text/redact.ts'
import type { LookupContext } from '../../src/values/lookup-context.ts'
import { lookups } from '../../src/values/lookups.ts'
import { play, run } from '../run/played.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-lookups-'))
afterAll(() => rmSync(root, { recursive: true }))
let folder = ''
let count = 0
beforeEach(() => {
  folder = join(root, String(count++))
  mkdirSync(folder)
})

const file = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

const render = (
  text: string,
  more: Partial<LookupContext> = {},
  vars: Readonly<Record<string, unknown>> = {},
): unknown =>
  renderString(
    text,
    { get: name => vars[name], has: name => Object.hasOwn(vars, name) },
    {
      lookup: lookups({
        folders: [folder],
        env: { HOME: '/home/ann', EMPTY: '' },
        random: bytes => randomBytes(bytes),
        check: false,
        secrets: new Secrets(),
        pipe,
        made: new Map(),
        ...more,
      }),
    },
  )
const refusal = (text: string, more: Partial<LookupContext> = {}): string => {
  try {
    return `gave ${JSON.stringify(render(text, more))}`
  } catch (error) {
    return (error as Error).message.replaceAll(folder, '@')
  }
}

describe('lookups return values', () => {
  it.each<[string, unknown]>([
    ["{{ lookup('env', 'HOME') }}", '/home/ann'],
    ["{{ lookup('ansible.builtin.env', 'HOME') }}", '/home/ann'],
    ["{{ lookup('env', 'NONE') }}", ''],
    ["{{ lookup('env', 'NONE', default='d') }}", 'd'],
    ["{{ lookup('env', 'HOME', 'HOME') }}", '/home/ann,/home/ann'],
    ["{{ lookup('env', 'HOME', wantlist=true) }}", ['/home/ann']],
    ["{{ query('env', 'HOME', 'EMPTY') }}", ['/home/ann', '']],
    ["{{ q('env', 'HOME') }}", ['/home/ann']],
    ["{{ lookup('pipe', 'echo a; echo b') }}", 'a\nb'],
    ["{{ lookup('file', 'f') }}", 'in files'],
    ["{{ lookup('file', 'g', rstrip=false) }}", 'beside\n\n'],
    ["{{ lookup('file', 'h', lstrip=true) }}", 'blank'],
    ["{{ lookup('file', 'f', 'g') }}", 'in files,beside'],
    ["{{ lookup('file', 'gone', errors='ignore') }}", ''],
    ["{{ query('file', 'gone', errors='ignore') }}", []],
  ])('%s', (text, value) => {
    file('files/f', 'in files\n')
    file('f', 'not this\n')
    file('g', 'beside\n\n')
    file('h', '  blank\n')
    expect(render(text)).toEqual(value)
  })

  it("a role's task searches the role's files first, also in its variables", async () => {
    const { exit, messages } = await run({
      'p.yml': `- hosts: all\n  roles: [r]\n  tasks: [{ debug: "{{ lookup('file', 'f') }}" }]\n`,
      f: 'of the play',
      'roles/r/files/f': 'of the role',
      'roles/r/defaults/main.yml': `text: "{{ lookup('file', 'f') }}"\n`,
      'roles/r/tasks/main.yml': `- debug: "{{ lookup('file', 'f') }}"\n- debug: "{{ text }}"\n`,
    })
    expect([exit, messages]).toEqual([0, ['of the role', 'of the role', 'of the play']])
  })
})

describe('invalid lookups are errors', () => {
  it.each([
    ["{{ lookup('file', 'nope') }}", "there is no file 'nope'"],
    ["{{ lookup('file', 'net.cnf') }}", "there is no file 'net.cnf', did you mean 'net.conf'?"],
    ["{{ lookup('file', 'files') }}", "'files' is a folder, not a file"],
    ["{{ lookup('file', 'bytes') }}", 'this file is not UTF-8'],
    ["{{ lookup('file', 'net.conf', strip=true) }}", "lookup('file') has no 'strip'"],
    ["{{ lookup('file', 'nope', errors='warn') }}", "errors of lookup('file') is strict or ignore, not 'warn'"],
    ["{{ lookup('env') }}", "lookup('env') does not say of what"],
    ["{{ lookup('env', {}) }}", "lookup('env') takes a text, this is object"],
    ["{{ lookup('pipe', 'exit 3') }}", "lookup('pipe') ended with code 3: exit 3"],
    ['{{ lookup(name) }}', "there is no lookup 'undefined'"],
  ])('%s: %s', (text, message) => {
    file('files/net.conf', 'x')
    file('bytes', new Uint8Array([0xff, 0x41]))
    if (text.includes('(name)')) expect(() => render(text)).toThrow(/'name' is undefined/)
    else expect(refusal(text)).toBe(message)
  })

  it('the error lists each searched path once', () => {
    try {
      render("{{ lookup('file', 'nope') }}", { folders: [folder, folder] })
      expect.unreachable()
    } catch (error) {
      expect((error as { hint: string }).hint).toBe(`looked for ${folder}/files/nope, ${folder}/nope`)
    }
  })
})

describe("lookup('password')", () => {
  const kept = () => readFileSync(join(folder, 'secrets/pw'), 'utf8')

  it.each([
    ["{{ lookup('password', 'secrets/pw') }}", /^[A-Za-z0-9]{20}$/],
    ["{{ lookup('password', 'secrets/pw length=8 chars=digits') }}", /^[0-9]{8}$/],
    ["{{ lookup('password', 'secrets/pw', length=300, chars=['a', 'digits']) }}", /^[a0-9]{300}$/],
    ["{{ lookup('password', 'secrets/pw', length='12', chars='hexdigits') }}", /^[0-9a-fA-F]{12}$/],
    ["{{ lookup('password', 'secrets/pw chars=x,,') }}", /^[x,]{20}$/],
  ])('%s', (text, pattern) => {
    const made = String(render(text))
    expect(made).toMatch(pattern)
    expect(kept()).toBe(`${made}\n`)
    expect(statSync(join(folder, 'secrets/pw')).mode & 0o777).toBe(0o600)
    expect(readdirSync(join(folder, 'secrets'))).toEqual(['pw'])
    expect(render(text)).toBe(made)
  })

  it('a password file written by others, also by Ansible, is read and left unchanged', () => {
    file('secrets/pw', 'hush-4711\r\nmore\n')
    expect(render("{{ lookup('password', 'secrets/pw') }}")).toBe('hush-4711')
    file('secrets/pw', 'hush 12 salt=abc\n')
    expect(render("{{ lookup('password', 'secrets/pw') }}")).toBe('hush 12')
    expect(kept()).toBe('hush 12 salt=abc\n')
  })

  it('a dry run stores no password and gives the same one twice', () => {
    const made = new Map<string, string>()
    const [one, two] = [0, 1].map(() => render("{{ lookup('password', 'secrets/pw') }}", { check: true, made }))
    expect(one).toBe(two)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['/dev/full', '/dev/zero', '/dev/tty'])('%s holds no password: it is no plain file', name => {
    file('secrets/other', 'x')
    expect(() => render(`{{ lookup('password', '${name}') }}`)).toThrow('it is no plain file')
  })

  it('a named pipe without a writer is not read', () => {
    file('secrets/other', 'x')
    execFileSync('mkfifo', [join(folder, 'secrets/pw')])
    expect(() => render("{{ lookup('password', 'secrets/pw') }}")).toThrow('it is no plain file')
  })

  it('/dev/null gives a new password each time, which is not stored', () => {
    const made = new Map<string, string>()
    const [one, two] = [0, 1].map(() => render("{{ lookup('password', '/dev/null length=15') }}", { made }))
    expect(one).toMatch(/^[A-Za-z0-9]{15}$/)
    expect(two).not.toBe(one)
  })

  it.each([
    ['chars=[]', "{{ lookup('password', 'secrets/pw', chars=[]) }}", 'chars of a password names no character'],
    ['empty chars', "{{ lookup('password', 'secrets/pw', chars='') }}", 'chars of a password names no character'],
    [
      'no length',
      "{{ lookup('password', 'secrets/pw length=0') }}",
      "the length of a password is a whole number from 1 to 4096, not '0'",
    ],
    [
      'a length that is none',
      "{{ lookup('password', 'secrets/pw length=ten') }}",
      "the length of a password is a whole number from 1 to 4096, not 'ten'",
    ],
    [
      'a length that is too long',
      "{{ lookup('password', 'secrets/pw length=1000000') }}",
      "the length of a password is a whole number from 1 to 4096, not '1000000'",
    ],
    [
      'encrypt',
      "{{ lookup('password', 'secrets/pw', encrypt='sha512_crypt') }}",
      "lookup('password') has no 'encrypt'",
    ],
    ['an unknown argument', "{{ lookup('password', 'secrets/pw', lenght=3) }}", "lookup('password') has no 'lenght'"],
    ['no file', "{{ lookup('password', 'length=3') }}", "lookup('password') takes the name of a file"],
  ])('refuses %s', (_, text, message) => {
    expect(refusal(text)).toBe(message)
    expect(readdirSync(folder)).toEqual([])
  })

  it.each([
    ['nothing at all', ''],
    ['a line break', '\n'],
    ['an empty first line', '\nsecret\n'],
  ])('refuses a file that holds %s', (_, text) => {
    file('secrets/pw', text)
    expect(refusal("{{ lookup('password', 'secrets/pw') }}")).toBe('the password file @/secrets/pw is empty')
    expect(kept()).toBe(text)
  })

  it('the error says why a password cannot be stored', () => {
    file('secrets', 'a file')
    expect(refusal("{{ lookup('password', 'secrets/pw') }}")).toMatch(
      /^cannot (read|keep) the password.* @\/secrets\/pw: a part of the path is no folder$/,
    )
    mkdirSync(join(folder, 'dir'))
    expect(refusal("{{ lookup('password', 'dir') }}")).toBe('cannot read the password file @/dir: it is a folder')
    expect(refusal("{{ lookup('password', '/proc/nothing/pw') }}")).toBe(
      'cannot keep the password in /proc/nothing/pw: its folder cannot be made',
    )
  })

  it('a password that cannot be written completely is not stored', () => {
    const script = `
      import { lookupPassword } from ${JSON.stringify(resolve('src/values/lookup-password.ts'))}
      const random = bytes => new Uint8Array(bytes).fill(7)
      try { lookupPassword('secrets/pw length=2000', {}, { folders: [${JSON.stringify(folder)}], env: {}, random, check: false, secrets: { add() {} }, made: new Map() }) }
      catch (error) { process.stderr.write(error.message) }`
    file('try.mjs', script)
    chmodSync(folder, 0o755)
    const hooks = resolve('test/typescript.mjs')
    const ended = spawnSync(
      'sh',
      ['-c', `ulimit -f 1; exec "$0" --import "$1" "$2"`, process.execPath, hooks, join(folder, 'try.mjs')],
      { encoding: 'utf8' },
    )
    expect(ended.stderr).toContain('cannot keep the password in')
    expect(ended.stderr).toContain('the file would be too large')
    expect(readdirSync(join(folder, 'secrets'))).toEqual([])
  })

  it('a folder that cannot be created fails the task of one host, not the run', async () => {
    const { exit, messages } = await run(play(`- debug: "{{ lookup('password', '/proc/x/pw') }}"\n`))
    expect([exit, messages]).toEqual([
      2,
      [expect.stringMatching(/^cannot keep the password in \/proc\/x\/pw: its folder cannot be made/)],
    ])
  })
})
