// Becoming another account on a host, with the real sudo, su and doas.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BecomeOptions, explainBecome } from '../../src/shell/become.ts'
import { BecomeFailed, type Shell } from '../../src/shell/shell.ts'
import { sh } from '../../src/text/sh.ts'
import { connector } from './connector.ts'
import { type Account, account, noSshd, type Sshd, startSshd } from './sshd.ts'

const way = (method: BecomeOptions['method'], user = 'root'): BecomeOptions => ({
  method,
  user,
  password: async () => '',
})

describe('the messages of sudo, su and doas', () => {
  it.each([
    ['sudo', 'sudo: a password is required\n', /sudo wants a password; run again with -K/],
    [
      'sudo',
      'Sorry, try again.\nsudo: 1 incorrect password attempt\n',
      /the password was refused \(one attempt was made\)/,
    ],
    [
      'sudo',
      'ann is not in the sudoers file.\n',
      /may not use sudo for that \(ann is not in the sudoers file.\); add it to the sudoers/,
    ],
    ['sudo', "Sorry, user ann is not allowed to execute '/bin/sh' as root on box.\n", /may not use sudo for that/],
    ['sudo', 'sudo: sorry, you must have a tty to run sudo\n', /asks for a terminal \(requiretty\)/],
    ['sudo', 'sudo: unknown user: bob\n', /there is no such account \(sudo: unknown user: bob\)/],
    ['sudo', "env: 'sudo': No such file or directory\n", /sudo is not installed there/],
    ['sudo', 'sudo: a terminal is required to read the password\n', /sudo/],
    ['su', 'su: Authentication failure\n', /the password was refused/],
    [
      'su',
      'su: user bob does not exist or the user entry does not contain all the required fields\n',
      /no such account/,
    ],
    ['doas', 'doas: Operation not permitted\n', /doas does not permit it without a password/],
    ['doas', 'doas: Authentication required\n', /permit this account with nopass/],
    ['doas', '', /by doas: it ended without a word/],
  ] as const)('%s: %j', (method, said, expected) => {
    const told = explainBecome(way(method), said, 'web1')
    expect(told).toMatch(expected)
    expect(told).toMatch(/^cannot become root on web1/)
  })
})

const why = noSshd()
const PASSWORD = 'pass word $1'
const DOAS = '/etc/doas.conf'
let sshd: Sshd
let before: string | undefined
const accounts = new Map<string, Account>()

describe.skipIf(why !== undefined)('on a real host', () => {
  beforeAll(async () => {
    sshd = await startSshd()
    const add = async (name: string, sudo?: string) =>
      accounts.set(name, await account({ password: PASSWORD, ...(sudo === undefined ? {} : { sudo }) }))
    await add('free', 'ACCOUNT ALL=(ALL) NOPASSWD: ALL')
    await add('asked', 'ACCOUNT ALL=(ALL) ALL')
    await add('nobody')
    await add('tty', 'Defaults:ACCOUNT requiretty\nACCOUNT ALL=(ALL) NOPASSWD: ALL')
    await add('one', `ACCOUNT ALL=(${accounts.get('free')?.name}) NOPASSWD: ALL`)
    before = existsSync(DOAS) ? readFileSync(DOAS, 'utf8') : undefined
    writeFileSync(DOAS, `permit nopass ${name('free')}\npermit ${name('asked')}\n`, { mode: 0o600 })
  }, 60_000)
  afterAll(async () => {
    if (before === undefined) rmSync(DOAS, { force: true })
    else writeFileSync(DOAS, before)
    for (const one of accounts.values()) await one.remove()
    await sshd?.stop()
  }, 60_000)

  const name = (who: string): string => accounts.get(who)?.name ?? ''
  const open = (who: string, become: BecomeOptions): Shell => connector().open(sshd.target(name(who)), become)
  const never = () => Promise.reject(new Error('nobody to ask'))
  const answers = (password: string) => {
    const asked: string[] = []
    return {
      asked,
      password: async (prompt: string) => {
        asked.push(prompt)
        return password
      },
    }
  }
  const whoami = async (shell: Shell): Promise<string> => {
    try {
      return Buffer.from((await shell.run(sh`printf '%s %s' "$(id -un)" "$HOME"`)).stdout).toString()
    } catch (error) {
      if (error instanceof BecomeFailed) return error.message
      throw error
    } finally {
      await shell.close()
    }
  }

  it.each(['sudo', 'su', 'doas'] as const)('%s', async method => {
    const known = { passwordKnown: true, password: async () => PASSWORD }
    // su wants the password of the account that it leads to.
    const user = method === 'su' ? name('asked') : 'root'
    const home = method === 'su' ? accounts.get('asked')?.home : '/root'
    expect(await whoami(open('free', { method, user, ...(method === 'su' ? known : { password: never }) }))).toBe(
      `${user} ${home}`,
    )
  })

  it('become takes one round trip, one channel, and no shell of the login account', async () => {
    const sessions = () => sshd.log().match(/Starting session: command/g)?.length ?? 0
    const at = sessions()
    const shell = open('free', { method: 'sudo', user: 'root', password: never })
    await shell.runAll([{ script: sh`id -u` }, { script: sh`id -un` }])
    expect(shell.roundTrips).toBe(1)
    await shell.close()
    expect(sessions() - at).toBe(1)
  })

  it('sudo that needs a password asks once, and the next shell knows it', async () => {
    const { asked, password } = answers(PASSWORD)
    const shell = open('asked', { method: 'sudo', user: 'root', password })
    const payload = Buffer.alloc(100_000, 'x')
    const output = await shell.run(sh`id -un; wc -c <"$payload"; stat -c %U "$payload"`, { payload })
    expect(Buffer.from(output.stdout).toString()).toBe('root\n100000\nroot\n')
    expect(new Set(asked)).toEqual(new Set(['sudo password for root']))
    await shell.close()
  })

  it('the password is in no argument and no environment variable on the host', async () => {
    const { password } = answers(PASSWORD)
    const shell = open('asked', { method: 'sudo', user: 'root', passwordKnown: true, password })
    await shell.run(sh`:`)
    // A bracket keeps the search from finding itself.
    const seen = execFileSync('/bin/sh', [
      '-c',
      "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | grep -c 'pass word [$]1' || true",
    ])
    expect(seen.toString().trim()).toBe('0')
    await shell.close()
  })

  it('a wrong password is tried once', async () => {
    const { asked, password } = answers('wrong')
    expect(await whoami(open('asked', { method: 'sudo', user: 'root', passwordKnown: true, password }))).toBe(
      'cannot become root on box: the password was refused (one attempt was made); check -K, --become-password-file or ansible_become_password',
    )
    expect(asked).toHaveLength(1)
    expect(await whoami(open('free', { method: 'su', user: name('asked'), password }))).toContain(
      'the password was refused',
    )
  })

  it.each([
    [
      'a password is wanted and nobody there to give it',
      'asked',
      'sudo',
      'root',
      'sudo wants a password; run again with -K',
    ],
    ['requiretty', 'tty', 'sudo', 'root', 'asks for a terminal (requiretty)'],
    ['an account that does not exist', 'free', 'sudo', 'mlplay-nonesuch', 'there is no such account'],
    ['su to an account that does not exist', 'free', 'su', 'mlplay-nonesuch', 'there is no such account'],
    ['doas that wants a password', 'asked', 'doas', 'root', 'permit this account with nopass'],
    ['doas that knows nothing of it', 'nobody', 'doas', 'root', 'permit this account with nopass'],
  ] as const)('%s', async (_, who, method, user, told) => {
    expect(await whoami(open(who, { method, user, password: never }))).toContain(told)
  })

  it('an account that is not in the sudoers, which sudo reports only after the password', async () => {
    const { password } = answers(PASSWORD)
    const said = await whoami(open('nobody', { method: 'sudo', user: 'root', passwordKnown: true, password }))
    expect(said).toContain(`this account may not use sudo for that (${name('nobody')} is not in the sudoers file.`)
  })

  it('an account that may only become another one', async () => {
    expect(await whoami(open('one', { method: 'sudo', user: name('free'), password: never }))).toBe(
      `${name('free')} ${accounts.get('free')?.home}`,
    )
    const { password } = answers(PASSWORD)
    const said = await whoami(open('one', { method: 'sudo', user: 'root', passwordKnown: true, password }))
    expect(said).toContain('may not use sudo for that')
  })
})
