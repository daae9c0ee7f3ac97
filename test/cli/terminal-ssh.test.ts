// Answering and stopping in a real terminal, with a real host at the other end.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Account, account, newKey, noSshd, type Sshd, startSshd } from '../shell/sshd.ts'
import { type Act, inTerminal } from './pty.ts'

const why = noSshd()
vi.setConfig({ testTimeout: 120_000 })
const PASSWORD = 'open sesame 42'
const CTRL_C = '\x03'
let sshd: Sshd
let user: Account
let root: string
let cwd: string

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'mlplay-terminal-ssh-'))
  if (why !== undefined) return
  sshd = await startSshd()
  user = await account({ password: PASSWORD, sudo: 'ACCOUNT ALL=(ALL) ALL' })
  newKey(join(root, 'locked'), 'ed25519', PASSWORD)
  sshd.authorize(join(root, 'locked.pub'))
}, 60_000)
afterAll(async () => {
  await user?.remove()
  await sshd?.stop()
  rmSync(root, { recursive: true })
}, 60_000)

const folder = (name: string, tasks: string, keywords = '', key = sshd.key) => {
  cwd = join(root, name)
  mkdirSync(cwd)
  const how = [
    ...['ansible_host=127.0.0.1', `ansible_port=${sshd.port}`, `ansible_user=${user.name}`],
    ...[`ansible_ssh_private_key_file=${key}`],
    `ansible_ssh_common_args='-F none -o UserKnownHostsFile=${sshd.knownHosts} -o GlobalKnownHostsFile=none'`,
  ].join(' ')
  writeFileSync(join(cwd, 'inv'), `h1 ${how}\nh2 ${how}\n`)
  writeFileSync(join(cwd, 'p.yml'), `- hosts: all\n  gather_facts: false\n${keywords}  tasks:\n${tasks}`)
}
const run = (acts: readonly Act[], ...args: readonly string[]) =>
  inTerminal(['run', 'p.yml', '-i', 'inv', ...args], acts, { cwd, size: [120, 30] })

describe.skipIf(why !== undefined)('a run over ssh', () => {
  const nap = `${300 + (process.pid % 600)}.7${process.pid}`
  const napping = () => spawnSync('pgrep', ['-f', `sleep ${nap}`]).status === 0

  test.each<[string, string, string | undefined]>([
    ['as the account itself', '', undefined],
    ['as root by sudo', '  become: true\n', PASSWORD],
  ])('a second Ctrl-C kills what runs on the host, %s', async (name, keywords, password) => {
    folder(`nap ${name}`, `    - { name: nap, shell: "sleep ${nap}" }\n`, keywords)
    const seen = await run([
      ...(password === undefined ? [] : [{ after: 'password for root: ', type: `${password}\r` }]),
      { after: 'nap  1 s', type: CTRL_C },
      { after: 'interrupted', pause: 0.5, type: CTRL_C },
    ])
    expect([seen.code, napping()]).toEqual([130, false])
    expect(seen.took).toBeLessThan(6)
    expect(seen.screen).toContain('killed before it finished')
    const kept = join(cwd, '.mlplay')
    expect(readFileSync(join(kept, readdirSync(kept)[0] ?? ''), 'utf8')).toContain('"stopped": [\n  "h1"')
  })

  test.each<[string, string, string, string]>([
    ['the sudo password', '  become: true\n', 'key', 'sudo password for root: '],
    ['the passphrase of a key', '', 'locked', 'passphrase for '],
  ])(
    '%s is asked for once, on a line of its own, and Ctrl-C there ends the run',
    async (name, keywords, key, question) => {
      folder(
        `ask ${name}`,
        '    - { name: who, shell: "id -un", register: r }\n    - { debug: "I am {{ r.stdout }}" }\n',
        keywords,
        key === 'key' ? sshd.key : join(root, 'locked'),
      )
      for (const kind of ['live', 'plain'] as const) {
        const answered = await run([{ after: question, pause: 1, type: `${PASSWORD}\r` }], '-o', kind)
        expect([answered.code, kind]).toEqual([0, kind])
        expect(answered.screen).toContain(`I am ${keywords === '' ? user.name : 'root'}`)
        expect(answered.screen.split(question).length).toBe(2)
        expect(answered.screen).not.toContain(PASSWORD)
        // Nothing is drawn over the question while it waits.
        expect(answered.screen).toMatch(new RegExp(`(^|\\n)[^\\n⠀-⣿]*${question}[^\\n⠀-⣿]*\\n`))
        const stopped = await run([{ after: question, pause: 0.5, type: CTRL_C }], '-o', kind)
        expect([stopped.code, kind]).toEqual([130, kind])
        expect(stopped.took).toBeLessThan(5)
        expect(stopped.screen).toContain('Interrupted after')
        expect(stopped.screen).not.toMatch(/failed=1|unreachable=1/)
      }
    },
  )
})

test('the required tools are installed, or the missing ones are listed', () => {
  if (why !== undefined) expect(why).toMatch(/root|openssh-server/)
  expect(existsSync('/dev/ptmx')).toBe(true)
})
