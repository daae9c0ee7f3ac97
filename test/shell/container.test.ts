// A container that is not registered anywhere, as the lab's hosts are: entered by its namespaces.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TIMED_OUT } from '../../src/shell/frame.ts'
import { sh } from '../../src/text/sh.ts'
import { connector } from './connector.ts'

const usable = process.getuid?.() === 0 && existsSync('/usr/bin/systemd-nspawn') && existsSync('/usr/bin/nsenter')
const name = `mlplay-test-${process.pid}`
let root: string
let container: ChildProcess

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

describe.skipIf(!usable)(usable ? 'nspawn' : 'nspawn: root and systemd-container are needed', () => {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mlplay-nspawn-'))
    chmodSync(root, 0o755)
    for (const folder of ['usr', 'etc', 'tmp', 'dev', 'proc', 'sys', 'run', 'root', 'var'])
      mkdirSync(join(root, folder))
    for (const link of ['bin', 'sbin', 'lib', 'lib64'])
      if (existsSync(`/usr/${link}`)) symlinkSync(`usr/${link}`, join(root, link))
    writeFileSync(join(root, 'etc/os-release'), 'ID=test\n')
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/:/bin/sh\n')
    mkdirSync(join(root, 'etc/pam.d'))
    const permit = ['auth', 'account', 'session'].map(kind => `${kind} required pam_permit.so\n`)
    writeFileSync(join(root, 'etc/pam.d/su'), permit.join(''))
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\nann:x:1000:\n')
    const options = ['-q', '-D', root, '-M', name, '--register=no', '--keep-unit', '--as-pid2', '--bind-ro=/usr']
    container = spawn('systemd-nspawn', [...options, 'sleep', '1000'], { stdio: 'ignore' })
    const there = () => {
      const shell = connector().open({ name: 'box', connection: 'nspawn', address: name })
      return shell.run(sh`:`).then(() => shell.close())
    }
    for (let tries = 0; tries < 100; tries++)
      try {
        return await there()
      } catch {
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    await there()
  }, 60_000)
  afterAll(async () => {
    const ended = new Promise(resolve => container?.once('exit', resolve))
    container?.kill('SIGTERM')
    setTimeout(() => container?.kill('SIGKILL'), 3000).unref()
    await ended
    rmSync(root, { recursive: true, force: true })
  }, 60_000)

  const open = (user?: string) =>
    connector().open({ name: 'box', connection: 'nspawn', address: name, ...(user === undefined ? {} : { user }) })

  it('a shell in a container has no variables of the outside', async () => {
    const shell = open()
    const output = await shell.run(sh`hostname; id -un; pwd; echo "$HOME $SHELL"; ls /etc; exit 3`)
    expect([output.code, text(output.stdout)]).toEqual([
      3,
      `${name}\nroot\n/\n/root /bin/sh\n${execFileSync('ls', [join(root, 'etc')]).toString()}`,
    ])
    expect(shell.roundTrips).toBe(1)
    await shell.close()
  })

  it('a shell in a container as another account', async () => {
    const shell = open('ann')
    expect(text((await shell.run(sh`id -un`)).stdout)).toBe('ann\n')
    await shell.close()
  })

  it('large payloads arrive, and a hanging script is killed with its children', async () => {
    const shell = open()
    const payload = Buffer.alloc(300_000, 'a\0')
    expect(Buffer.from((await shell.run(sh`cat "$payload"`, { payload })).stdout).equals(payload)).toBe(true)
    const { code } = await shell.run(sh`sleep 61234 & sleep 61234`, { timeout: 500 })
    expect(code).toBe(TIMED_OUT)
    expect(execFileSync('/bin/sh', ['-c', 'pgrep -f "^sleep 61234" || true']).toString()).toBe('')
    await shell.close()
  })

  it('a stopped container is an error that says so', async () => {
    const shell = connector().open({ name: 'box', connection: 'nspawn', address: 'mlplay-nonesuch' })
    await expect(shell.run(sh`:`)).rejects.toThrow('no container mlplay-nonesuch runs here')
    await shell.close()
  })
})

describe.each(['docker', 'podman'] as const)('%s', connection => {
  it('a missing program, daemon or container is named', async () => {
    const shell = connector().open({ name: 'box', connection, address: 'mlplay-nonesuch' })
    await expect(shell.run(sh`:`)).rejects.toThrow(
      new RegExp(
        `(cannot reach box: the program ${connection} is not installed here|no shell on box: it ended at once with code \\d+: .)`,
      ),
    )
    await shell.close()
  })
})
