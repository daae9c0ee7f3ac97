// The role on this very machine: real nginx, a real MLflow from PyPI, a real browser and MLflow's own client.
import { appendFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browse } from './browser.ts'
import { eventsOf, mlplay, program, repository } from './mlplay.ts'
import { promises, saidBy } from './promises.ts'
import {
  BACKEND,
  base,
  client,
  extra,
  get,
  inventory,
  login,
  NAME,
  PORT,
  password,
  passwordFile,
  remove,
  run,
  service,
  sh,
  snapshot,
  wanted,
  wipe,
  work,
} from './site.ts'

describe.skipIf(!wanted)('the role mlflow-proxy on this machine', { timeout: 900_000 }, () => {
  let planned: readonly string[] = []

  beforeAll(async () => {
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
    cpSync(join(repository, 'inventory/dev/group_vars/mlflow.yml'), join(inventory, 'group_vars/mlflow.yml'))
    mkdirSync(join(inventory, 'host_vars'))
    writeFileSync(
      join(inventory, 'host_vars/localhost.yml'),
      `mlflow_proxy_instance: ${NAME}\nmlflow_proxy_listen_port: ${PORT}\nmlflow_proxy_backend_port: ${BACKEND}\nmlflow_server_workers: 1\nmlflow_server_start_link: ""\n`,
    )
    await wipe()
  }, 600_000)

  afterAll(async () => {
    await remove()
    await wipe()
    rmSync(work, { recursive: true, force: true })
  }, 600_000)

  it('a dry run reports what it would do and touches nothing', async () => {
    const before = await snapshot()
    const ended = await run('--dry-run')
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    planned = eventsOf(ended).tasks.flatMap(task => task.changes.map(change => change.what))
    expect(planned).toContain(`create /etc/nginx/sites-available/${NAME}`)
    expect(await snapshot()).toBe(before)
  })

  it('a port that is in use is refused with the name of its program', async () => {
    const other = await new Promise<Server>((done, failed) => {
      const server = createTcpServer().once('error', failed)
      server.listen(PORT, () => done(server))
    })
    const ended = await run()
    other.close()
    expect(ended.code).toBe(2)
    const failed = eventsOf(ended).tasks.find(task => task.status === 'failed')
    expect(failed?.message).toContain(`port ${PORT} is taken by node`)
    expect(existsSync(`/etc/nginx/sites-available/${NAME}`)).toBe(false)
  })

  it('the first run sets everything up as the dry run predicted', async () => {
    const ended = await run()
    const { tasks, summary } = eventsOf(ended)
    expect(tasks.filter(task => task.status === 'failed')).toEqual([])
    expect(ended.code).toBe(0)
    const made = tasks.flatMap(task => task.changes.map(change => change.what))
    expect(made).toEqual(planned)
    expect(summary?.hosts['localhost']?.verified).toBeGreaterThan(10)
    expect(ended.stdout).not.toContain(password())
  })

  it('the second run changes nothing, in one round trip', async () => {
    const ended = await run()
    expect(ended.code).toBe(0)
    expect(eventsOf(ended).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
  })

  it('the password is readable only by its owners', async () => {
    expect(
      (
        await sh(
          `stat -c '%a' ${passwordFile}; stat -c '%a %U %G' /etc/nginx/auth/${NAME}.htpasswd; stat -c %a /etc/${NAME}/${NAME}.env`,
        )
      ).stdout,
    ).toBe('600\n640 root www-data\n600\n')
    expect(password()).toHaveLength(24)
  })

  it('every page asks for a password', async () => {
    for (const path of [
      '/',
      '/static-files/favicon.ico',
      '/ajax-api/2.0/mlflow/experiments/search',
      '/api/2.0/mlflow/experiments/search',
      '/graphql',
      '/v1/traces',
      '/get-artifact',
    ]) {
      const answer = await get(path)
      expect([path, answer.status, answer.headers.get('www-authenticate')]).toEqual([path, 401, 'Basic realm="MLflow"'])
    }
    expect((await get('/', { authorization: `Basic ${Buffer.from('admin:wrong').toString('base64')}` })).status).toBe(
      401,
    )
    expect((await get('/', { authorization: `Basic ${Buffer.from('nobody:wrong').toString('base64')}` })).status).toBe(
      401,
    )
    const page = await get('/', { authorization: login() })
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('static-files/static/js/main')
  })

  it('redirects lead to the MLflow page and nowhere else', async () => {
    const bare = await get('', { authorization: login() })
    expect([bare.status, bare.headers.get('location')]).toEqual([301, '/mlflow/'])
    expect((await fetch(`http://localhost:${PORT}/`, { redirect: 'manual' })).headers.get('location')).toBe('/mlflow/')
    expect((await fetch(`http://localhost:${PORT}/other`, { headers: { authorization: login() } })).status).toBe(404)
    expect((await get('/ajax-api/3.0/mlflow/assistant/config', { authorization: login() })).status).toBe(403)
    const strange = await program('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
      '-H',
      'Host: evil.test',
      `http://127.0.0.1:${PORT}/mlflow/`,
    ])
    expect(strange.stdout).toBe('421')
  })

  it('security headers are sent once, with every status', async () => {
    for (const [path, headers] of [
      ['/', { authorization: login() }],
      ['/', {}],
      ['/../other', { authorization: login() }],
    ] as const) {
      const answer = await get(path, headers)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('x-frame-options')).toBe('SAMEORIGIN')
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(answer.headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
      expect(answer.headers.get('server')).toBe('nginx')
      expect(answer.headers.get('strict-transport-security')).toBeNull()
    }
  })

  it('the page may post, and other origins may not', async () => {
    const post = (origin: string) =>
      get(
        '/ajax-api/2.0/mlflow/runs/search',
        { authorization: login(), origin, 'content-type': 'application/json' },
        { method: 'POST', body: '{"experiment_ids":["0"]}' },
      )
    expect((await post(`http://localhost:${PORT}`)).status).toBe(200)
    expect((await post('http://evil.test')).status).toBe(403)
  })

  it('MLflow listens only on localhost', async () => {
    expect(
      (
        await sh(
          `awk '$4 == "0A" && $2 ~ /:${BACKEND.toString(16).toUpperCase()}$/ {print $2}' /proc/net/tcp /proc/net/tcp6`,
        )
      ).stdout,
    ).toMatch(/^(0100007F:\w+\n)+$/)
  })

  it('the Python client stores and reads a run, metrics and an artifact', async () => {
    const good = await client(
      `mlflow.set_experiment("e2e")
with mlflow.start_run(run_name="first") as run:
    for i in range(5): mlflow.log_metric("accuracy", i, step=i)
    mlflow.log_param("p", "v")
    path = os.path.join(tempfile.mkdtemp(), "a b+c.bin")
    data = os.urandom(3_000_000)
    open(path, "wb").write(data)
    mlflow.log_artifact(path, "deep")
names = [f.path for f in mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="deep")]
back = open(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=names[0]), "rb").read()
print(names, back == data, mlflow.get_run(run.info.run_id).data.metrics)`,
    )
    expect(good.stdout, good.stderr).toContain(`['deep/a b+c.bin'] True {'accuracy': 4.0}`)
    const bad = await client('mlflow.set_experiment("e2e")', { MLFLOW_TRACKING_PASSWORD: 'wrong' })
    expect(bad.stderr).toContain('401')
  })

  it('traces pass through', async () => {
    const traced = await client(
      `mlflow.set_experiment("traces")
@mlflow.trace
def double(x): return 2 * x
double(21)
mlflow.flush_trace_async_logging()
found = mlflow.search_traces(return_type="list")
print([t.data.spans[0].name for t in found], [t.data.spans[0].outputs for t in found])`,
    )
    expect(traced.stdout, traced.stderr).toContain(`['double'] [42]`)
  })

  it('an artifact of 100 MB passes through, and nginx keeps nothing of it', async () => {
    const big = await client(
      `mlflow.set_experiment("big")
path = os.path.join(tempfile.mkdtemp(), "model.bin")
chunk = os.urandom(1 << 20)
with open(path, "wb") as f:
    for i in range(100): f.write(chunk)
sum_of = lambda p: hashlib.md5(open(p, "rb").read()).hexdigest()
with mlflow.start_run() as run: mlflow.log_artifact(path)
back = mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="model.bin", dst_path=tempfile.mkdtemp())
print("same" if sum_of(back) == sum_of(path) else "different", os.path.getsize(back))`,
    )
    expect(big.stdout, big.stderr).toContain('same 104857600')
    expect((await sh('find /var/lib/nginx/body /var/lib/nginx/proxy -type f | wc -l')).stdout.trim()).toBe('0')
  })

  it("a browser shows MLflow's pages without a failed request", async () => {
    const found = (await (
      await get('/api/2.0/mlflow/experiments/get-by-name?experiment_name=e2e', { authorization: login() })
    ).json()) as { readonly experiment: { readonly experiment_id: string } }
    const experiment = found.experiment.experiment_id
    const runs = (await (
      await get(
        '/api/2.0/mlflow/runs/search',
        { authorization: login(), 'content-type': 'application/json' },
        { method: 'POST', body: JSON.stringify({ experiment_ids: [experiment] }) },
      )
    ).json()) as { readonly runs: readonly { readonly info: { readonly run_id: string } }[] }
    const place = `${base}/#/experiments/${experiment}`
    const one = `${place}/runs/${runs.runs[0]?.info.run_id}`
    const pages = [
      { url: `${base}/`, shows: 'Experiments' },
      { url: `${base}/#/experiments`, shows: 'e2e' },
      { url: `${place}/runs`, shows: 'first' },
      { url: one, shows: 'first' },
      { url: `${one}/model-metrics`, shows: 'accuracy' },
      { url: `${one}/artifacts`, shows: 'deep' },
    ]
    for (const turn of [1, 2]) expect([turn, await browse(pages)]).toEqual([turn, []])
  })

  it('the site writes its own logs with user names, and logrotate handles them', async () => {
    const log = (which: string) => readFileSync(`/var/log/nginx/${NAME}-${which}.log`, 'utf8')
    expect(log('access')).toMatch(/ - admin \[.*"GET \/mlflow\/ HTTP/)
    expect(log('error')).toContain('user "admin": password mismatch')
    expect(readFileSync('/etc/logrotate.d/nginx', 'utf8')).toContain('/var/log/nginx/*.log')
  })

  it('another machine cannot reach MLflow past nginx', async () => {
    const net = `e2e${process.pid}`
    const near = `10.213.${process.pid % 250}.1`
    const far = near.replace(/1$/, '2')
    const from = (url: string) =>
      program('ip', ['netns', 'exec', net, 'curl', '-s', '-m', '5', '-o', '/dev/null', '-w', '%{http_code}', url])
    await sh(
      `ip netns add ${net} && ip link add ${net}a type veth peer name ${net}b netns ${net} && ip addr add ${near}/24 dev ${net}a && ip link set ${net}a up && ip -n ${net} addr add ${far}/24 dev ${net}b && ip -n ${net} link set ${net}b up`,
    )
    try {
      const direct = await from(`http://${near}:${BACKEND}/health`)
      expect([direct.code, direct.stdout]).toEqual([7, '000']) // refused
      expect((await from(`http://${near}:${PORT}/mlflow/`)).stdout).toBe('421')
      const named = await run(...extra({ mlflow_proxy_server_names: ['localhost', near] }))
      expect(named.code, named.stdout.slice(-800)).toBe(0)
      expect((await from(`http://${near}:${PORT}/mlflow/`)).stdout).toBe('401')
      expect((await from(`http://admin:${password()}@${near}:${PORT}/mlflow/`)).stdout).toBe('200')
    } finally {
      await sh(`ip netns del ${net}; ip link del ${net}a`)
    }
    expect((await run()).code).toBe(0)
  })

  it('when MLflow does not answer, a page with all headers says how to start it', async () => {
    await service('stop')
    const page = await get('/', { authorization: login() })
    expect(page.status).toBe(502)
    expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await page.text()).toContain('MLflow does not answer')
    const again = eventsOf(await run())
    expect(again.tasks.filter(task => task.status === 'changed').map(task => task.changes[0]?.what)).toEqual([
      `start ${NAME}`,
    ])
    expect((await get('/version', { authorization: login() })).status).toBe(200)
  })

  it('users are added and removed without a reload', async () => {
    const users = (...args: readonly string[]) =>
      mlplay(['run', join(repository, 'playbooks/mlflow-users.yml'), '-i', inventory, '-e', 'name=ann', ...args])
    expect((await users()).code).toBe(0)
    const ann = `Basic ${Buffer.from(`ann:${readFileSync(join(inventory, 'secrets/mlflow-ann-password'), 'utf8').trim()}`).toString('base64')}`
    expect((await get('/version', { authorization: ann })).status).toBe(200)
    expect((await users('-e', 'state=absent')).code).toBe(0)
    expect((await get('/version', { authorization: ann })).status).toBe(401)
    expect((await get('/version', { authorization: login() })).status).toBe(200)
  })

  it('the old site is restored when nginx refuses the new one', async () => {
    const other = join(work, 'broken')
    cpSync(join(repository, 'playbooks'), join(other, 'playbooks'), { recursive: true })
    cpSync(join(repository, 'roles'), join(other, 'roles'), { recursive: true })
    appendFileSync(join(other, 'roles/mlflow-proxy/templates/site.conf.j2'), 'this is no directive\n')
    const site = `/etc/nginx/sites-available/${NAME}`
    const before = readFileSync(site, 'utf8')
    const ended = await mlplay(['run', join(other, 'playbooks/mlflow-proxy.yml'), '-i', inventory, '-o', 'json'])
    const { tasks, rollbacks } = eventsOf(ended)
    expect(ended.code).toBe(2)
    expect(tasks.find(task => task.status === 'failed')).toMatchObject({ type: 'nginx-test' })
    expect(rollbacks[0]).toMatchObject({ undone: [`write ${site}`], not_undone: [] })
    expect(readFileSync(site, 'utf8')).toBe(before)
    expect((await get('/version', { authorization: login() })).status).toBe(200)
    expect((await run()).code).toBe(0)
  })

  it('requests of one address beyond the limit get 429', async () => {
    const ended = await run(...extra({ mlflow_proxy_burst: 25 }))
    expect(ended.code, ended.stdout.slice(-800)).toBe(0)
    const codes = new Map<number, number>()
    const began = Date.now()
    for (let i = 0; i < 60; i++) {
      const { status, headers } = await get('/version', { authorization: login() })
      codes.set(status, (codes.get(status) ?? 0) + 1)
      if (status === 429) expect(headers.get('retry-after')).toBeNull()
    }
    const seconds = (Date.now() - began) / 1000
    expect(codes.get(429) ?? 0).toBeGreaterThan(60 - 1 - 25 - Math.ceil(1.67 * seconds) - 2)
    expect(codes.get(429) ?? 0).toBeGreaterThan(10)
    expect((codes.get(200) ?? 0) + (codes.get(429) ?? 0)).toBe(60)
    expect((await run()).code).toBe(0)
  })

  it('uploads beyond the limit are refused', async () => {
    const ended = await run(...extra({ mlflow_proxy_max_body: '1m' }))
    expect(ended.code, ended.stdout.slice(-800)).toBe(0)
    const answer = await get(
      '/api/2.0/mlflow-artifacts/artifacts/x',
      { authorization: login() },
      { method: 'PUT', body: Buffer.alloc(2_000_000) },
    )
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([413, 'nosniff'])
    expect((await run()).code).toBe(0)
  })

  it('WebSocket connections pass through', async () => {
    const stub = createServer((_, answer) => answer.end('a stub')).on('upgrade', (_, socket) =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello'),
    )
    const port = await new Promise<number>(done =>
      stub.listen(0, '127.0.0.1', () => done((stub.address() as { port: number }).port)),
    )
    const ended = await run(
      '-t',
      'site,checks',
      ...extra({ mlflow_proxy_backend_port: port, mlflow_proxy_backend_managed: false }),
    )
    expect(ended.code, ended.stdout.slice(-800)).toBe(0)
    const shake = (auth: readonly string[]) =>
      program('curl', [
        '-s',
        '-i',
        '-m',
        '5',
        ...auth,
        '-H',
        'Connection: Upgrade',
        '-H',
        'Upgrade: websocket',
        '-H',
        'Sec-WebSocket-Version: 13',
        '-H',
        'Sec-WebSocket-Key: eA==',
        `${base}/ws`,
      ])
    expect((await shake([])).stdout).toMatch(/^HTTP\/1\.1 401/)
    expect((await shake(['-u', `admin:${password()}`])).stdout).toMatch(/^HTTP\/1\.1 101/)
    stub.close()
    expect((await run()).code).toBe(0)
  })

  it('the site accepts only TLS 1.2 and 1.3 and redirects plain HTTP', async () => {
    // Without addresses among the names, a handshake for any other name is refused.
    const vars = {
      mlflow_proxy_server_names: ['localhost'],
      mlflow_proxy_tls: 'selfsigned',
      mlflow_proxy_tls_port: 18443,
      mlflow_proxy_tls_redirect_port: PORT,
    }
    const ended = await run(...extra(vars))
    expect(ended.code, ended.stdout.slice(-1500)).toBe(0)
    expect(eventsOf(await run(...extra(vars))).summary?.hosts['localhost']).toMatchObject({
      changed: 0,
      round_trips: 1,
    })
    const shake = async (version: string, name = 'localhost') =>
      (
        await program(
          'openssl',
          ['s_client', version, '-connect', '127.0.0.1:18443', '-servername', name, '-alpn', 'h2'],
          { input: '' },
        )
      ).stdout
    expect(await shake('-tls1_3')).toMatch(/TLSv1\.3, Cipher is TLS_/)
    const two = await shake('-tls1_2')
    expect(two).toMatch(/TLSv1\.2, Cipher is ECDHE/)
    expect(two).toContain('ALPN protocol: h2')
    expect(await shake('-tls1_1')).toContain('Cipher is (NONE)')
    expect(await shake('-tls1_3', 'evil.test')).toContain('Cipher is (NONE)')
    const code = async (url: string, ...args: readonly string[]) =>
      (await program('curl', ['-k', '-s', '-o', '/dev/null', '-w', '%{http_code} %{redirect_url}', ...args, url]))
        .stdout
    expect(await code(`http://localhost:${PORT}/mlflow/x?y=1`)).toBe('308 https://localhost:18443/mlflow/x?y=1')
    expect(await code('http://localhost:18443/mlflow/')).toBe('308 https://localhost:18443/mlflow/')
    expect(await code('https://localhost:18443/mlflow/')).toBe('401 ')
    expect(await code('https://localhost:18443/mlflow/', '-u', `admin:${password()}`)).toBe('200 ')
    expect((await run()).code).toBe(0)
  })

  it('the site serves given certificates with HSTS, to a client that trusts them', async () => {
    const [cert, key] = [join(work, 'cert.pem'), join(work, 'key.pem')]
    await sh(
      `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout ${key} -out ${cert}`,
    )
    const ended = await run(
      ...extra({
        mlflow_proxy_tls: 'files',
        mlflow_proxy_tls_cert: cert,
        mlflow_proxy_tls_key: key,
        mlflow_proxy_tls_port: 18443,
        mlflow_proxy_tls_redirect_port: PORT,
      }),
    )
    expect(ended.code, ended.stdout.slice(-1500)).toBe(0)
    const head = async (url: string, ...args: readonly string[]) =>
      (await program('curl', ['-s', '-o', '/dev/null', '-D', '-', '--cacert', cert, ...args, url])).stdout.toLowerCase()
    const hsts = 'strict-transport-security: max-age=63072000'
    expect(await head('https://localhost:18443/mlflow/')).toContain(hsts)
    expect(await head('https://localhost:18443/mlflow/', '-u', `admin:${password()}`)).toContain(hsts)
    expect(await head(`http://localhost:${PORT}/mlflow/`)).not.toContain('strict-transport-security')
    const trusted = {
      MLFLOW_TRACKING_URI: 'https://localhost:18443/mlflow',
      MLFLOW_TRACKING_SERVER_CERT_PATH: cert,
    }
    const good = await client('print(mlflow.set_experiment("tls").name)', trusted)
    expect(good.stdout, good.stderr).toContain('tls')
    expect((await run()).code).toBe(0)
  })

  // On request (MLPLAY_LONG=1): it runs the playbook a dozen times.
  const promised = process.env['MLPLAY_LONG'] === '1' ? it : undefined
  promised?.('keeps each promise of README.md, shown by the command that stands there', async () => {
    // The same commands, for the instance of this test.
    const here = (text: string) =>
      text
        .replaceAll('npx mlplay', `${process.execPath} ${repository}/bin/mlplay.js`)
        .replaceAll('playbooks/', `${repository}/playbooks/`)
        .replaceAll('inventory/dev', inventory)
        .replaceAll(/\/(nginx|sites-enabled|snippets|init\.d)\/mlflow/g, `/$1/${NAME}`)
        .replace(/^mlflow runs/, `${NAME} runs`)
        .replaceAll(':8080', `:${PORT}`)
        .replaceAll(':8443', ':18443')
        .replaceAll(/\b8081\b/g, '18081')
        .replaceAll(':5000', `:${BACKEND}`)
    const settings = join(inventory, 'host_vars/localhost.yml')
    writeFileSync(
      settings,
      readFileSync(settings, 'utf8').replace(
        'mlflow_server_start_link: ""',
        `mlflow_server_start_link: ${work}/start_mlflow_secure.sh\nmlflow_proxy_tls_port: 18443\nmlflow_server_jobs: false`,
      ),
    )
    expect((await run()).code).toBe(0)
    const rows = promises()
    expect(rows.length).toBeGreaterThan(20)
    const silent: string[] = []
    for (const { command, says } of rows) {
      const said = await saidBy(here(command), here(says), { cwd: work, seconds: 300 })
      if (!said.includes(here(says))) silent.push(`${here(command)} does not say ${here(says)}, but:\n${said}`)
    }
    expect(silent).toEqual([])
    expect((await run()).code).toBe(0)
  })

  it('the removal deletes everything except the data', async () => {
    const ended = await remove()
    expect(ended.code, ended.stdout).toBe(0)
    expect(existsSync(`/etc/nginx/sites-enabled/${NAME}`)).toBe(false)
    expect(existsSync(`/var/lib/${NAME}/mlflow.db`)).toBe(true)
    await expect(get('/')).rejects.toThrow()
    expect(
      (await mlplay(['run', join(repository, 'playbooks/mlflow-remove.yml'), '-i', inventory, '-o', 'json'])).stdout,
    ).toContain('"changed":0')
  })
})
