// Who is let in and which host is believed, against a real sshd.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Target } from '../../../src/model/target.ts'
import type { SessionFactoryOptions } from '../../../src/shell/session-factory.ts'
import { Unreachable } from '../../../src/shell/shell.ts'
import { sh } from '../../../src/text/sh.ts'
import { connector } from '../connector.ts'
import { type Account, account, newKey, noSshd, type Sshd, startSshd } from '../sshd.ts'

const why = noSshd()
let sshd: Sshd
let user: Account
const PASSWORD = 'Tr0ub4dor & 3'

beforeAll(async () => {
  if (why !== undefined) return
  sshd = await startSshd(['MaxAuthTries 6', 'KbdInteractiveAuthentication yes'])
  user = await account({ password: PASSWORD })
}, 60_000)
afterAll(async () => {
  await user?.remove()
  await sshd?.stop()
}, 60_000)

/** What the host answers; or why it cannot be reached. */
const attempt = async (more: Partial<Target>, options: Partial<SessionFactoryOptions> = {}): Promise<string> => {
  const shell = connector(options).open(sshd.target(user.name, more))
  try {
    return Buffer.from((await shell.run(sh`printf in`)).stdout).toString()
  } catch (error) {
    if (error instanceof Unreachable) return error.message
    throw error
  } finally {
    await shell.close()
  }
}
const args = (...more: readonly string[]): readonly string[] => [
  ...['-F', 'none', '-o', 'GlobalKnownHostsFile=none'],
  ...more.flatMap(one => ['-o', one]),
]
const failures = () => (sshd.log().match(/Failed (password|publickey|keyboard)/g) ?? []).length

describe.skipIf(why !== undefined)('keys', () => {
  it.each([
    ['rsa', ''],
    ['ecdsa', ''],
    ['ed25519', 'a passphrase'],
  ])('%s, passphrase "%s"', async (type, passphrase) => {
    const key = join(sshd.folder, `${type}${passphrase === '' ? '' : '-locked'}`)
    newKey(key, type, passphrase)
    sshd.authorize(`${key}.pub`)
    let questions = 0
    const ask = async (prompt: string) => {
      questions++
      expect(prompt).toBe(`passphrase for ${key}`)
      return passphrase
    }
    expect(await attempt({ privateKeyFile: key }, { ask })).toBe('in')
    expect(questions).toBe(passphrase === '' ? 0 : 1)
  })

  it('the passphrase of a key is asked for once, however many hosts need it', async () => {
    const key = join(sshd.folder, 'ed25519-locked')
    let questions = 0
    const opener = connector({
      ask: async () => {
        questions++
        await new Promise(resolve => setTimeout(resolve, 50))
        return 'a passphrase'
      },
    })
    const shells = Array.from({ length: 5 }, (_, i) =>
      opener.open(sshd.target(user.name, { name: `h${i}`, privateKeyFile: key })),
    )
    await Promise.all(shells.map(shell => shell.run(sh`:`)))
    await Promise.all(shells.map(shell => shell.close()))
    expect(questions).toBe(1)
  })

  it('a wrong passphrase, a missing terminal and a missing file are reported', async () => {
    const key = join(sshd.folder, 'ed25519-locked')
    expect(await attempt({ privateKeyFile: key }, { ask: async () => 'no' })).toBe(`the passphrase of ${key} was wrong`)
    expect(await attempt({ privateKeyFile: key })).toContain(`${key} takes a passphrase, and it could not be asked for`)
    expect(await attempt({ privateKeyFile: '/nonesuch/key' })).toContain('/nonesuch/key cannot be read')
  })

  it('a refused key is reported', async () => {
    const key = join(sshd.folder, 'stranger')
    newKey(key, 'ed25519')
    expect(await attempt({ privateKeyFile: key })).toBe(
      `box (127.0.0.1:${sshd.port}) does not let ${user.name} in: tried ${key}; it takes publickey, password, keyboard-interactive. Check the account (-u), the key (--private-key) or the password (-k)`,
    )
  })
})

describe.skipIf(why !== undefined)('an ssh-agent', () => {
  let agent: { readonly socket: string; readonly pid: string }
  const socket = () => ({ env: { ...process.env, SSH_AUTH_SOCK: agent.socket } })
  beforeAll(() => {
    const said = execFileSync('ssh-agent', ['-s']).toString()
    agent = {
      socket: /SSH_AUTH_SOCK=([^;]+)/.exec(said)?.[1] ?? '',
      pid: /SSH_AGENT_PID=(\d+)/.exec(said)?.[1] ?? '',
    }
    for (let i = 0; i < 8; i++) {
      const key = join(sshd.folder, `agent${i}`)
      newKey(key, i === 0 ? 'rsa' : 'ed25519')
      execFileSync('ssh-add', ['-q', key], { env: { ...process.env, SSH_AUTH_SOCK: agent.socket } })
    }
    sshd.authorize(join(sshd.folder, 'agent7.pub'))
    sshd.authorize(join(sshd.folder, 'agent0.pub'))
  })
  afterAll(() => {
    if (agent !== undefined) process.kill(Number(agent.pid))
  })
  const known = () => `UserKnownHostsFile=${sshd.knownHosts}`
  const only = { privateKeyFile: undefined } as unknown as Partial<Target>

  it('an agent signs with an RSA key', async () => {
    expect(await attempt({ ...only, sshArgs: args(known(), 'IdentityFile=none') }, socket())).toBe('in')
  })

  it('an agent is asked only for the configured key, of which only the public half exists', async () => {
    const alone = join(sshd.folder, 'alone')
    writeFileSync(`${alone}.pub`, readFileSync(join(sshd.folder, 'agent7.pub')))
    const before = failures()
    const sshArgs = args(known(), `IdentityFile=${alone}`, 'IdentitiesOnly=yes')
    expect(await attempt({ ...only, sshArgs }, socket())).toBe('in')
    expect(failures() - before).toBe(0)
  })

  it('an agent with many keys leaves an attempt for the password', async () => {
    const refused = join(sshd.folder, 'stranger2')
    newKey(refused, 'ed25519')
    execFileSync('ssh-add', ['-q', '-d', join(sshd.folder, 'agent0')], { env: socket().env })
    execFileSync('ssh-add', ['-q', '-d', join(sshd.folder, 'agent7')], { env: socket().env })
    expect(await attempt({ privateKeyFile: refused, sshArgs: args(known()), password: PASSWORD }, socket())).toBe('in')
    const said = await attempt({ privateKeyFile: refused, sshArgs: args(known()) }, socket())
    expect(said).toMatch(new RegExp(`tried ${refused}, .*\\(agent\\)`))
    expect(said).toContain('does not let')
  })

  it('an agent that does not answer is skipped', async () => {
    const env = { ...process.env, SSH_AUTH_SOCK: '/nonesuch' }
    expect(await attempt({}, { env })).toBe('in')
  })
})

describe.skipIf(why !== undefined)('passwords', () => {
  const none = { privateKeyFile: undefined } as unknown as Partial<Target>
  const sshArgs = (...more: readonly string[]) =>
    args(`UserKnownHostsFile=${sshd.knownHosts}`, 'IdentityFile=none', ...more)

  it('a right password logs in', async () => {
    expect(await attempt({ ...none, password: PASSWORD, sshArgs: sshArgs() })).toBe('in')
  })

  it('a password logs in by keyboard-interactive', async () => {
    expect(await attempt({ ...none, password: PASSWORD, sshArgs: sshArgs('PasswordAuthentication=no') })).toBe('in')
    expect(sshd.log()).toContain('Accepted keyboard-interactive/pam')
  })

  it('a wrong password is tried once', async () => {
    const before = failures()
    expect(await attempt({ ...none, password: 'wrong', sshArgs: sshArgs() })).toContain(
      `does not let ${user.name} in: tried the password; it takes publickey, password`,
    )
    expect(failures() - before).toBe(1)
  })

  it('a missing password is reported', async () => {
    expect(await attempt({ ...none, sshArgs: sshArgs() })).toContain('nothing to offer')
  })
})

describe.skipIf(why !== undefined)('host keys', () => {
  const withHosts = (text: string, more: Partial<Target> = {}): Partial<Target> & { readonly file: string } => {
    const file = join(sshd.folder, `known${Math.random()}`)
    writeFileSync(file, text)
    return { file, sshArgs: args(`UserKnownHostsFile=${file}`), ...more }
  }
  const name = () => `[127.0.0.1]:${sshd.port}`
  const shown = (type: 'ed25519' | 'rsa') =>
    execFileSync('ssh-keygen', ['-lf', join(sshd.folder, `host_${type}.pub`)])
      .toString()
      .split(' ')[1] ?? ''

  it('an unknown host key is reported with its fingerprint and a hint, and not stored', async () => {
    const wish = withHosts('')
    expect(await attempt(wish)).toBe(
      `the host key of box (127.0.0.1:${sshd.port}) is not known: it shows ssh-ed25519 ${shown('ed25519')}. Compare that with the host's own, then keep it: ssh-keyscan -p ${sshd.port} 127.0.0.1 >> ${wish.file}; or let new hosts in by --host-key-checking accept-new`,
    )
    expect(readFileSync(wish.file, 'utf8')).toBe('')
  })

  it('an unknown host key is accepted and stored with accept-new, and checked from then on', async () => {
    const file = join(sshd.folder, 'new/known_hosts')
    const wish = { sshArgs: args(`UserKnownHostsFile=${file}`), hostKeyChecking: 'accept-new' as const }
    expect(await attempt(wish)).toBe('in')
    expect(readFileSync(file, 'utf8')).toBe(`${name()} ${sshd.hostKey('ed25519')}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await attempt({ ...wish, hostKeyChecking: 'strict' })).toBe('in')
  })

  it('accept-new may come from the ssh config, and the name is hashed', async () => {
    const wish = withHosts('')
    const sshArgs = args(`UserKnownHostsFile=${wish.file}`, 'StrictHostKeyChecking=accept-new', 'HashKnownHosts=yes')
    expect(await attempt({ sshArgs })).toBe('in')
    expect(readFileSync(wish.file, 'utf8')).toMatch(/^\|1\|/)
    expect(await attempt({ sshArgs, hostKeyChecking: 'strict' })).toBe('in')
  })

  it.each(['strict', 'accept-new'] as const)('changed is refused, %s or not', async hostKeyChecking => {
    const other = join(sshd.folder, `other-${hostKeyChecking}`)
    newKey(other, 'ed25519')
    const wish = withHosts(`# mine\n${name()} ${readFileSync(`${other}.pub`, 'utf8')}`, { hostKeyChecking })
    const said = await attempt(wish)
    expect(said).toContain(
      `has changed: it shows ssh-ed25519 ${shown('ed25519')}, but ${wish.file}:2 has ssh-ed25519 SHA256:`,
    )
    expect(said).toContain(`ssh-keygen -R '${name()}' -f ${wish.file}`)
  })

  it('a revoked host key is refused although it is known', async () => {
    const wish = withHosts(`@revoked * ${sshd.hostKey('ed25519')}\n${name()} ${sshd.hostKey('ed25519')}\n`)
    expect(await attempt(wish)).toContain('shows a revoked host key')
  })

  it.each(['rsa', 'ecdsa'] as const)('a host that is known by its %s key alone shows that one', async type => {
    expect(await attempt(withHosts(`${name()} ${sshd.hostKey(type)}\n`))).toBe('in')
  })

  it('HostKeyAlias is the name in known_hosts', async () => {
    const { file } = withHosts(`[alias]:${sshd.port} ${sshd.hostKey('ed25519')}\n`)
    expect(await attempt({ sshArgs: args(`UserKnownHostsFile=${file}`, 'HostKeyAlias=alias') })).toBe('in')
  })

  it('the system ssh checks a host with a certificate authority', async () => {
    const authority = join(sshd.folder, 'authority')
    newKey(authority, 'ed25519')
    const certified = await startSshd([`HostCertificate ${sshd.folder}/certified-cert.pub`]).catch(() => undefined)
    if (certified === undefined) throw new Error('no second sshd')
    try {
      const certificate = join(certified.folder, 'host_ed25519-cert.pub')
      execFileSync('ssh-keygen', [
        '-q',
        '-s',
        authority,
        '-I',
        'box',
        '-h',
        '-n',
        '127.0.0.1',
        join(certified.folder, 'host_ed25519.pub'),
      ])
      writeFileSync(`${sshd.folder}/certified-cert.pub`, readFileSync(certificate))
      process.kill(certified.pid, 'SIGHUP')
      await new Promise(resolve => setTimeout(resolve, 500))
      const file = join(sshd.folder, 'known-authority')
      writeFileSync(file, `@cert-authority * ${readFileSync(`${authority}.pub`, 'utf8')}`)
      const target = certified.target(user.name, { sshArgs: args(`UserKnownHostsFile=${file}`) })
      const shell = connector().open(target)
      expect(Buffer.from((await shell.run(sh`printf in`)).stdout).toString()).toBe('in')
      await shell.close()
    } finally {
      await certified.stop()
    }
  })
})

it.skipIf(why !== undefined)('a certificate beside the key makes the system ssh log in', async () => {
  const authority = join(sshd.folder, 'user-authority')
  const key = join(sshd.folder, 'certified-user')
  newKey(authority, 'ed25519')
  newKey(key, 'ed25519')
  execFileSync('ssh-keygen', ['-q', '-s', authority, '-I', 'me', '-n', user.name, `${key}.pub`])
  appendFileSync(join(sshd.folder, 'authorized_keys'), `cert-authority ${readFileSync(`${authority}.pub`, 'utf8')}`)
  expect(await attempt({ privateKeyFile: key })).toBe('in')
  expect(sshd.log()).toContain('ED25519-CERT')
})
