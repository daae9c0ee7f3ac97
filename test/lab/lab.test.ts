// The lab itself: hosts are what they say, and nothing of them stays.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from './boot-lab.ts'
import { command, type Ended } from './command.ts'
import {
  allowNewKey,
  changeHostKey,
  dropConnections,
  dropConnectionsWhen,
  hangSshd,
  plugIn,
  resumeSshd,
  stopSshd,
  unplug,
} from './faults.ts'
import { runFolders } from './run-folder.ts'
import { deploy, type VariantName } from './variants.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0

const strict = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=5']
const ssh = (lab: Lab, host: string, ...words: readonly string[]): Promise<Ended> =>
  command(['ssh', '-F', lab.sshConfig, ...strict, host, ...words])

/** All that a lab could leave on this machine, by the name of its run. */
const traces = async (lab: Lab): Promise<string> => {
  const bridge = `mlp${lab.folder.split('/').at(-1)}`
  const look = `grep -hs '${lab.folder}' /proc/self/mounts; ip -o link | grep -w '${bridge}'; ls -d '${lab.folder}'*
find /sys/fs/cgroup -path '*mlplay-lab/${bridge}-*' -maxdepth 4
for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -v take-down | grep -- '-M ${bridge}-'; done; true`
  return (await command(['sh', '-c', look])).stdout
}

describe.skipIf(!wanted)('the lab', { timeout: 300_000 }, () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await bootLab({ hosts: 2 })
  }, 600_000)
  afterAll(() => lab?.close(), 60_000)

  it('hosts are whole machines with a running systemd and their own name', async () => {
    const said = await Promise.all(lab.hosts.map(({ name }) => lab.run(name, 'systemctl is-system-running; hostname')))
    expect(said.map(({ stdout }) => stdout)).toEqual(['running\nh1\n', 'running\nh2\n'])
  })

  it('sshd accepts the key, with strict host key checking', async () => {
    expect(await ssh(lab, 'h1', 'id -un')).toEqual({ code: 0, stdout: 'root\n', stderr: '' })
    const unknown = await command([
      'ssh',
      ...strict,
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-o',
      'StrictHostKeyChecking=yes',
      lab.hosts[0]?.address ?? '',
      'true',
    ])
    expect(unknown.stderr).toContain('Host key verification failed')
  })

  it('each host has its own host keys', async () => {
    const lines = readFileSync(lab.knownHosts, 'utf8').trim().split('\n')
    expect(new Set(lines.map(line => line.split(' ')[2])).size).toBe(4)
  })

  it('a host has no Python and no route out', async () => {
    expect((await ssh(lab, 'h1', 'command -v python3 python perl | grep -c python')).stdout).toBe('0\n')
    expect((await ssh(lab, 'h1', 'ip route')).stdout).toBe(
      `${lab.hosts[0]?.address.replace(/\d+$/, '0')}/24 dev host0 proto kernel scope link src ${lab.hosts[0]?.address} \n`,
    )
  })

  it('a host installs from its local repository, and starts and stops services', async () => {
    const installed = await ssh(
      lab,
      'h1',
      'apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y nginx apache2-utils curl hello >/dev/null && hello',
    )
    expect([installed.code, installed.stdout]).toEqual([0, 'Hello, world!\n'])
    expect((await ssh(lab, 'h1', 'curl -s -o /dev/null -w "%{http_code}" localhost')).stdout).toBe('200')
    expect((await ssh(lab, 'h1', 'systemctl stop nginx; systemctl is-active nginx; pgrep -c nginx')).stdout).toMatch(
      /^inactive\n/,
    )
    expect((await lab.run('h2', 'test -e /usr/sbin/nginx')).code).toBe(1)
  })

  it('hosts reach each other by name, for use as jump hosts', async () => {
    expect((await lab.run('h1', 'cat < /dev/null | timeout 5 bash -c "head -c 4 < /dev/tcp/h2/22"')).stdout).toBe(
      'SSH-',
    )
    const jumped = await ssh(lab, 'h2', '-J', 'h1', 'hostname')
    expect([jumped.code, jumped.stdout]).toEqual([0, 'h2\n'])
  })

  it('faults can be injected: a dropped connection, a closed port, a silent sshd, an unplugged cable', async () => {
    const cut = ssh(lab, 'h2', 'sleep 0.2; touch /root/half; sleep 30; touch /root/whole')
    expect(await dropConnectionsWhen(lab, 'h2', '/root/half')).toBeGreaterThan(0)
    expect((await cut).code).toBe(255)
    const dropped = ssh(lab, 'h2', 'echo in; sleep 30')
    while ((await lab.run('h2', 'ls /proc/*/exe -l | grep -c bin/sleep')).stdout === '0\n');
    expect(await dropConnections(lab, 'h2')).toBeGreaterThan(0)
    expect((await dropped).code).toBe(255)
    await hangSshd(lab, 'h2')
    expect((await ssh(lab, 'h2', 'true')).stderr).toContain('timed out during banner exchange')
    await resumeSshd(lab, 'h2')
    await unplug(lab, 'h2')
    expect((await ssh(lab, 'h2', 'true')).stderr).toMatch(/timed out|No route/)
    await plugIn(lab, 'h2')
    expect((await ssh(lab, 'h2', 'echo back')).stdout).toBe('back\n')
    await stopSshd(lab, 'h2')
    expect((await ssh(lab, 'h2', 'true')).stderr).toContain('Connection refused')
  })

  it('faults can be injected: a changed host key, and a key of another type', async () => {
    const key = await allowNewKey(lab, 'h1', 'rsa')
    expect((await ssh(lab, 'h1', '-i', key, 'echo rsa')).stdout).toBe('rsa\n')
    await changeHostKey(lab, 'h1')
    expect((await ssh(lab, 'h1', 'true')).stderr).toContain('REMOTE HOST IDENTIFICATION HAS CHANGED')
  })

  it('two labs at once do not interfere, and a closed one leaves nothing', async () => {
    const other = await bootLab({ hosts: 1 })
    expect(other.hosts[0]?.address).not.toBe(lab.hosts[0]?.address)
    expect(await traces(other)).not.toBe('')
    await other.close()
    expect(await traces(other)).toBe('')
    expect((await lab.run('h1', 'hostname')).stdout).toBe('h1\n')
  })

  it('a lab whose owner was killed is taken down', async () => {
    const script = `import { bootLab } from ${JSON.stringify(join(import.meta.dirname, 'boot-lab.ts'))}
const lab = await bootLab({ hosts: 1 }); console.log(JSON.stringify(lab)); setInterval(() => {}, 1000)`
    const args = ['--import', join(import.meta.dirname, '../typescript.mjs'), '--input-type=module', '-e', script]
    const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const said = await new Promise<string>(done => owner.stdout.once('data', bytes => done(String(bytes))))
    const orphan = JSON.parse(said) as Lab
    expect(await traces(orphan)).not.toBe('')
    owner.kill('SIGKILL')
    await expect.poll(() => traces(orphan), { timeout: 30_000, interval: 200 }).toBe('')
    expect(runFolders()).not.toContain(orphan.folder)
  })

  it('a host that cannot boot is reported with its last output, and its lab is taken down', async () => {
    const before = runFolders()
    await expect(bootLab({ hosts: 1, variants: { h2: ['fish'] } })).rejects.toThrow('h2')
    expect(runFolders()).toEqual(before)
  })
})

describe.skipIf(!wanted)('variants of hosts', { timeout: 120_000 }, () => {
  const names = [
    ...[
      'deploy',
      'sudo-password',
      'not-in-sudoers',
      'requiretty',
      'fish',
      'csh',
      'slow-bashrc',
      'noisy-bashrc',
      'busybox',
    ],
    ...[
      'full-disk',
      'full-tmp',
      'held-apt-lock',
      'password-login',
      'keyboard-interactive',
      'certificates',
      'rsa-host-key',
    ],
    ...['many-sessions', 'python'],
  ] as readonly VariantName[]
  let lab: Lab
  const nameOf = (variant: VariantName) => `h${names.indexOf(variant) + 1}`
  const on = (variant: VariantName, ...words: readonly string[]) => ssh(lab, nameOf(variant), ...words)

  beforeAll(async () => {
    lab = await bootLab({
      hosts: names.length,
      variants: Object.fromEntries(names.map(name => [nameOf(name), [name]])),
    })
  }, 600_000)
  afterAll(() => lab?.close(), 60_000)

  it('the variant deploy may use sudo, and root may not log in', async () => {
    expect((await on('deploy', 'id -un; sudo -n id -un')).stdout).toBe('deploy\nroot\n')
    expect((await ssh(lab, nameOf('deploy'), '-l', 'root', 'true')).stderr).toContain('Permission denied')
  })

  it("the variant sudo-password needs deploy's password for sudo", async () => {
    expect((await on('sudo-password', 'sudo -n id -un')).stderr).toContain('a password is required')
    expect((await on('sudo-password', `echo '${deploy.password}' | sudo -S -p '' id -un`)).stdout).toBe('root\n')
  })

  it('not in the sudoers; requiretty', async () => {
    expect((await on('not-in-sudoers', `echo '${deploy.password}' | sudo -S -p '' id -un`)).stderr).toContain(
      'not in the sudoers',
    )
    expect((await on('requiretty', 'sudo -n id -un')).stderr).toContain('must have a tty')
  })

  it('variants have login shells that are not POSIX, slow or verbose', async () => {
    expect((await on('fish', 'echo $FISH_VERSION')).stdout).toMatch(/^\d/)
    expect((await on('csh', 'echo $shell')).stdout).toBe('/bin/csh\n')
    expect((await on('noisy-bashrc', 'true')).stdout).toBe('Welcome\n')
    const began = Date.now()
    await on('slow-bashrc', 'true')
    expect(Date.now() - began).toBeGreaterThan(500)
  })

  it('/bin/sh is busybox', async () => {
    expect((await on('busybox', 'readlink -f /bin/sh')).stdout).toBe('/usr/bin/busybox\n')
  })

  it('variants have full disks', async () => {
    expect((await on('full-disk', 'head -c 1M /dev/zero > /srv/file; stat -c %s /srv/file')).stdout).toBe('65536\n')
    expect((await on('full-tmp', 'echo x > /tmp/x')).stderr).toContain('No space left')
  })

  it("the variant apt-lock holds apt's lock until its service ends", async () => {
    expect((await on('held-apt-lock', 'apt-get -qq update')).stderr).toContain('(unattended-upgr)')
    expect((await on('held-apt-lock', 'apt-get install -y hello')).stderr).toContain('lock-frontend')
    await lab.run(nameOf('held-apt-lock'), 'systemctl stop lab')
    expect(
      (await on('held-apt-lock', 'apt-get -qq update && apt-get install -qq -y hello >/dev/null 2>&1 && hello')).stdout,
    ).toBe('Hello, world!\n')
  })

  it('login methods', async () => {
    expect((await on('password-login', 'true')).stderr).toContain('Permission denied (password)')
    expect((await on('keyboard-interactive', 'true')).stderr).toContain('Permission denied (keyboard-interactive)')
    expect((await on('certificates', 'id -un')).stdout).toBe('root\n')
    const address = lab.hosts.find(({ variantNames }) => variantNames.includes('certificates'))?.address
    const plain = ['-F', '/dev/null', '-i', lab.privateKey, '-o', 'IdentitiesOnly=yes']
    const known = ['-o', `UserKnownHostsFile=${lab.knownHosts}`]
    const refused = await command(['ssh', ...plain, ...known, ...strict, `root@${address}`, 'true'])
    expect(refused.stderr).toContain('Permission denied (publickey')
    expect((await lab.run(nameOf('certificates'), 'test -e /root/.ssh/authorized_keys')).code).toBe(1)
    expect(readFileSync(lab.knownHosts, 'utf8')).toMatch(/^@cert-authority/m)
    expect((await ssh(lab, nameOf('rsa-host-key'), '-o', 'HostKeyAlgorithms=ssh-ed25519', 'true')).stderr).toContain(
      'no matching host key type',
    )
    expect((await on('rsa-host-key', 'echo in')).stdout).toBe('in\n')
  })

  it('the password logs in where it should', async () => {
    for (const variant of ['password-login', 'keyboard-interactive'] as const) {
      const askpass = join(lab.folder, 'askpass')
      if (!existsSync(askpass))
        await command([
          'sh',
          '-c',
          `printf '#!/bin/sh\\necho "${deploy.password}"\\n' > ${askpass}; chmod +x ${askpass}`,
        ])
      const env = { ...process.env, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' }
      expect((await command(['ssh', '-F', lab.sshConfig, nameOf(variant), 'id -un'], { env })).stdout).toBe('deploy\n')
    }
  })

  it('sshd has its default settings unless a variant changes them', async () => {
    const limits = 'sshd -T | grep -i -E "^(maxsessions|maxstartups)" | sort'
    expect((await lab.run(nameOf('fish'), limits)).stdout).toBe('maxsessions 10\nmaxstartups 10:30:100\n')
    expect((await lab.run(nameOf('many-sessions'), limits)).stdout).toBe('maxsessions 1000\nmaxstartups 1000:30:1000\n')
  })

  it('Python is installed only in variants for other tools', async () => {
    expect((await on('python', 'python3 -c "import apt, passlib; print(1)"')).stdout).toBe('1\n')
  })
})
