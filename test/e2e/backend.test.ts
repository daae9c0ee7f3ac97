// The database and the bucket of MLflow: a real PostgreSQL, a real server of S3, MLflow's own client. Data that was changed
// comes back from a copy, and an upgrade that fails leaves the old version at work.

import { type ChildProcess, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, eventsOf, mlplay, program, repository } from './mlplay.ts'
import { built } from './programs.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-backend'
const PORT = 37180
const BACKEND = 37600
const S3 = 37900
const KEYS = { access: 'the-access-key', secret: 'the-secret-key-4711' }
type Settings = Readonly<Record<string, unknown>>

const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-backend-')) : ''
const inventory = join(work, 'inventory')
const objects = join(work, 'objects')
const home = `/var/lib/${NAME}`

const stores: Settings = {
  mlflow_server_postgresql: true,
  mlflow_server_s3_bucket: 'research',
  mlflow_server_s3_make_bucket: true,
  mlflow_server_s3_endpoint: `http://127.0.0.1:${S3}`,
  mlflow_server_s3_region: 'us-east-1',
  mlflow_server_s3_access_key: KEYS.access,
  mlflow_server_s3_secret_key: KEYS.secret,
}
const older: Settings = { ...stores, mlflow_server_version: '3.16.*' }
/** The same program with a database in a file. */
const sqlite: Settings = {
  ...stores,
  mlflow_server_postgresql: false,
  mlflow_server_extras: ['psycopg2-binary', 'boto3'],
}

const play = (name: string, settings: Settings, ...args: readonly string[]) =>
  mlplay([
    'run',
    join(repository, `playbooks/${name}.yml`),
    ...['-i', inventory, '-o', 'json', '-e', JSON.stringify(settings)],
    ...args,
  ])
const run = (settings: Settings, ...args: readonly string[]) => play('mlflow-proxy', settings, ...args)
const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')
const said = (ended: Ended) =>
  failures(ended)
    .map(task => `${task.message} ${task.stderr ?? ''}`)
    .join('\n')
const host = (ended: Ended) => eventsOf(ended).summary?.hosts['localhost']
const secret = (name: string) => readFileSync(join(inventory, 'secrets', name), 'utf8').trim()
const psql = (query: string) =>
  sh(`cd / && echo "${query}" | setpriv --reuid postgres --regid postgres --init-groups psql -X -At -d '${NAME}'`)

const client = (script: string) =>
  program(`/opt/${NAME}/current/bin/python`, ['-W', 'ignore', '-c', `import mlflow\n${script}`], {
    cwd: work,
    env: {
      MLFLOW_TRACKING_URI: `http://localhost:${PORT}/mlflow`,
      MLFLOW_TRACKING_USERNAME: 'admin',
      MLFLOW_TRACKING_PASSWORD: secret('mlflow-admin-password'),
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
    },
  })
const record = async (name: string) => {
  const ended = await client(
    `mlflow.set_experiment('kept')
with mlflow.start_run(run_name='${name}') as run: mlflow.log_metric('m', 1.5); mlflow.log_text('words of ${name}', 'a b.txt')
print('read:', mlflow.artifacts.load_text(run.info.artifact_uri + '/a b.txt'))`,
  )
  expect(ended.stdout, ended.stderr).toContain(`read: words of ${name}`)
}
const recorded = async () =>
  (
    await client(
      `print(','.join(sorted(run.info.run_name for run in mlflow.search_runs(search_all_experiments=True, output_format='list'))))`,
    )
  ).stdout.trim()
const version = async () => (await sh(`/opt/${NAME}/current/bin/mlflow --version`)).stdout
const copies = () => readdirSync(join(home, 'backups')).toSorted()

const wipe = () =>
  sh(
    `n=${NAME}; /etc/init.d/$n stop; rm -rf /opt/$n ${home} /var/log/$n /etc/$n /etc/nginx/$n /var/log/nginx/$n-*.log /etc/logrotate.d/$n /etc/cron.d/$n; rm -f /etc/init.d/$n /etc/rc?.d/[SK]??$n /etc/nginx/sites-*/$n /etc/nginx/snippets/$n-*.conf /etc/nginx/auth/$n.htpasswd; userdel $n; nginx -t && /etc/init.d/nginx reload; cd / && for d in $n $n-two; do echo "DROP DATABASE IF EXISTS \\"$d\\" WITH (FORCE);"; echo "DROP ROLE IF EXISTS \\"$d\\";"; done | setpriv --reuid postgres --regid postgres --init-groups psql -X; true`,
  )

describe.skipIf(!wanted)("MLflow's database and bucket", { timeout: 1_200_000 }, () => {
  let server: ChildProcess | undefined
  beforeAll(async () => {
    await wipe()
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    mkdirSync(objects)
    writeFileSync(join(inventory, 'hosts.yml'), readFileSync(join(repository, 'inventory/dev/hosts.yml')))
    writeFileSync(
      join(inventory, 'group_vars/mlflow.yml'),
      `mlflow_proxy_instance: ${NAME}
mlflow_proxy_listen_port: ${PORT}
mlflow_proxy_backend_port: ${BACKEND}
mlflow_proxy_rate: ""
mlflow_server_workers: 1
mlflow_server_jobs: false
mlflow_server_db_upgrade: true
mlflow_proxy_users: [{ name: admin, password: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}" }]
`,
    )
    server = spawn(await built('versitygw'), ['--port', `127.0.0.1:${S3}`, 'posix', objects], {
      env: { ...process.env, ROOT_ACCESS_KEY: KEYS.access, ROOT_SECRET_KEY: KEYS.secret },
      stdio: 'ignore',
    })
  }, 1_800_000)

  afterAll(async () => {
    server?.kill()
    await wipe()
    rmSync(work, { recursive: true, force: true })
  }, 600_000)

  it('PostgreSQL and the bucket are set up, and MLflow stores runs and artifacts in them', async () => {
    const dry = await run(older, '--check')
    expect(
      eventsOf(dry)
        .tasks.filter(task => task.changes.length > 0)
        .map(task => task.task),
    ).toEqual(expect.arrayContaining(['the account and the database of MLflow', 'the bucket is there']))
    const ended = await run(older, '--diff')
    expect([ended.code, said(ended)]).toEqual([0, ''])
    await record('first')
    expect((await psql('SELECT name FROM runs')).stdout.trim()).toBe('first')
    const found = (await sh(`find ${objects}/research/${NAME} -name 'a b.txt' -exec cat {} +`)).stdout
    expect(found).toBe('words of first')
    expect(host(await run(older))).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
    const logged = await sh(`cat /var/log/postgresql/*.log /var/log/${NAME}/*.log; ps axww -o args`)
    for (const word of [KEYS.secret, secret(`${NAME}-postgresql-localhost`)])
      expect(`${dry.stdout}${ended.stdout}${ended.stderr}${logged.stdout}`).not.toContain(word)
  })

  it('a new database password is applied', async () => {
    const given = { ...older, mlflow_server_postgresql_password: `it's/a:"new"@%password` }
    const ended = await run(given)
    expect([ended.code, said(ended)]).toEqual([0, ''])
    expect(await recorded()).toBe('first')
    expect(host(await run(given))).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
    expect((await run(older)).code).toBe(0)
  })

  it.each([
    [
      'a database that nobody serves',
      {
        mlflow_server_postgresql: false,
        mlflow_server_backend_store_uri: 'postgresql+psycopg2://a:geheim@127.0.0.1:9/a',
      },
      /database postgresql\+psycopg2:\/\/a:\S*@127\.0\.0\.1:9\/a cannot be used: .*refused/s,
    ],
    [
      'a server of S3 that is not there',
      { mlflow_server_s3_endpoint: 'http://127.0.0.1:9' },
      /bucket .* 127\.0\.0\.1:9/s,
    ],
    ['keys that the bucket does not know', { mlflow_server_s3_secret_key: 'another' }, /not open to these keys/],
    [
      'a bucket that is not there',
      { mlflow_server_s3_bucket: 'other-bucket', mlflow_server_s3_make_bucket: false },
      /there is no bucket other-bucket/,
    ],
  ] as const)('%s is told by its own words, and MLflow goes on with the old settings', async (_, change, words) => {
    const ended = await run({ ...older, ...change })
    expect(ended.code).toBe(2)
    expect(said(ended)).toMatch(words)
    expect(ended.stdout).not.toContain('geheim')
    expect(await recorded()).toBe('first')
  })

  it('an upgrade that the database refuses is undone, and the old version keeps serving', async () => {
    // A table that the new schema wants to make.
    await psql(
      `SET ROLE '${NAME}'; CREATE TABLE sql_trace_metric_daily_rollups (mine int); INSERT INTO sql_trace_metric_daily_rollups VALUES (7)`,
    )
    const ended = await run(stores)
    expect([ended.code, failures(ended)[0]?.task]).toEqual([2, 'the database has the schema of this version'])
    expect(said(ended)).toContain('the database is as it was before')
    expect([await version(), await recorded()]).toEqual([expect.stringContaining('3.16'), 'first'])
    expect(
      (await psql('SELECT mine FROM sql_trace_metric_daily_rollups; DROP TABLE sql_trace_metric_daily_rollups')).stdout,
    ).toContain('7')
    await record('second')
    expect(host(await run(older))).toMatchObject({ failed: 0 })
  })

  it('an upgrade whose MLflow does not start is undone with its database', async () => {
    const ended = await run({ ...stores, mlflow_server_args: ['--no-such-option'], mlflow_server_start_timeout: 15 })
    expect(ended.code).toBe(2)
    expect(said(ended)).toMatch(/no such option/i)
    const answers = `for i in $(seq 90); do curl -sf http://127.0.0.1:${BACKEND}/health && break; sleep 1; done`
    expect((await sh(answers)).stdout).toBe('OK')
    expect([await version(), await recorded()]).toEqual([expect.stringContaining('3.16'), 'first,second'])
    expect(existsSync(`/opt/${NAME}/.upgrade`)).toBe(false)
    expect(host(await run(older))).toMatchObject({ failed: 0 })
  })

  it('a successful upgrade keeps the data and the copy from before it', async () => {
    const before = copies().length
    const ended = await run(stores)
    expect([ended.code, said(ended)]).toEqual([0, ''])
    expect([await version(), await recorded()]).toEqual([expect.stringMatching(/3\.(1[7-9]|[2-9]\d)/), 'first,second'])
    expect(copies().length).toBe(Math.min(before + 1, 5))
    expect(host(await run(stores))).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
  })

  it.each([
    ['PostgreSQL', stores, 'dump', 'first,second'],
    ['SQLite', sqlite, 'db', ''],
  ] as const)(
    'a copy of %s brings back what was there, and what is there now is kept as well',
    async (_, settings, kind, before) => {
      expect((await run(settings)).code).toBe(0)
      await record('kept')
      const all = [before, 'kept'].filter(Boolean).join(',')
      const copied = await play('mlflow-backup', settings)
      const copy = new RegExp(`${home}/backups/\\S+?\\.${kind}`).exec(copied.stdout)?.[0] ?? ''
      expect([copied.code, copy]).toEqual([0, expect.stringContaining(kind)])
      await client(
        `c = mlflow.MlflowClient()\nfor r in mlflow.search_runs(search_all_experiments=True, output_format='list'): c.delete_run(r.info.run_id)`,
      )
      await record('later')
      expect(await recorded()).toBe('later')
      const wrong = await play('mlflow-restore', settings, '-e', `copy=/opt/${NAME}/requirements.txt`)
      expect([wrong.code, said(wrong)]).toEqual([
        2,
        expect.stringMatching(/no whole SQLite database|no copy made by pg_dump/),
      ])
      const restored = await play('mlflow-restore', settings, '-e', `copy=${copy}`)
      expect([restored.code, said(restored)]).toEqual([0, ''])
      expect(await recorded()).toBe(all)
      // Back to what was there before, by the copy that the restoring made.
      const undo = copies().findLast(name => name.endsWith(`-before-restore.${kind}`))
      expect((await play('mlflow-restore', settings, '-e', `copy=${home}/backups/${undo}`)).code).toBe(0)
      expect(await recorded()).toBe('later')
      expect((await play('mlflow-restore', settings, '-e', `copy=${copy}`)).code).toBe(0)
      expect(copies().length).toBeLessThanOrEqual(5)
      expect(host(await run(settings))).toMatchObject({ changed: 0, failed: 0 })
    },
  )

  it("root does not follow links of MLflow's account", async () => {
    const bait = join(work, 'bait')
    mkdirSync(bait)
    rmSync(join(home, 'backups'), { recursive: true })
    symlinkSync(bait, join(home, 'backups'))
    await sh(`chmod 755 ${work}; chown -h ${NAME} ${home}/backups`)
    const ended = await play('mlflow-backup', sqlite)
    expect(ended.code).toBe(2)
    expect((await sh(`stat -c '%U %a' ${bait}; ls -A ${bait}`)).stdout).toBe('root 755\n')
    rmSync(join(home, 'backups'))
  })

  it('backups and the clean-up run at their times, and stop when they are switched off', async () => {
    const at = new Date(Date.now() + 150_000)
    const time = (await sh(`date -d @${Math.floor(at.getTime() / 1000)} +%H:%M`)).stdout.trim()
    await client(
      `c = mlflow.MlflowClient()\nfor r in mlflow.search_runs(search_all_experiments=True, output_format='list'): c.delete_run(r.info.run_id)`,
    )
    const settings = {
      ...sqlite,
      mlflow_server_backup_at: time,
      mlflow_server_gc_at: time,
      mlflow_server_gc_older_than: '1s',
    }
    const ended = await run(settings)
    expect([ended.code, said(ended)]).toEqual([0, ''])
    expect(host(await run(settings))).toMatchObject({ changed: 0, round_trips: 1 })
    const log = `/var/log/${NAME}/schedule.log`
    await sh(`for i in $(seq 240); do [ "$(grep -c ': done' ${log})" = 2 ] && break; sleep 1; done`)
    const lines = readFileSync(log, 'utf8')
    expect(lines).toMatch(/backup: done/)
    expect(lines).toMatch(/has been permanently deleted[\s\S]*gc: done/)
    expect(copies().length).toBeGreaterThan(0)
    expect(
      (await sh(`find ${objects}/research/${NAME} -name 'a b.txt' -exec cat {} + | grep -c kept`)).stdout.trim(),
    ).not.toBe('2')
    expect((await run(sqlite)).code).toBe(0)
    expect(existsSync(`/etc/cron.d/${NAME}`)).toBe(false)
  })

  it('a second instance on the same PostgreSQL shares nothing with the first', async () => {
    const book = join(repository, 'playbooks', `.${NAME}.yml`)
    const second = { mlflow_proxy_instance: `${NAME}-two` }
    const set = async (tasks: string, settings: Settings) => {
      writeFileSync(
        book,
        `- hosts: mlflow\n  become: true\n  tasks:\n    - import_role: { name: mlflow-proxy, tasks_from: ${tasks} }\n`,
      )
      const ended = await play(`.${NAME}`, settings)
      rmSync(book)
      return ended
    }
    const made = await set('postgresql', second)
    expect([made.code, said(made)]).toEqual([0, ''])
    const word = secret(`${NAME}-two-postgresql-localhost`)
    const login = (database: string) =>
      program('psql', ['-X', '-At', '-w', '-h', '127.0.0.1', '-U', `${NAME}-two`, '-d', database, '-c', 'SELECT 1'], {
        env: { PGPASSWORD: word },
      })
    expect((await login(`${NAME}-two`)).stdout.trim()).toBe('1')
    expect((await login(NAME)).stderr).toContain('permission denied for database')
    const taken = await set('postgresql', { ...second, mlflow_server_postgresql_user: NAME })
    expect([taken.code, said(taken)]).toEqual([
      2,
      expect.stringContaining(`the account ${NAME} of PostgreSQL is not this instance's`),
    ])
    expect((await set('postgresql-absent', second)).code).toBe(0)
    expect(host(await set('postgresql-absent', second))).toMatchObject({ changed: 0 })
    expect((await login(`${NAME}-two`)).stderr).toContain('failed')
    expect((await psql('SELECT count(*) FROM runs')).stdout.trim()).not.toBe('0')
  })

  it.each([
    [{ mlflow_server_backend_store_uri: 'sqlite:////x/y.db' }, 'leave one of them out'],
    [{ mlflow_server_postgresql_user: 'postgres' }, "not PostgreSQL's own"],
    [{ mlflow_server_s3_secret_key: '' }, 'belong together'],
    [{ mlflow_server_artifacts_destination: '/srv/artifacts' }, 'are for s3://BUCKET'],
    [{ mlflow_server_s3_endpoint: 'minio:9000' }, 'https://minio.example.com:9000'],
    [{ mlflow_server_backup_at: '25:00' }, 'Sun 03:30'],
    [{ mlflow_server_gc_older_than: 'a month' }, 'an age 30d'],
  ])('the setting %j is refused with a hint', async (change, words) => {
    const ended = await run({ ...stores, ...change }, '--check')
    expect([ended.code, said(ended)]).toEqual([2, expect.stringContaining(words)])
  })

  it('absent with purge leaves neither account nor database', async () => {
    expect((await run(stores)).code).toBe(0)
    const ended = await play('mlflow-remove', { ...stores, mlflow_proxy_purge: true })
    expect([ended.code, said(ended)]).toEqual([0, ''])
    const left = await sh(
      `find /etc /opt /var/lib /var/log -xdev -name '*${NAME}*' 2>/dev/null | grep -v '/var/log/nginx/'; cd / && setpriv --reuid postgres --regid postgres --init-groups psql -X -At -d postgres -c "SELECT rolname FROM pg_roles WHERE rolname LIKE '${NAME}%' UNION SELECT datname FROM pg_database WHERE datname LIKE '${NAME}%'"`,
    )
    expect(left.stdout).toBe('')
    expect(host(await play('mlflow-remove', { ...stores, mlflow_proxy_purge: true }))).toMatchObject({
      changed: 0,
      failed: 0,
    })
  })
})
