// The role on twenty real Debian hosts over SSH, as proxies in front of one real MLflow.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from '../lab/boot-lab.ts'
import { eventsOf, mlplay, program, repository } from './mlplay.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0
const HOSTS = 20
const names = Array.from({ length: HOSTS }, (_, i) => `h${i + 1}`)

describe.skipIf(!wanted)('the role on a fleet', { timeout: 600_000 }, () => {
  const folder = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-fleet-')) : ''
  let lab: Lab
  let mlflow: ChildProcess
  let backend: readonly string[] = []
  const play = (playbook: string, ...args: readonly string[]) =>
    mlplay(['run', join(repository, 'playbooks', playbook), '-i', lab.inventory, ...backend, ...args])
  const role = (...args: readonly string[]) => play('mlflow-proxy.yml', '-o', 'json', ...args)
  const password = () => readFileSync(join(lab.inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()
  const codes = (login: string) =>
    Promise.all(
      lab.hosts.map(async ({ address }) => {
        const answer = await fetch(`http://${address}:8080/mlflow/`, {
          headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
        })
        return [answer.status, (await answer.text()).includes('static-files/static/js/main')]
      }),
    )

  beforeAll(async () => {
    const venv = join(folder, 'venv')
    const [booted, made] = await Promise.all([
      bootLab({ hosts: HOSTS }),
      program('/bin/sh', [
        '-c',
        `python3 -m venv ${venv} && ${venv}/bin/pip install --quiet --disable-pip-version-check 'mlflow>=3.15,<4'`,
      ]),
    ])
    lab = booted
    expect(made.code, made.stderr).toBe(0)
    const bridge = (lab.hosts[0]?.address ?? '').replace(/\d+$/, '1')
    backend = ['-e', JSON.stringify({ mlflow_proxy_backend_host: bridge, mlflow_proxy_backend_port: 15001 })]
    mlflow = spawn(
      join(venv, 'bin/mlflow'),
      [
        'server',
        '--host',
        bridge,
        '--port',
        '15001',
        '--workers',
        '1',
        '--backend-store-uri',
        `sqlite:///${folder}/db`,
      ],
      { cwd: folder, stdio: 'ignore', detached: true, env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' } },
    )
    for (let i = 0; i < 120; i++) {
      const up = await fetch(`http://${bridge}:15001/health`)
        .then(answer => answer.ok)
        .catch(() => false)
      if (up) return
      await new Promise(later => setTimeout(later, 500))
    }
    throw new Error('MLflow did not start')
  }, 600_000)

  afterAll(async () => {
    if (mlflow?.pid !== undefined) process.kill(-mlflow.pid, 'SIGTERM')
    await lab?.close()
    rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  it('the role rolls out to one host, a quarter, then the rest, each batch after the health check of the last', async () => {
    const ended = await role()
    const { tasks, summary, plays } = eventsOf(ended)
    expect(tasks.filter(task => task.status === 'failed').map(task => task.message)).toEqual([])
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    expect(plays.map(({ hosts, batch }) => [hosts.length, batch])).toEqual([
      [1, [1, 3]],
      [5, [2, 3]],
      [14, [3, 3]],
    ])
    expect(Object.keys(summary?.hosts ?? {}).toSorted()).toEqual(names.toSorted())
    for (const totals of Object.values(summary?.hosts ?? {})) expect(totals).toMatchObject({ failed: 0, changed: 11 })
    expect(ended.stdout).not.toContain(password())
  })

  it('every host answers 401 and 200', async () => {
    expect(await codes('admin:wrong')).toEqual(names.map(() => [401, false]))
    expect(await codes(`admin:${password()}`)).toEqual(names.map(() => [200, true]))
  })

  it('the second run changes nothing, in one round trip per host', async () => {
    const ended = await role()
    expect(ended.code).toBe(0)
    const totals = Object.entries(eventsOf(ended).summary?.hosts ?? {})
    expect(totals).toHaveLength(HOSTS)
    for (const [name, host] of totals)
      expect([name, host]).toEqual([name, expect.objectContaining({ changed: 0, failed: 0, round_trips: 1 })])
  })

  it('the rollout stops at the first host whose nginx refuses the site; nineteen are untouched, and it serves as before', async () => {
    const before = await lab.run('h1', 'cat /etc/nginx/sites-available/mlflow')
    const ended = await role('-e', JSON.stringify({ mlflow_proxy_headers: { 'X-Broken': 'a"b' } }))
    const { tasks, plays, rollbacks } = eventsOf(ended)
    expect(ended.code).toBe(2)
    expect(tasks.filter(task => task.status === 'failed')).toMatchObject([{ type: 'nginx-test', host: 'h1' }])
    expect(rollbacks).toMatchObject([{ not_undone: [] }])
    expect(plays).toHaveLength(1)
    expect(await lab.run('h1', 'cat /etc/nginx/sites-available/mlflow')).toEqual(before)
    expect(await codes(`admin:${password()}`)).toEqual(names.map(() => [200, true]))
  })

  it('a user is added on every host and removed again', async () => {
    const user = (...args: readonly string[]) => play('mlflow-users.yml', '-e', 'name=ann', ...args)
    expect((await user()).code).toBe(0)
    const ann = `ann:${readFileSync(join(lab.inventory, 'secrets/mlflow-ann-password'), 'utf8').trim()}`
    expect(await codes(ann)).toEqual(names.map(() => [200, true]))
    expect((await user('-e', 'state=absent')).code).toBe(0)
    expect(await codes(ann)).toEqual(names.map(() => [401, false]))
  })

  it('mlplay leaves no file of its own on a host', async () => {
    const left = await lab.run(
      'h2',
      "find / -xdev -name '*mlplay*' -not -path '/proc/*' 2>/dev/null; ls /tmp | grep -v systemd",
    )
    expect(left.stdout).toBe('')
  })
})
