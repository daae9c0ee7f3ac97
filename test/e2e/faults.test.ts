// What networks, hosts and people do wrong, done to real hosts: each is named with its cure, and the others go on.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from '../lab/boot-lab.ts'
import { changeHostKey, dropConnectionsWhen, hangSshd, plugIn, resumeSshd, stopSshd, unplug } from '../lab/faults.ts'
import { makeKey } from '../lab/ssh-keys.ts'
import { eventsOf, mlplay } from './mlplay.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0

describe.skipIf(!wanted)('faults of a fleet', { timeout: 180_000 }, () => {
  let lab: Lab
  const playbook = (name: string, text: string): string => {
    const path = join(lab.folder, `${name}.yml`)
    writeFileSync(path, text)
    return path
  }
  const run = async (path: string, ...args: readonly string[]) => {
    const ended = await mlplay(['run', path, '-i', lab.inventory, '-o', 'json', ...args])
    const { tasks, summary } = eventsOf(ended)
    const bad = tasks.filter(({ status }) => status === 'failed' || status === 'unreachable')
    return {
      code: ended.code,
      hosts: summary?.hosts ?? {},
      stderr: ended.stderr,
      told: Object.fromEntries(
        bad.map(({ host, status, message, stderr }) => [host, `${status}: ${message}\n${stderr ?? ''}`]),
      ),
    }
  }
  const at = (host: string) => lab.hosts.find(({ name }) => name === host)?.address ?? ''
  const look = async (host: string, script: string) => (await lab.run(host, script)).stdout
  const hostVars = (host: string, vars: object) => {
    const path = join(lab.inventory, 'host_vars', `${host}.yml`)
    writeFileSync(path, JSON.stringify(vars))
  }

  beforeAll(async () => {
    lab = await bootLab({
      hosts: 11,
      variants: {
        h7: ['sudo-password'],
        h8: ['not-in-sudoers'],
        h9: ['requiretty'],
        h10: ['full-disk', 'held-apt-lock'],
        h11: ['full-tmp'],
      },
    })
    mkdirSync(join(lab.inventory, 'host_vars'), { recursive: true })
  }, 300_000)

  afterAll(async () => {
    await lab?.close()
  }, 60_000)

  it('a host that cannot be reached is reported with reason and hint; the others finish', async () => {
    writeFileSync(
      join(lab.inventory, 'more.ini'),
      'nowhere ansible_host=no-such-host.invalid\n[reach]\nnowhere\nh[1:6]\n',
    )
    const stranger = join(lab.folder, 'stranger')
    await makeKey(stranger, 'ed25519')
    await stopSshd(lab, 'h2')
    hostVars('h3', {
      ansible_ssh_private_key_file: stranger,
      ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${lab.knownHosts} -o IdentitiesOnly=yes`,
    })
    await changeHostKey(lab, 'h4')
    await hangSshd(lab, 'h5')
    const none = join(lab.folder, 'no_known_hosts')
    hostVars('h6', { ansible_ssh_common_args: `-F ${lab.sshConfig} -o UserKnownHostsFile=${none}` })
    const path = playbook(
      'reach',
      '- hosts: reach\n  tasks:\n    - copy-file: { dest: /root/reached, content: "yes\\n" }\n',
    )
    const { code, told, hosts } = await run(path, '--timeout', '4')
    await resumeSshd(lab, 'h5')
    expect(code).toBe(4)
    expect(hosts['h1']).toMatchObject({ changed: 1, failed: 0 })
    expect(Object.keys(told).toSorted()).toEqual(['h2', 'h3', 'h4', 'h5', 'h6', 'nowhere'])
    expect(told['nowhere']).toMatch(/unreachable: .*nowhere.*no-such-host\.invalid/s)
    expect(told['h2']).toMatch(/unreachable: .*h2.*refused/s)
    expect(told['h3']).toMatch(/unreachable: .*h3.*root.*stranger/s)
    expect(told['h4']).toMatch(/unreachable: .*h4.*SHA256:.*ssh-keygen.* -R/s)
    expect(told['h5']).toMatch(/unreachable: .*h5.* 4 s/s)
    expect(told['h6']).toMatch(/unreachable: .*h6.*SHA256:.*accept-new/s)
    expect(await look('h1', 'cat /root/reached')).toBe('yes\n')
    for (const host of ['h2', 'h3', 'h4', 'h5', 'h6']) expect(await look(host, 'ls /root')).toBe('')
  })

  it('accept-new accepts a new host key and refuses a changed one', async () => {
    const { code, told } = await run(join(lab.folder, 'reach.yml'), '-l', 'h4,h6', '--host-key-checking', 'accept-new')
    expect([code, Object.keys(told)]).toEqual([4, ['h4']])
    expect(readFileSync(join(lab.folder, 'no_known_hosts'), 'utf8')).toMatch(
      new RegExp(`^${at('h6')} ssh-ed25519 `, 'm'),
    )
  })

  it('the different refusals of sudo are distinguished after one attempt', async () => {
    const wrong = join(lab.folder, 'wrong-password')
    writeFileSync(wrong, 'not the password\n', { mode: 0o600 })
    const path = playbook(
      'become',
      '- hosts: h1,h7,h8,h9\n  become: true\n  tasks:\n    - copy-file: { dest: /root/became, content: "yes\\n" }\n',
    )
    hostVars('h8', { ansible_become_password: 'lab password' })
    const { code, told, hosts } = await run(path, '--become-password-file', wrong)
    expect(code).toBe(2)
    expect(hosts['h1']).toMatchObject({ changed: 1 })
    expect(Object.keys(told).toSorted()).toEqual(['h7', 'h8', 'h9'])
    expect(told['h7']).toMatch(/failed: .*refused/s)
    expect(told['h8']).toMatch(/failed: .*sudoers/s)
    expect(told['h9']).toMatch(/failed: .*requiretty/s)
    expect(await look('h7', "journalctl -q -t sudo | grep -c 'incorrect password'")).toBe('1\n')
    const right = join(lab.folder, 'right-password')
    writeFileSync(right, 'lab password\n', { mode: 0o600 })
    expect((await run(path, '-l', 'h7', '--become-password-file', right)).code).toBe(0)
    expect(await look('h7', 'cat /root/became')).toBe('yes\n')
  })

  it('a hanging task is killed with its children', async () => {
    const path = playbook(
      'hang',
      '- hosts: h1,h3\n  tasks:\n    - shell: sleep 3999 & sleep 3999\n      when: inventory_hostname == "h1"\n      timeout: 2\n',
    )
    hostVars('h3', {})
    const { code, told, hosts } = await run(path)
    expect(code).toBe(2)
    expect(told['h1']).toMatch(/2 s/)
    expect(hosts['h3']).toMatchObject({ skipped: 1, failed: 0, unreachable: 0 })
    expect(await look('h1', 'pgrep -fx "sleep 3999" | wc -l')).toBe('0\n')
  })

  it('a host that dies during a change is unreachable, and the change is complete or absent', async () => {
    const big = join(lab.folder, 'big.bin')
    writeFileSync(big, Buffer.alloc(80_000_000, 'mlplay'))
    const path = playbook('die', `- hosts: h1,h3\n  tasks:\n    - copy-file: { src: ${big}, dest: /root/big.bin }\n`)
    const dropped = dropConnectionsWhen(lab, 'h1', '/root/now')
    // The change is under way once its payload begins to arrive.
    const signal = lab.run(
      'h1',
      'until ls -d /tmp/.mlplay.* /root/.mlplay.* >/dev/null 2>&1; do sleep 0.01; done; touch /root/now',
    )
    const { code, told, hosts } = await run(path)
    await signal
    expect(await dropped).toBeGreaterThan(0)
    expect(code).toBe(4)
    expect(told['h1']).toMatch(/unreachable: .*h1/s)
    expect(hosts['h3']).toMatchObject({ changed: 1, failed: 0 })
    await new Promise(later => setTimeout(later, 2000))
    expect(await look('h1', 'ls -d /root/.mlplay.* /tmp/.mlplay.* 2>/dev/null')).toBe('')
    expect(['', '80000000\n']).toContain(await look('h1', 'stat -c %s /root/big.bin 2>/dev/null'))
    expect((await run(path)).code).toBe(0)
    expect(await look('h1', 'stat -c %s /root/big.bin')).toBe('80000000\n')
  })

  it('an unplugged cable is detected', async () => {
    const path = playbook(
      'cable',
      '- hosts: h1,h3\n  tasks:\n    - shell: "[ $(hostname) != h3 ] || { touch /root/waits; sleep 600; }"\n',
    )
    hostVars('h3', { ansible_ssh_common_args: `-F ${lab.sshConfig} -o ServerAliveInterval=2 -o ServerAliveCountMax=2` })
    const ran = run(path)
    await lab.run('h3', 'until [ -e /root/waits ]; do sleep 0.05; done')
    await unplug(lab, 'h3')
    const { code, told, hosts } = await ran
    await plugIn(lab, 'h3')
    expect(code).toBe(4)
    expect(told['h3']).toMatch(/unreachable: .*h3/s)
    expect(hosts['h1']).toMatchObject({ changed: 1 })
  })

  it('a full disk is reported, and no partial file is left', async () => {
    const path = playbook(
      'full',
      `- hosts: h1,h10,h11\n  tasks:\n    - copy-file: { content: "{{ 'x' * 200000 }}", dest: /srv/file }\n`,
    )
    const { code, told, hosts } = await run(path)
    expect(code).toBe(2)
    expect(hosts['h1']).toMatchObject({ changed: 1 })
    expect(told['h10']).toMatch(/disk full|No space left/)
    expect(told['h11']).toMatch(/disk full|No space left/)
    expect(await look('h10', 'ls -A /srv')).toBe('')
    expect(await look('h11', 'ls -A /srv; ls -A /tmp/.mlplay* 2>/dev/null')).toBe('')
  })

  it('a lock held by another apt is reported', async () => {
    const path = playbook('apt', '- hosts: h1,h10\n  tasks:\n    - apt-install: { name: hello, lock_timeout: 3 }\n')
    const { code, told, hosts } = await run(path)
    expect(code).toBe(2)
    expect(hosts['h1']).toMatchObject({ changed: 1, failed: 0 })
    expect(told['h10']).toMatch(/held its lock for 3 s/)
  })

  it('fifty names of one sshd connect despite MaxStartups, and twelve accounts despite MaxSessions', async () => {
    writeFileSync(
      join(lab.inventory, 'many.ini'),
      `[many]\nn[1:50] ansible_host=${at('h1')} ansible_user=root ansible_ssh_private_key_file=${lab.privateKey}\n`,
    )
    const many = await run(playbook('many', '- hosts: many\n  tasks:\n    - command: "true"\n'), '-f', '50')
    expect([many.code, many.told]).toEqual([0, {}])
    const accounts = Array.from({ length: 12 }, (_, i) => `u${i}`)
    await lab.run('h1', accounts.map(name => `useradd -m ${name}`).join('; '))
    const tasks = accounts.map(name => `    - command: id -un\n      become: true\n      become_user: ${name}\n`)
    const several = await run(playbook('accounts', `- hosts: h1\n  tasks:\n${tasks.join('')}`))
    expect([several.code, several.told]).toEqual([0, {}])
    expect(several.hosts['h1']).toMatchObject({ changed: 12 })
  })
})
