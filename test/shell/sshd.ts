import { execFileSync, spawn } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Target } from '../../src/model/target.ts'

/** Why tests with a real sshd cannot run here; nothing when they can. */
export const noSshd = (): string | undefined => {
  if (process.getuid?.() !== 0) return 'a real sshd with accounts of its own takes root'
  if (!existsSync('/usr/sbin/sshd')) return 'openssh-server is not installed (sh test/setup.sh)'
  return undefined
}

const run = (file: string, ...args: readonly string[]): string =>
  execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

export const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

let accounts = 0

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** What a run that was killed has left behind: its accounts, with their rights, and its sshds. */
const sweep = (): void => {
  for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
    const [, name, pid, home] = /^(mlplay(\d+)x\d+):.*:(\/[^:]*mlplay-home-[^:]*):/.exec(line) ?? []
    if (name === undefined || home === undefined || alive(Number(pid))) continue
    rmSync(`/etc/sudoers.d/${name}`, { force: true })
    rmSync(home, { recursive: true, force: true })
    execFileSync('sh', ['-c', 'userdel -f "$1" 2>/dev/null || true', 'sh', name])
  }
  for (const entry of readdirSync(tmpdir())) {
    const [, pid] = /^mlplay-sshd-(\d+)-/.exec(entry) ?? []
    if (pid === undefined || alive(Number(pid))) continue
    const file = join(tmpdir(), entry, 'pid')
    const daemon = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
    if (daemon > 1 && alive(daemon) && readFileSync(`/proc/${daemon}/cmdline`, 'utf8').includes(entry))
      killQuietly(daemon)
    rmSync(join(tmpdir(), entry), { recursive: true, force: true })
  }
}
let swept = false

export interface Account {
  readonly name: string
  readonly home: string
  readonly remove: () => Promise<void>
}

/** An account of this machine for the length of a test: `remove` takes it away with its home. */
export async function account(wish: {
  readonly shell?: string
  readonly password?: string
  /** Lines of sudoers; ACCOUNT is its name. */
  readonly sudo?: string
}): Promise<Account> {
  const name = `mlplay${process.pid}x${accounts++}`
  const home = mkdtempSync(join(tmpdir(), 'mlplay-home-'))
  const locked = async (file: string, ...args: readonly string[]) => {
    // Another test file may hold /etc/passwd for a moment.
    for (let tries = 0; ; tries++)
      try {
        return run(file, ...args)
      } catch (error) {
        if (tries === 20) throw error
        await pause(100 + 100 * Math.random())
      }
  }
  await locked('useradd', '-M', '-d', home, '-s', wish.shell ?? '/bin/bash', '-p', '*', name)
  run('chown', name, home)
  if (wish.password !== undefined) {
    const hash = run('openssl', 'passwd', '-6', wish.password).trim()
    await locked('usermod', '-p', hash, name)
  }
  const sudoers = `/etc/sudoers.d/${name}`
  if (wish.sudo !== undefined) {
    writeFileSync(sudoers, `${wish.sudo.replaceAll('ACCOUNT', name)}\n`)
    chmodSync(sudoers, 0o440)
  }
  return {
    name,
    home,
    remove: async () => {
      rmSync(sudoers, { force: true })
      await locked('userdel', '-f', name).catch(() => '')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export interface Sshd {
  readonly port: number
  readonly folder: string
  /** An ed25519 key without passphrase that every account takes. */
  readonly key: string
  readonly knownHosts: string
  readonly pid: number
  /** The host's public key of a type, as known_hosts has it. */
  readonly hostKey: (type: 'ed25519' | 'ecdsa' | 'rsa') => string
  /** Lets this public key in, for every account. */
  readonly authorize: (publicKeyFile: string) => void
  readonly target: (user: string, more?: Partial<Target>) => Target
  readonly log: () => string
  readonly stop: () => Promise<void>
}

/** A stock sshd on a port of its own, with host keys of its own; `options` are lines of its sshd_config. */
export async function startSshd(options: readonly string[] = []): Promise<Sshd> {
  if (!swept) sweep()
  swept = true
  const folder = mkdtempSync(join(tmpdir(), `mlplay-sshd-${process.pid}-`))
  chmodSync(folder, 0o755)
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 })
  const key = join(folder, 'id')
  newKey(key, 'ed25519')
  for (const type of ['ed25519', 'ecdsa', 'rsa']) newKey(join(folder, `host_${type}`), type)
  const authorized = join(folder, 'authorized_keys')
  writeFileSync(authorized, readFileSync(`${key}.pub`))
  const port = await freePort()
  const log = join(folder, 'log')
  const config = join(folder, 'sshd_config')
  const [own, stock] = [options, [`AuthorizedKeysFile ${authorized}`, 'StrictModes no', 'UsePAM yes']]
  writeFileSync(
    config,
    [
      ...own,
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...['ed25519', 'ecdsa', 'rsa'].map(type => `HostKey ${join(folder, `host_${type}`)}`),
      `PidFile ${join(folder, 'pid')}`,
      'LogLevel VERBOSE',
      ...stock,
    ].join('\n'),
  )
  const daemon = spawn('/usr/sbin/sshd', ['-D', '-f', config, '-E', log], { stdio: 'ignore' })
  for (let tries = 0; tries < 100 && !(await listens(port)); tries++) await pause(50)
  const hostKey: Sshd['hostKey'] = type =>
    readFileSync(join(folder, `host_${type}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ')
  const knownHosts = join(folder, 'known_hosts')
  writeFileSync(knownHosts, `[127.0.0.1]:${port} ${hostKey('ed25519')}\n`)
  return {
    port,
    folder,
    key,
    knownHosts,
    pid: daemon.pid ?? 0,
    hostKey,
    authorize: file => appendFileSync(authorized, readFileSync(file)),
    target: (user, more = {}) => ({
      name: 'box',
      connection: 'ssh',
      address: '127.0.0.1',
      port,
      user,
      privateKeyFile: key,
      sshArgs: ['-F', 'none', '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'GlobalKnownHostsFile=none'],
      ...more,
    }),
    log: () => readFileSync(log, 'utf8'),
    stop: async () => {
      const ended = new Promise(resolve => daemon.once('exit', resolve))
      // Its children serve connections that tests left open: they are a session each and go with their own parent.
      for (const child of run('sh', '-c', `cat /proc/${daemon.pid}/task/*/children 2>/dev/null || true`)
        .trim()
        .split(' '))
        if (child !== '') killQuietly(Number(child))
      daemon.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const newKey = (file: string, type: string, passphrase = '', format: readonly string[] = []): void => {
  run('ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', '', '-f', file, ...format)
}

const killQuietly = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone already
  }
}

const listens = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
