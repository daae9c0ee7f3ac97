// One suite for all shells: whatever way a host is reached by, a script does the same there.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BecomeOptions } from '../../src/shell/become.ts'
import { NOT_RUN, TIMED_OUT } from '../../src/shell/frame.ts'
import { openLocal } from '../../src/shell/local.ts'
import { type Shell, Unreachable } from '../../src/shell/shell.ts'
import { sh, userScript } from '../../src/text/sh.ts'
import { connector } from './connector.ts'
import { noPodman, type Podman, startPodman } from './podman.ts'
import { type Account, account, noSshd, type Sshd, startSshd } from './sshd.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-shell-'))
afterAll(() => rmSync(folder, { recursive: true }))

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')
const env = { PATH: process.env['PATH'], TMPDIR: folder }
const why = noSshd()
const whyNoBox = noPodman()

let sshd: Sshd
let box: Podman
const accounts = new Map<string, Account>()
const passwordless = {
  method: 'sudo',
  user: 'root',
  password: () => Promise.reject(new Error('not asked for')),
} as const
const slow = 'sleep 0.3; echo loaded; echo and noisy >&2\n'

beforeAll(async () => {
  if (whyNoBox === undefined) box = startPodman()
  if (why !== undefined) return
  sshd = await startSshd()
  const add = async (name: string, shell: string, sudo?: string) =>
    accounts.set(name, await account({ shell, ...(sudo === undefined ? {} : { sudo }) }))
  await add('bash', '/bin/bash', 'ACCOUNT ALL=(ALL) NOPASSWD: ALL')
  await add('dash', '/bin/dash')
  await add('fish', '/usr/bin/fish')
  await add('csh', '/bin/tcsh', 'ACCOUNT ALL=(ALL) NOPASSWD: ALL')
  await add('pty', '/bin/bash', 'Defaults:ACCOUNT use_pty\nACCOUNT ALL=(ALL) PASSWD: ALL')
  await add('slow', '/bin/bash')
  writeFileSync(join(accounts.get('slow')?.home ?? '', '.bashrc'), slow)
  execFileSync('usermod', [
    '-p',
    execFileSync('openssl', ['passwd', '-6', 'open sesame']).toString().trim(),
    name('pty'),
  ])
}, 60_000)
afterAll(async () => {
  for (const one of accounts.values()) await one.remove()
  await sshd?.stop()
  box?.stop()
}, 60_000)

const name = (who: string): string => accounts.get(who)?.name ?? ''
const overSsh = (
  who: string,
  more: { readonly connection?: 'ssh' | 'openssh'; readonly become?: BecomeOptions } = {},
): Shell => connector().open(sshd.target(name(who), { connection: more.connection ?? 'ssh' }), more.become)

interface Kind {
  readonly name: string
  readonly open: () => Shell
  /** Why it cannot be tried here. */
  readonly unless?: string
  /** Where payloads go, when that is a folder of its own. */
  readonly payloads?: string
}

const local = (name: string, argv: readonly string[]): Kind => ({
  name,
  open: () => openLocal({ argv, env }),
  payloads: folder,
  ...(existsSync(argv[0] ?? '') ? {} : { unless: `${argv[0]} is not installed (sh test/setup.sh)` }),
})
const remote = (name: string, open: () => Shell): Kind => ({
  name,
  open,
  ...(why === undefined ? {} : { unless: why }),
})

const kinds: readonly Kind[] = [
  local('dash', ['/bin/dash']),
  local('bash', ['/bin/bash']),
  local('bash as sh', ['/bin/bash', '--posix']),
  local('busybox', ['/bin/busybox', 'sh']),
  remote('ssh, bash', () => overSsh('bash')),
  remote('ssh, dash', () => overSsh('dash')),
  remote('ssh, fish', () => overSsh('fish')),
  remote('ssh, csh', () => overSsh('csh')),
  remote('ssh, a slow and noisy login', () => overSsh('slow')),
  remote('ssh, sudo', () => overSsh('bash', { become: passwordless })),
  remote('ssh, csh, sudo', () => overSsh('csh', { become: passwordless })),
  remote('ssh, sudo with a password and a pty of its own', () =>
    overSsh('pty', { become: { ...passwordless, passwordKnown: true, password: async () => 'open sesame' } }),
  ),
  remote('openssh, bash', () => overSsh('bash', { connection: 'openssh' })),
  remote('openssh, fish', () => overSsh('fish', { connection: 'openssh' })),
  remote('openssh, sudo', () => overSsh('bash', { connection: 'openssh', become: passwordless })),
  {
    name: 'podman, busybox',
    open: () => connector({ env: box.env }).open(box.target),
    ...(whyNoBox === undefined ? {} : { unless: whyNoBox }),
  },
]

for (const { name: title, open, unless, payloads } of kinds)
  describe.skipIf(unless !== undefined)(unless === undefined ? title : `${title}: ${unless}`, () => {
    it('a frame returns the codes and both streams of each part in one round trip', async () => {
      const shell = open()
      const outputs = await shell.runAll([
        { script: sh`echo out; echo err >&2; exit 3` },
        { script: sh`printf no-newline` },
        { script: userScript('if') },
        { script: sh`cat; echo after` },
        { script: sh`false`, chained: true },
        { script: sh`echo never`, chained: true },
        { script: sh`echo free` },
      ])
      expect(outputs.map(o => [o.code, text(o.stdout)])).toEqual([
        [3, 'out\n'],
        [0, 'no-newline'],
        [2, ''],
        [0, 'after\n'],
        [1, ''],
        [NOT_RUN, ''],
        [0, 'free\n'],
      ])
      expect(text(outputs[0]?.stderr ?? Buffer.of())).toBe('err\n')
      expect(shell.roundTrips).toBe(1)
      await shell.close()
    })

    it('scripts run with LC_ALL=C, again and again', async () => {
      const shell = open()
      expect(text((await shell.run(sh`printf %s "$LC_ALL"`)).stdout)).toBe('C')
      for (let i = 0; i < 20; i++) expect(text((await shell.run(sh`echo ${i}`)).stdout)).toBe(`${i}\n`)
      await shell.close()
    })

    it('every ASCII character is quoted', async () => {
      const word = Array.from({ length: 127 }, (_, i) => String.fromCharCode(i + 1)).join('')
      const shell = open()
      expect(text((await shell.run(sh`printf %s ${word}`)).stdout)).toBe(word)
      await shell.close()
    })

    it.each([
      ['text', Buffer.from("it's\n\\n %s ümlaut")],
      ['all bytes', Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
      ['high bytes without NUL', Buffer.from([0xff, 0xfe, 0x80, 0x27, 0x0a])],
      ['nothing', Buffer.alloc(0)],
      ['300 kB', Buffer.alloc(300_000, 'abc\0')],
      ['3 MB', Buffer.alloc(3_000_000, '\0\r\n\x04\x1e')],
    ])('a payload arrives unchanged: %s', async (_, payload) => {
      const shell = open()
      const output = await shell.run(sh`stat -c %a "$payload"; echo "$payload" >&2; cat "$payload"`, { payload })
      expect(Buffer.from(output.stdout).equals(Buffer.concat([Buffer.from('600\n'), payload]))).toBe(true)
      expect(existsSync(text(output.stderr).trim())).toBe(false)
      await shell.close()
      if (payloads !== undefined) expect(readdirSync(payloads)).toEqual([])
    })

    it('5 MB of output are read exactly', async () => {
      const shell = open()
      const output = await shell.run(sh`dd if=/dev/zero bs=1024 count=5120 2>/dev/null`)
      expect(output.stdout.length).toBe(5 * 1024 * 1024)
      await shell.close()
    })

    it('a timeout kills the script and its children, leaves nothing, and the shell opens again', async () => {
      const shell = open()
      await shell.run(sh`:`)
      const seconds = 50_000 + Math.floor(Math.random() * 9999)
      const payload = Buffer.alloc(100_000, 'x')
      const output = await shell.run(
        sh`echo begun; printf %s "$payload" >&2; (sleep ${seconds} &); sleep ${seconds} & sleep ${seconds}`,
        { timeout: 700, payload },
      )
      expect([output.code, text(output.stdout)]).toEqual([TIMED_OUT, 'begun\n'])
      const left = () => execFileSync('/bin/sh', ['-c', `pgrep -f "^sleep ${seconds}" || true`]).toString()
      for (let tries = 0; left() !== '' && tries < 20; tries++) await new Promise(resolve => setTimeout(resolve, 50))
      expect(left()).toBe('')
      expect(text((await shell.run(sh`echo again`)).stdout)).toBe('again\n')
      expect(existsSync(text(output.stderr).split('no end')[0] ?? '/')).toBe(false)
      await shell.close()
      if (payloads !== undefined) expect(readdirSync(payloads)).toEqual([])
    })

    it('an abort signal stops a script', async () => {
      const shell = open()
      await shell.run(sh`:`)
      const stop = new AbortController()
      setTimeout(() => stop.abort(), 200)
      const began = performance.now()
      const output = await shell.run(sh`sleep 54321`, { signal: stop.signal })
      expect([output.code, text(output.stderr)]).toEqual([TIMED_OUT, 'cancelled'])
      expect(performance.now() - began).toBeLessThan(8000)
      await shell.close()
    })

    it('a shell that died is distinguished from a script that failed', async () => {
      const shell = open()
      await expect(shell.run(sh`kill -9 $$`)).rejects.toThrow(Unreachable)
      await shell.close()
    })
  })
