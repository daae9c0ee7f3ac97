// MLflow that the role installs and runs on a host whose systemd is real: under its hardened unit, by pip from a folder of wheels.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from '../lab/boot-lab.ts'
import { wheels } from '../lab/wheels.ts'
import { type Ended, eventsOf, mlplay, repository } from './mlplay.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0
const [older, newer] = ['3.16.0', '3.17.2']
const managed = { mlflow_proxy_backend_managed: true, mlflow_server_workers: 1, mlflow_server_jobs: false }

const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')

describe.skipIf(!wanted)('MLflow on hosts with systemd', { timeout: 900_000 }, () => {
  let lab: Lab
  const play = (playbook: string, host: string, vars: object, ...args: readonly string[]) =>
    mlplay([
      ...['run', join(repository, 'playbooks', playbook), '-i', lab.inventory, '-l', host, '-o', 'json'],
      ...['-e', JSON.stringify(vars), ...args],
    ])
  // Set by the row about timers: what stays when later rows run the role.
  let backup: object = {}
  const role = (vars: object = {}) =>
    play('mlflow-proxy.yml', 'h1', { ...managed, mlflow_server_version: older, ...backup, ...vars })
  const on = async (script: string, host = 'h1') => (await lab.run(host, script)).stdout.trim()
  const page = async (path = '', init: RequestInit = {}) => {
    const password = readFileSync(join(lab.inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()
    const headers = { authorization: `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`, ...init.headers }
    return fetch(`http://${lab.hosts[0]?.address}:8080/mlflow/${path}`, { ...init, headers })
  }
  const converged = async (vars: object = {}) =>
    expect(eventsOf(await role(vars)).summary?.hosts['h1']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })

  beforeAll(async () => {
    const folder = await wheels([`mlflow==${newer}`, `mlflow==${older}`])
    lab = await bootLab({ hosts: 1, folders: { '/wheels': folder } })
    await on(`printf '[global]\\nno-index = true\\nfind-links = /wheels\\n' > /etc/pip.conf`)
  }, 900_000)
  afterAll(() => lab?.close(), 60_000)

  it('leaves neither a service nor a site where the first installation fails', async () => {
    const ended = await role({
      mlflow_server_backend_store_uri: 'sqlite:////no/such/folder/mlflow.db',
      mlflow_server_start_timeout: 30,
    })
    expect([ended.code, failures(ended).at(-1)?.message]).toEqual([2, expect.stringContaining('The end of its log:')])
    const [rollback] = eventsOf(ended).rollbacks
    expect(rollback?.undone).toEqual(expect.arrayContaining(['start mlflow', 'enable mlflow']))
    // Packages and the virtual environment stay, for the next run.
    expect(rollback?.not_undone.filter(what => !/^(install|run) |\/opt\/mlflow/.test(what))).toEqual([])
    expect(
      await on(
        'systemctl list-units "mlflow*" --all --no-legend; systemctl list-unit-files "mlflow*" --no-legend; ss -ltnH "sport = :5000 or sport = :8080"; ls /etc/nginx/sites-enabled | grep mlflow; getent passwd mlflow; find /etc -name "*mlflow*"',
      ),
    ).toBe('')
  })

  it('MLflow is installed and runs under the hardened unit, and the second run takes one round trip', async () => {
    const ended = await role()
    expect([ended.code, failures(ended)], ended.stderr).toEqual([0, []])
    expect(await on('systemctl is-active mlflow; systemctl is-enabled mlflow')).toBe('active\nenabled')
    expect((await page()).status).toBe(200)
    await converged()
    const exposure = await on('systemd-analyze security mlflow.service --no-pager | tail -n 1')
    expect(Number(/level for mlflow.service: ([\d.]+)/.exec(exposure)?.[1]), exposure).toBeLessThanOrEqual(3)
  })

  it('MLflow serves experiments and artifacts under the unit', async () => {
    const json = { 'content-type': 'application/json' }
    const made = await page('api/2.0/mlflow/experiments/create', {
      method: 'POST',
      headers: json,
      body: '{"name":"unit"}',
    })
    expect(await made.json()).toMatchObject({ experiment_id: expect.any(String) })
    const body = 'x'.repeat(3 << 20)
    const put = await page('api/2.0/mlflow-artifacts/artifacts/unit/a.bin', { method: 'PUT', body })
    expect(put.status).toBe(200)
    const got = await page('api/2.0/mlflow-artifacts/artifacts/unit/a.bin')
    expect((await got.text()).length).toBe(body.length)
    // What it writes is its own alone.
    expect(await on('stat -c "%a %U" /var/lib/mlflow/mlflow.db')).toBe('600 mlflow')
  })

  it('MLflow is restarted when it is killed', async () => {
    const before = await on('systemctl show -p MainPID --value mlflow')
    await on('systemctl kill -s KILL mlflow; sleep 8')
    expect(await on('systemctl show -p MainPID --value mlflow')).not.toBe(before)
    await on('for i in $(seq 120); do curl -sf localhost:5000/health && break; sleep 1; done')
    expect((await page()).status).toBe(200)
  })

  it('a change of a setting restarts MLflow', async () => {
    const vars = { mlflow_server_env: { MLFLOW_TRIED: 'yes "and" $no' } }
    const ended = await role(vars)
    expect([ended.code, failures(ended)]).toEqual([0, []])
    const changes = eventsOf(ended).tasks.flatMap(task => task.changes.map(change => change.what))
    expect(changes).toContain('restart mlflow')
    expect(await on(`tr '\\0' '\\n' < /proc/$(systemctl show -p MainPID --value mlflow)/environ | grep TRIED`)).toBe(
      'MLFLOW_TRIED=yes "and" $no',
    )
    await converged(vars)
  })

  it('MLflow keeps its old settings when new ones do not work, and the end of the journal is shown', async () => {
    const ended = await role({
      mlflow_server_backend_store_uri: 'sqlite:////no/such/folder/mlflow.db',
      mlflow_server_start_timeout: 30,
    })
    expect(ended.code).toBe(2)
    expect(failures(ended).at(-1)?.message).toMatch(
      /The end of its log:[\s\S]*(OperationalError|unable to open|Read-only|Permission)/,
    )
    await on('for i in $(seq 120); do curl -sf localhost:5000/health && break; sleep 1; done')
    expect((await page()).status).toBe(200)
  })

  it('has its database copied by a timer, which is listed, and fires while later tests run', async () => {
    // A busy machine may be late for the first time that it is told.
    const soon = async (more: number): Promise<string> => {
      const at = await on(`date +%H:%M --date='+${more} minutes'`)
      backup = { mlflow_server_backup_at: at, mlflow_server_gc_at: 'Sun 04:30' }
      const ended = await role()
      expect([ended.code, failures(ended)]).toEqual([0, []])
      return (await on('date +%H:%M')) >= at && more < 16 ? soon(2 * more) : at
    }
    const now = await soon(2)
    expect(await on("systemctl list-timers 'mlflow-*' --no-legend --no-pager")).toMatch(
      new RegExp(` ${now}:00 [\\s\\S]*mlflow-backup\\.timer[\\s\\S]* 04:30:00 [\\s\\S]*mlflow-gc\\.timer`),
    )
    expect(await on('systemctl is-enabled mlflow-backup.timer mlflow-gc.timer')).toBe('enabled\nenabled')
    // The clean-up, by hand as the timer does it.
    expect(await on('systemctl start mlflow-gc && systemctl show -p Result --value mlflow-gc')).toBe('success')
    await converged()
  })

  it('an upgrade switches a link, and an unavailable version leaves the running one alone', async () => {
    const none = await role({ mlflow_server_version: '3.17.99' })
    expect([none.code, failures(none).at(-1)?.message]).toEqual([2, expect.stringContaining('could not be installed')])
    expect(await on('readlink /opt/mlflow/current')).toContain(older)
    // The copy of the timer, made since.
    expect(
      await on(
        'for i in $(seq 240); do ls /var/lib/mlflow/backups/*.db 2>/dev/null && break; sleep 1; done; journalctl -u mlflow-backup -o cat --no-pager',
      ),
    ).toMatch(/^\/var\/lib\/mlflow\/backups\/\d{8}T\d{6}Z\.db\n[\s\S]*\/var\/lib\/mlflow\/backups\//)
    backup = {}
    const vars = { mlflow_server_version: newer, mlflow_server_db_upgrade: true }
    const ended = await role(vars)
    expect([ended.code, failures(ended)]).toEqual([0, []])
    // One copy by the timer, one before the upgrade.
    expect(await on('readlink /opt/mlflow/current; ls /var/lib/mlflow/backups | wc -l')).toMatch(
      new RegExp(`${newer.replaceAll('.', '\\.')}[\\s\\S]*2$`),
    )
    expect(await on("systemctl list-timers 'mlflow-*' --no-legend --no-pager; ls /etc/systemd/system/mlflow-*")).toBe(
      '',
    )
    expect((await page()).status).toBe(200)
    await converged(vars)
  })

  it('MLflow starts again with its host', async () => {
    await lab.reboot('h1')
    await on('for i in $(seq 120); do curl -sf localhost:5000/health && break; sleep 1; done')
    expect((await page()).status).toBe(200)
  })

  it('the removal keeps data and account, and a purge removes them', async () => {
    const left = `find / -xdev \\( -name '*mlflow*' -o -lname '*mlflow*' \\) -not -path '/proc/*' -not -path '/wheels/*' -not -path '/var/log/nginx/*' -not -path '/var/log/journal/*' 2>/dev/null | grep -v '^/var/lib/mlflow/' | sort; getent passwd mlflow | cut -d: -f1`
    const vars = { mlflow_proxy_backend_managed: true }
    const removed = await play('mlflow-remove.yml', 'h1', vars)
    expect([removed.code, failures(removed)]).toEqual([0, []])
    expect(await on(left)).toBe('/var/lib/mlflow\nmlflow')
    expect(await on('systemctl list-unit-files "mlflow*" --no-legend; ss -ltnH "sport = :5000 or sport = :8080"')).toBe(
      '',
    )
    expect((await play('mlflow-remove.yml', 'h1', { ...vars, mlflow_proxy_purge: true })).code).toBe(0)
    expect(await on(left)).toBe('')
  })
})
