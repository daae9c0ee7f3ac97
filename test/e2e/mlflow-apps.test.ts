// What MLflow itself offers by arguments: accounts and permissions of its own behind nginx's passwords, workspaces, counts.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, eventsOf, mlplay, program, repository } from './mlplay.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-apps'
const PORT = 38180
const BACKEND = 38600
const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-apps-')) : ''
const inventory = join(work, 'inventory')
const address = `http://localhost:${PORT}/mlflow`
const ANN = { name: 'ann', password: "ann's own password" }
const BOB = { name: 'bob', password: 'MLflow does not know bob' }

const settings = {
  mlflow_proxy_instance: NAME,
  mlflow_proxy_listen_port: PORT,
  mlflow_proxy_backend_port: BACKEND,
  mlflow_proxy_rate: '',
  mlflow_server_workers: 1,
  mlflow_server_jobs: false,
  // In both states, so that MLflow is installed once.
  mlflow_server_extras: ['Flask-WTF', 'prometheus-flask-exporter'],
  mlflow_proxy_users: [
    {
      name: 'admin',
      password: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}",
    },
    ANN,
    BOB,
  ],
}
const workspaces = {
  mlflow_server_args: ['--enable-workspaces'],
  mlflow_server_gc_older_than: '1s',
  mlflow_proxy_metrics: true,
  mlflow_proxy_metrics_allow_ips: ['127.0.0.1', '::1'],
}
// As docs/role-mlflow-proxy.md has it.
const accounts = {
  mlflow_server_args: ['--app-name', 'basic-auth'],
  mlflow_server_env_secret: {
    MLFLOW_AUTH_ADMIN_PASSWORD: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}",
    MLFLOW_FLASK_SERVER_SECRET_KEY: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-flask-key', length=40) }}",
  },
  mlflow_proxy_auth_forward: true,
}

const play = (name: string, given: object) =>
  mlplay([
    ...['run', join(repository, `playbooks/${name}.yml`), '-i', inventory, '-o', 'json'],
    ...['-e', JSON.stringify(given)],
  ])
const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')
const works = async (given: object) => {
  const ended = await play('mlflow-proxy', given)
  expect([ended.code, failures(ended)], ended.stderr).toEqual([0, []])
  const again = await play('mlflow-proxy', given)
  expect(eventsOf(again).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
}
const password = () => readFileSync(join(inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()
const admin = () => ({ name: 'admin', password: password() })
type Login = typeof ANN
const ask = async (path: string, { name, password: word }: Login, init: RequestInit = {}) => {
  const authorization = `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json', ...init.headers }
  const answer = await fetch(`${address}/${path}`, { ...init, headers })
  return { status: answer.status, text: await answer.text() }
}
const client = (script: string, { name, password: word }: Login) =>
  program(`/opt/${NAME}/current/bin/python`, ['-W', 'ignore', '-c', `import mlflow\n${script}`], {
    cwd: work,
    env: {
      MLFLOW_TRACKING_URI: address,
      MLFLOW_TRACKING_USERNAME: name,
      MLFLOW_TRACKING_PASSWORD: word,
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
    },
  })

const wipe = () =>
  sh(
    `n=${NAME}; /etc/init.d/$n stop; rm -rf /opt/$n /var/lib/$n /var/log/$n /etc/$n /etc/nginx/$n /var/log/nginx/$n-*.log /etc/logrotate.d/$n; rm -f /etc/init.d/$n /etc/rc?.d/[SK]??$n /etc/nginx/sites-*/$n /etc/nginx/snippets/$n-*.conf /etc/nginx/auth/$n*.htpasswd; userdel $n; nginx -t && /etc/init.d/nginx reload; true`,
  )

describe.skipIf(!wanted)("MLflow's own apps behind the proxy", { timeout: 900_000 }, () => {
  beforeAll(async () => {
    await wipe()
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
    writeFileSync(join(inventory, 'group_vars/mlflow.yml'), JSON.stringify(settings))
  }, 120_000)
  afterAll(async () => {
    await play('mlflow-remove', { mlflow_proxy_purge: true })
    await wipe()
    rmSync(work, { recursive: true, force: true })
  }, 300_000)

  it("MLflow's accounts and permissions stand behind nginx's passwords", async () => {
    await works(accounts)
    const body = JSON.stringify({ username: ANN.name, password: ANN.password })
    const post = { method: 'POST', body }
    expect((await ask('api/2.0/mlflow/users/create', ANN, post)).status).toBe(401)
    expect(await ask('api/2.0/mlflow/users/create', admin(), post)).toMatchObject({ status: 200 })
    expect({
      admin: (await ask('', admin())).status,
      ann: (await ask('', ANN)).status,
      // nginx knows bob, MLflow does not; nobody else gets past nginx.
      bob: (await ask('', BOB)).status,
      stranger: (await ask('', { name: 'eve', password: 'any' })).status,
      wrong: (await ask('', { ...ANN, password: 'wrong' })).status,
    }).toEqual({ admin: 200, ann: 200, bob: 401, stranger: 401, wrong: 401 })
    const mine = await client(
      `print('id', mlflow.create_experiment("ann's"))
mlflow.set_experiment("ann's")
with mlflow.start_run(): mlflow.log_text('hello', 'a.txt')
print('done')`,
      ANN,
    )
    expect(mine.stdout, mine.stderr).toContain('done')
    const others = await client(`print('id', mlflow.create_experiment("admin's"))`, admin())
    expect(others.stdout, others.stderr).toContain('id')
    // What is somebody else's may be read, and nothing else, unless its owner says so.
    const refused = await client(`mlflow.set_experiment("admin's")\nmlflow.start_run()`, ANN)
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/Permission denied|403/)])
  })

  it('workspaces keep experiments and artifacts apart, also when deleted ones are cleaned up', async () => {
    await works(workspaces)
    const made = await client(
      `mlflow.create_workspace('team-a')
for space in ['team-a', 'default']:
    mlflow.set_workspace(space)
    mlflow.set_experiment('shared name')
    with mlflow.start_run(run_name='of ' + space) as run:
        mlflow.log_text('words of ' + space, 'a b.txt')
    found = mlflow.search_runs(experiment_names=['shared name'], output_format='list')
    print([one.info.run_name for one in found], mlflow.artifacts.load_text(run.info.artifact_uri + '/a b.txt'))
mlflow.set_workspace('team-a')
mlflow.MlflowClient().delete_run(mlflow.search_runs(experiment_names=['shared name'], output_format='list')[0].info.run_id)`,
      admin(),
    )
    expect(
      made.stdout.split('\n').filter(line => line.startsWith('[')),
      made.stderr,
    ).toEqual(["['of team-a'] words of team-a", "['of default'] words of default"])
    const kept = `find /var/lib/${NAME}/artifacts -name 'a b.txt' -exec cat {} +`
    expect((await sh(kept)).stdout).toContain('words of team-a')
    const cleaned = await sh(`sleep 2; /opt/${NAME}/mlflow-database gc`)
    expect([cleaned.code, (await sh(kept)).stdout], cleaned.stderr).toEqual([0, 'words of default'])
  })

  it("shows MLflow's counts to those who may read metrics", async () => {
    const read = await sh(`curl -s ${address}/metrics`)
    expect(read.stdout).toMatch(/mlflow_http_request_total\{.*status="200"\} \d/)
    expect((await sh(`curl -s -o /dev/null -w '%{http_code}' ${address}/version`)).stdout).toBe('401')
  })

  it('MLflow without workspaces is told in its own words and put back, as their experiments would be lost', async () => {
    const ended = await play('mlflow-proxy', { ...workspaces, mlflow_server_args: [], mlflow_server_start_timeout: 30 })
    expect([ended.code, failures(ended).at(-1)?.message]).toEqual([
      2,
      expect.stringContaining('Cannot disable workspaces because experiments exist outside the default workspace'),
    ])
    await sh(`for i in $(seq 120); do curl -sf localhost:${BACKEND}/health && break; sleep 1; done`)
    expect(
      (await client("mlflow.set_workspace('team-a')\nprint(mlflow.get_workspace('team-a').name)", admin())).stdout,
    ).toBe('team-a\n')
  })
})
