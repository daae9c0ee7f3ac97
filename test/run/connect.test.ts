// Plays over real connections: who is reached how, and what it costs.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SummaryEvent, TaskEvent } from '../../src/model/event.ts'
import type { Target } from '../../src/model/target.ts'
import type { RunRequest } from '../../src/run/state/request.ts'
import { openLocal } from '../../src/shell/local.ts'
import { type Account, account, freePort, noSshd, type Sshd, startSshd } from '../shell/sshd.ts'
import { runIn } from './run-in.ts'

const why = noSshd()
const PASSWORD = 'hush hush 1'
const folder = mkdtempSync(join(tmpdir(), 'mlplay-connect-'))
let sshd: Sshd
let free: Account
let asked: Account

const run = async (play: string, hosts: string, more: Partial<RunRequest> = {}) => {
  writeFileSync(join(folder, 'p.yml'), play)
  writeFileSync(join(folder, 'inv'), hosts)
  const { exit, events } = await runIn(folder, {
    environment: {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
      cwd: folder,
      now: () => new Date(),
      random: bytes => new Uint8Array(bytes).fill(5),
    },
    ...more,
  })
  const tasks = events.filter((event): event is TaskEvent => event.event === 'task')
  return {
    exit,
    events,
    tasks: tasks.map(({ host, status, task, message }) => ({ host, status, task, message })),
    summary: events.at(-1) as SummaryEvent,
  }
}

beforeAll(async () => {
  if (why !== undefined) return
  sshd = await startSshd()
  free = await account({ sudo: 'ACCOUNT ALL=(ALL) NOPASSWD: ALL' })
  asked = await account({ password: PASSWORD, sudo: 'ACCOUNT ALL=(ALL) ALL' })
}, 60_000)
afterAll(async () => {
  await free?.remove()
  await asked?.remove()
  await sshd?.stop()
  rmSync(folder, { recursive: true })
}, 60_000)

const common = () =>
  `ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_ssh_private_key_file=${sshd.key} ansible_ssh_common_args="-F none -o UserKnownHostsFile=${sshd.knownHosts}"`
const steps = `
    - ensure-dir: { path: /tmp }
    - command: { cmd: id -un }
      check_mode: false
      changed_when: false
      register: who
    - assert: { that: who.stdout.strip() == expected }
`

describe.skipIf(why !== undefined)('over ssh', () => {
  it('a play with become needs one round trip and one channel per host', async () => {
    const sessions = () => sshd.log().match(/Starting session: command/g)?.length ?? 0
    const at = sessions()
    const hosts = Array.from({ length: 5 }, (_, i) => `h${i} ansible_user=${free.name} ${common()}`).join('\n')
    const ran = await run(
      '- hosts: all\n  become: true\n  tasks:\n    - ensure-dir: { path: /root }\n    - ensure-dir: { path: /root/ }\n',
      hosts,
    )
    expect(ran.exit).toBe(0)
    expect(Object.values(ran.summary.hosts).map(host => host.round_trips)).toEqual([1, 1, 1, 1, 1])
    expect(sessions() - at).toBe(5)
  })

  it('the account comes from the host, then the play, then the command line', async () => {
    const play = (more: string) => `- hosts: all\n${more}  tasks:${steps}`
    const one = await run(play(''), `h ansible_user=${free.name} expected=${free.name} ${common()}`, {
      remoteUser: 'nobody',
    })
    const two = await run(play(`  remote_user: ${free.name}\n`), `h expected=${free.name} ${common()}`, {
      remoteUser: 'nobody',
    })
    const three = await run(play(''), `h expected=${free.name} ${common()}`, { remoteUser: free.name })
    const four = await run(play('  become: true\n'), `h expected=root ${common()}`, { remoteUser: free.name })
    expect([one, two, three, four].map(({ exit, tasks }) => [exit, tasks.at(-1)?.status])).toEqual(
      Array.from({ length: 4 }, () => [0, 'ok']),
    )
  })

  it.each([
    ['a variable', (password: string) => ({ vars: `ansible_become_password="${password}"`, more: {} })],
    ['the command line', (password: string) => ({ vars: '', more: { connection: { becomePassword: password } } })],
  ])('the sudo password given by %s works and appears in no output', async (_, give) => {
    const { vars, more } = give(PASSWORD)
    const host = `h ansible_user=${asked.name} expected=root ${vars} ${common()}`
    const said = `- hosts: all\n  become: true\n  tasks:${steps}    - debug: { msg: "it is ${PASSWORD}" }\n`
    const ran = await run(said, host, more)
    expect([ran.exit, ran.tasks.at(-2)?.status]).toEqual([0, 'ok'])
    expect(JSON.stringify(ran.events)).not.toContain(PASSWORD)
  })

  it('the sudo password is asked for once for all hosts', async () => {
    const questions: string[] = []
    const hosts = ['a', 'b', 'c'].map(name => `${name} ansible_user=${asked.name} expected=root ${common()}`).join('\n')
    const ran = await run(`- hosts: all\n  become: true\n  tasks:${steps}`, hosts, {
      ask: async (what, prompt) => {
        questions.push(`${what}: ${prompt}`)
        return PASSWORD
      },
    })
    expect([ran.exit, questions]).toEqual([0, ['become: sudo password for root']])
  })

  it('a wrong sudo password fails the host with a readable message', async () => {
    const ran = await run(
      `- hosts: all\n  become: true\n  tasks:${steps}`,
      `h ansible_user=${asked.name} expected=root ${common()}`,
      {
        connection: { becomePassword: 'wrong one' },
      },
    )
    expect(ran.exit).toBe(2)
    expect(ran.tasks[0]).toMatchObject({
      host: 'h',
      status: 'failed',
      message: expect.stringContaining('cannot become root on h: the password was refused'),
    })
  })

  it('hosts that cannot be reached are unreachable, and the others go on', async () => {
    const port = await freePort()
    const hosts = [
      `up ansible_user=${free.name} expected=${free.name} ${common()}`,
      `down ansible_host=127.0.0.1 ansible_port=${port} expected=x`,
      `locked ansible_user=mlplay-nonesuch expected=x ${common()}`,
    ]
    const ran = await run(`- hosts: all\n  tasks:${steps}`, hosts.join('\n'))
    expect(ran.exit).toBe(4)
    const told = (host: string) => ran.tasks.filter(task => task.host === host).at(-1)
    expect(told('up')?.status).toBe('ok')
    expect(told('down')).toMatchObject({
      status: 'unreachable',
      message: expect.stringContaining('the connection was refused'),
    })
    expect(told('locked')).toMatchObject({
      status: 'unreachable',
      message: expect.stringContaining('does not let mlplay-nonesuch in'),
    })
  })

  it("a delegated task connects with the other host's variables", async () => {
    const hosts = `here ansible_connection=local\nthere ansible_user=${free.name} ${common()}\n`
    const play = `- hosts: here\n  tasks:\n    - command: { cmd: id -un }\n      changed_when: false\n      delegate_to: there\n      register: who\n    - assert: { that: who.stdout.strip() == '${free.name}' }\n`
    const ran = await run(play, hosts)
    expect([ran.exit, ran.tasks.at(-1)?.status]).toEqual([0, 'ok'])
  })

  it('small and large files are transferred unchanged', async () => {
    const big = Buffer.alloc(2_000_000, 'all\0bytes\xff')
    writeFileSync(join(folder, 'big.bin'), big)
    const dest = join(free.home, 'big.bin')
    const play = `- hosts: all\n  tasks:\n    - copy-file: { src: big.bin, dest: ${dest} }\n`
    const host = `h ansible_user=${free.name} ${common()}`
    const first = await run(play, host)
    expect([first.exit, first.tasks[0]?.status]).toEqual([0, 'changed'])
    expect(readFileSync(dest).equals(big)).toBe(true)
    const second = await run(play, host)
    expect([second.tasks[0]?.status, second.summary.hosts['h']?.round_trips]).toEqual(['ok', 1])
  })
})

it('a request may provide its own connect function', async () => {
  const opened: (readonly [Target, string | undefined])[] = []
  const ran = await run(
    '- hosts: all\n  become: true\n  tasks:\n    - ensure-dir: { path: /tmp }\n',
    'a\nb ansible_user=root',
    {
      connect: (target, become) => {
        opened.push([target, become?.user])
        return openLocal({ env: { PATH: process.env['PATH'] } })
      },
    },
  )
  expect(ran.exit).toBe(0)
  expect(opened).toEqual([
    [{ name: 'a', connection: 'ssh' }, 'root'],
    [{ name: 'b', connection: 'ssh', user: 'root' }, 'root'],
  ])
})
