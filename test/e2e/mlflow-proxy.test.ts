// The role on this very machine: real nginx, a real MLflow from PyPI, a real browser and MLflow's own client.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventsOf, mlplay, program, repository } from './mlplay.ts'

// It installs packages and starts services: only where someone said that this machine may be used so.
const wanted = process.env['MLPLAY_E2E'] === '1' && process.getuid?.() === 0

const NAME = 'mlplay-e2e'
const PORT = 18080
const BACKEND = 15000
const base = `http://localhost:${PORT}/mlflow`
const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-e2e-')) : ''
const inventory = join(work, 'inventory')
const passwordFile = join(inventory, 'secrets/mlflow-admin-password')
const playbook = join(repository, 'playbooks/mlflow-proxy.yml')
const extra = (vars: object) => ['-e', JSON.stringify(vars)]
const run = (...args: readonly string[]) => mlplay(['run', playbook, '-i', inventory, '-o', 'json', ...args])
const sh = (script: string) => program('/bin/sh', ['-c', script])
const password = () => readFileSync(passwordFile, 'utf8').trim()
const login = () => `Basic ${Buffer.from(`admin:${password()}`).toString('base64')}`
const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${base}${path}`, { redirect: 'manual', ...init, headers })
const remove = () => mlplay(['run', join(repository, 'playbooks/mlflow-remove.yml'), '-i', inventory])
const wipe = () =>
  sh(
    `/etc/init.d/${NAME} stop; systemctl disable --now ${NAME}; rm -rf /opt/${NAME} /var/lib/${NAME} /var/log/${NAME} /etc/${NAME} /etc/nginx/${NAME} /etc/nginx/tls/${NAME}.* /var/log/nginx/${NAME}-*.log; rm -f /etc/init.d/${NAME} /etc/rc?.d/[SK]??${NAME}; userdel ${NAME}; true`,
  )

/** Everything a run could touch; logs of other programs move by themselves. */
const snapshot = async () =>
  (
    await sh(
      `find /etc /opt /srv /usr/local /usr/sbin /usr/bin /var/lib /var/spool /home -xdev -not -path '/var/lib/systemd/*' -not -path '/var/lib/nginx/*' -not -path '/opt/pyenv/*' -printf '%p %y %m %u %g %s %T@ %C@ %l\\n' 2>/dev/null | sort | cksum; ls -A ${work} ${inventory}`,
    )
  ).stdout

describe.skipIf(!wanted)('the role mlflow-proxy on this machine', { timeout: 900_000 }, () => {
  let planned: readonly string[] = []

  beforeAll(async () => {
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
    cpSync(join(repository, 'inventory/dev/group_vars/mlflow.yml'), join(inventory, 'group_vars/mlflow.yml'))
    appendFileSync(
      join(inventory, 'group_vars/mlflow.yml'),
      `\nmlflow_proxy_instance: ${NAME}\nmlflow_proxy_listen_port: ${PORT}\nmlflow_proxy_backend_port: ${BACKEND}\nmlflow_server_venv: /opt/${NAME}/venv\nmlflow_server_home: /var/lib/${NAME}\nmlflow_server_user: ${NAME}\nmlflow_server_workers: 1\n`,
    )
    await wipe()
  }, 600_000)

  afterAll(async () => {
    await remove()
    await wipe()
    rmSync(work, { recursive: true, force: true })
  }, 600_000)

  it('tells in a dry run what it would do, and touches nothing', async () => {
    const before = await snapshot()
    const ended = await run('--dry-run')
    expect([ended.code, ended.stderr]).toEqual([0, ''])
    planned = eventsOf(ended).tasks.flatMap(task => task.changes.map(change => change.what))
    expect(planned).toContain(`create /etc/nginx/sites-available/${NAME}`)
    expect(await snapshot()).toBe(before)
  })

  it('refuses a port that someone else has, and says who', async () => {
    const other = await new Promise<Server>(done => {
      const server = createTcpServer().listen(PORT, () => done(server))
    })
    const ended = await run()
    other.close()
    expect(ended.code).toBe(2)
    const failed = eventsOf(ended).tasks.find(task => task.status === 'failed')
    expect(failed?.message).toContain(`port ${PORT} is taken by node`)
    expect(existsSync(`/etc/nginx/sites-available/${NAME}`)).toBe(false)
  })

  it('sets everything up at the first run, as the dry run said', async () => {
    const ended = await run()
    const { tasks, summary } = eventsOf(ended)
    expect(tasks.filter(task => task.status === 'failed')).toEqual([])
    expect(ended.code).toBe(0)
    const made = tasks.flatMap(task => task.changes.map(change => change.what))
    expect(made).toEqual(planned)
    expect(summary?.hosts['localhost']?.verified).toBeGreaterThan(10)
    expect(ended.stdout).not.toContain(password())
  })

  it('changes nothing at the second run, in one round trip', async () => {
    const ended = await run()
    expect(ended.code).toBe(0)
    expect(eventsOf(ended).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
  })

  it('keeps the password to those who may read it', async () => {
    expect(
      (
        await sh(
          `stat -c '%a' ${passwordFile}; stat -c '%a %U %G' /etc/nginx/auth/${NAME}.htpasswd; stat -c %a /etc/${NAME}/${NAME}.env`,
        )
      ).stdout,
    ).toBe('600\n640 root www-data\n600\n')
    expect(password()).toHaveLength(24)
  })

  it('asks everybody for a password, everywhere', async () => {
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

  it('leads to the page, and nowhere else', async () => {
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

  it('sends its headers once, with every status', async () => {
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

  it('lets the page post, and other origins not', async () => {
    const post = (origin: string) =>
      get(
        '/ajax-api/2.0/mlflow/runs/search',
        { authorization: login(), origin, 'content-type': 'application/json' },
        { method: 'POST', body: '{"experiment_ids":["0"]}' },
      )
    expect((await post(`http://localhost:${PORT}`)).status).toBe(200)
    expect((await post('http://evil.test')).status).toBe(403)
  })

  it('lets MLflow listen to this host alone', async () => {
    expect(
      (
        await sh(
          `awk '$4 == "0A" && $2 ~ /:${BACKEND.toString(16).toUpperCase()}$/ {print $2}' /proc/net/tcp /proc/net/tcp6`,
        )
      ).stdout,
    ).toMatch(/^(0100007F:\w+\n)+$/)
  })

  it('serves the Python client: a run, metrics and an artifact, there and back', async () => {
    const script = join(work, 'client.py')
    writeFileSync(
      script,
      `import os, tempfile, mlflow
mlflow.set_experiment("e2e")
with mlflow.start_run() as run:
    for i in range(5): mlflow.log_metric("m", i, step=i)
    mlflow.log_param("p", "v")
    path = os.path.join(tempfile.mkdtemp(), "a b+c.bin")
    data = os.urandom(3_000_000)
    open(path, "wb").write(data)
    mlflow.log_artifact(path, "deep")
names = [f.path for f in mlflow.artifacts.list_artifacts(run_id=run.info.run_id, artifact_path="deep")]
back = open(mlflow.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path=names[0]), "rb").read()
print(names, back == data, mlflow.get_run(run.info.run_id).data.metrics)
`,
    )
    const client = (secret: string) =>
      program(`/opt/${NAME}/venv/bin/python`, [script], {
        cwd: work,
        env: {
          MLFLOW_TRACKING_URI: base,
          MLFLOW_TRACKING_USERNAME: 'admin',
          MLFLOW_TRACKING_PASSWORD: secret,
          MLFLOW_HTTP_REQUEST_MAX_RETRIES: '2',
          GIT_PYTHON_REFRESH: 'quiet',
        },
      })
    const good = await client(password())
    expect(good.stdout, good.stderr).toContain(`['deep/a b+c.bin'] True {'m': 4.0}`)
    const bad = await client('wrong')
    expect(bad.stderr).toContain('401')
  })

  it("shows MLflow's page in a browser, without one failed request", async () => {
    const { chromium } = await import('playwright-core')
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    })
    try {
      const context = await browser.newContext({ httpCredentials: { username: 'admin', password: password() } })
      const page = await context.newPage()
      const bad: string[] = []
      page.on('response', response => {
        // The first answer is the question for the password. The Assistant is refused by the role, on purpose; without
        // accounts of its own MLflow has no current user.
        if (
          response.status() >= 400 &&
          response.status() !== 401 &&
          !/\/mlflow\/assistant\/|\/users\/current$/.test(response.url())
        )
          bad.push(`${response.status()} ${response.url()}`)
      })
      page.on('requestfailed', request => {
        if (request.failure()?.errorText !== 'net::ERR_ABORTED')
          bad.push(`${request.failure()?.errorText} ${request.url()}`)
      })
      page.on('request', request => {
        if (!request.url().startsWith(`http://localhost:${PORT}/`) && !/^(data|blob):/.test(request.url()))
          bad.push(`elsewhere: ${request.url()}`)
      })
      page.on('console', message => {
        if (/Content Security Policy/i.test(message.text())) bad.push(message.text())
      })
      await page.goto(`${base}/`, { waitUntil: 'load', timeout: 120_000 })
      await page.getByText('Experiments', { exact: false }).first().waitFor({ timeout: 120_000 })
      await page.goto(`${base}/#/experiments`, { timeout: 120_000 })
      await page.getByText('e2e', { exact: true }).first().waitFor({ timeout: 120_000 })
      await page.waitForTimeout(3000)
      await page.screenshot({ path: join(repository, 'test/.tmp/mlflow.png') })
      expect(bad).toEqual([])
    } finally {
      await browser.close()
    }
  })

  it('adds a user and takes one away, without a reload', async () => {
    const users = (...args: readonly string[]) =>
      mlplay([
        'run',
        join(repository, 'playbooks/mlflow-users.yml'),
        '-i',
        inventory,
        '-e',
        'name=ann',
        '-e',
        `auth_file=/etc/nginx/auth/${NAME}.htpasswd`,
        ...args,
      ])
    expect((await users()).code).toBe(0)
    const ann = `Basic ${Buffer.from(`ann:${readFileSync(join(inventory, 'secrets/mlflow-ann-password'), 'utf8').trim()}`).toString('base64')}`
    expect((await get('/version', { authorization: ann })).status).toBe(200)
    expect((await users('-e', 'state=absent')).code).toBe(0)
    expect((await get('/version', { authorization: ann })).status).toBe(401)
    expect((await get('/version', { authorization: login() })).status).toBe(200)
  })

  it('puts the old site back when nginx refuses the new one', async () => {
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
    expect(rollbacks[0]).toMatchObject({ undone: [`write ${site}`], kept: [] })
    expect(readFileSync(site, 'utf8')).toBe(before)
    expect((await get('/version', { authorization: login() })).status).toBe(200)
    expect((await run()).code).toBe(0)
  })

  it('limits how fast one address may ask, with 429', async () => {
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

  it('carries WebSockets to whatever speaks them', async () => {
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

  it('speaks TLS 1.2 and 1.3 alone, and leads plain HTTP there', async () => {
    const vars = { mlflow_proxy_tls: 'selfsigned', mlflow_proxy_tls_port: 18443, mlflow_proxy_tls_redirect_port: PORT }
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

  it('takes everything away again, but the data', async () => {
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
