// Every change of a setting of an installed host: the site answers as it should, the second run is converged, and nothing
// of the old setting is left.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, eventsOf, mlplay, program, repository } from './mlplay.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-change'
const PORT = 18180
const BACKEND = 15100
type Settings = Readonly<Record<string, unknown>>

const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-change-')) : ''
const inventory = join(work, 'inventory')
const certificate = (name: string) => [join(work, `${name}.pem`), join(work, `${name}.key`)] as const
const files = (name: string): Settings => ({
  mlflow_proxy_tls: 'files',
  mlflow_proxy_tls_cert: certificate(name)[0],
  mlflow_proxy_tls_key: certificate(name)[1],
})
const TLS = { mlflow_proxy_tls_port: 18543, mlflow_proxy_tls_redirect_port: PORT }

const run = (settings: Settings, ...args: readonly string[]) =>
  mlplay([
    'run',
    join(repository, 'playbooks/mlflow-proxy.yml'),
    '-i',
    inventory,
    '-o',
    'json',
    '-e',
    JSON.stringify(settings),
    ...args,
  ])
const password = () => readFileSync(join(inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()

/** Where the site of these settings answers, and what listens for it. */
const site = (settings: Settings) => {
  const tls = (settings['mlflow_proxy_tls'] ?? 'off') !== 'off'
  const port = Number(settings[tls ? 'mlflow_proxy_tls_port' : 'mlflow_proxy_listen_port'] ?? PORT)
  const [name = 'localhost'] = (settings['mlflow_proxy_server_names'] as readonly string[] | undefined) ?? ['localhost']
  const prefix = String(settings['mlflow_proxy_prefix'] ?? '/mlflow').replace(/\/$/, '')
  const listen = String(settings['mlflow_proxy_listen_address'] ?? '127.0.0.1')
  const address = listen.includes(':') ? `[${listen}]` : listen
  return {
    url: `${tls ? 'https' : 'http'}://${name}:${port}${prefix}/`,
    to: `${address}:${port}`,
    ports: [port, ...(tls ? [Number(settings['mlflow_proxy_tls_redirect_port'] ?? 8080)] : [])],
  }
}

const ask = async (settings: Settings, path = '', ...args: readonly string[]) => {
  const { url, to } = site(settings)
  const answer = await program('curl', [
    ...['-g', '-k', '-s', '-m', '20', '-o', '/dev/null', '-w', '%{http_code}', '--connect-to', `::${to}`],
    ...args,
    url + path,
  ])
  return answer.stdout
}
const login = () => ['-u', `admin:${password()}`]
const listening = async () =>
  new Set(
    (await sh(`awk '$4 == "0A" {print $2}' /proc/net/tcp /proc/net/tcp6 | sed 's/.*://' | sort -u`)).stdout
      .trim()
      .split('\n')
      .map(hex => Number.parseInt(hex, 16)),
  )
const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')
const ours = [PORT, PORT + 1, TLS.mlflow_proxy_tls_port, TLS.mlflow_proxy_tls_port + 1, BACKEND, BACKEND + 1]

/** All of it takes many minutes: the first part of the list runs always, the rest with MLPLAY_LONG=1. */
const long = process.env['MLPLAY_LONG'] === '1'

interface Row {
  readonly title: string
  readonly long?: true
  readonly settings: Settings
  /** Status of the page for someone who logged in. */
  readonly page?: string
  /** Status of the page for someone who did not. */
  readonly anonymous?: string
  readonly backend?: number
  readonly also?: () => Promise<void>
}

const rows: readonly Row[] = [
  { title: 'the defaults', settings: {} },
  { title: 'another rate', settings: { mlflow_proxy_rate: '20r/s' } },
  { title: 'no rate', settings: { mlflow_proxy_rate: '', mlflow_proxy_static_rate: '' } },
  { title: 'another burst', settings: { mlflow_proxy_burst: 60 } },
  { title: 'a rate for the API', settings: { mlflow_proxy_api_rate: '20r/s' } },
  { title: 'the root as prefix', settings: { mlflow_proxy_prefix: '' } },
  { title: 'a longer prefix', settings: { mlflow_proxy_prefix: '/ml/flow' } },
  { title: 'another port', settings: { mlflow_proxy_listen_port: PORT + 1 } },
  { title: 'one address in the place of all', settings: { mlflow_proxy_listen_address: '127.0.0.1' } },
  { title: 'an IPv6 address', settings: { mlflow_proxy_listen_address: '::1', mlflow_proxy_server_names: ['[::1]'] } },
  { title: 'all addresses in the place of one', settings: {} },
  {
    title: 'another canonical name',
    long: true,
    settings: { mlflow_proxy_server_names: ['mlflow.example', 'localhost'] },
  },
  { title: 'an address as its name', long: true, settings: { mlflow_proxy_server_names: ['127.0.0.1'] } },
  {
    title: 'TLS with a certificate of its own',
    settings: { ...TLS, mlflow_proxy_tls: 'selfsigned' },
    also: async () => {
      const plain = await program('curl', [
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        'Host: evil.test',
        `http://127.0.0.1:${PORT}/`,
      ])
      expect(plain.stdout).toBe('421')
    },
  },
]

/** The longer part of the list, which goes on where the first ends. */
const onRequest: readonly Row[] = [
  {
    title: 'another port of TLS',
    settings: { ...TLS, mlflow_proxy_tls: 'selfsigned', mlflow_proxy_tls_port: 18544 },
  },
  {
    title: 'TLS by an address, for which the certificate is made anew',
    settings: { ...TLS, mlflow_proxy_tls: 'selfsigned', mlflow_proxy_server_names: ['127.0.0.1', 'localhost'] },
    also: async () => {
      const names = await sh(`openssl x509 -noout -ext subjectAltName -in /etc/nginx/tls/${NAME}.crt`)
      expect(names.stdout).toContain('IP Address:127.0.0.1')
      const strange = await program('curl', [
        '-k',
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '-H',
        'Host: evil.test',
        'https://127.0.0.1:18543/',
      ])
      expect(strange.stdout).toBe('421')
    },
  },
  {
    title: 'TLS 1.3 alone',
    settings: { ...TLS, mlflow_proxy_tls: 'selfsigned', mlflow_proxy_tls_profile: 'modern' },
  },
  { title: 'given certificates', settings: { ...TLS, ...files('first') } },
  {
    title: 'other given certificates',
    settings: { ...TLS, ...files('second') },
    also: async () => expect(await served()).toBe('CN = second'),
  },
  { title: 'plain HTTP again', settings: {} },
  { title: 'one more user', settings: { mlflow_proxy_users: 'two' } },
  {
    title: 'one user less, by an exclusive list',
    settings: { mlflow_proxy_users_exclusive: true },
    also: async () => expect((await known()).map(line => line.split(':')[0])).toEqual(['admin']),
  },
  {
    title: 'bcrypt',
    settings: { mlflow_proxy_hash: 'bcrypt', mlflow_proxy_users: 'three' },
    also: async () => expect((await known()).at(-1)).toMatch(/^bob:\$2y\$05\$/),
  },
  { title: 'another realm', settings: { mlflow_proxy_auth_realm: 'Machine learning' } },
  { title: 'another password file', settings: { mlflow_proxy_auth_file: `/etc/nginx/auth-${NAME}/users` } },
  { title: 'allowed addresses', settings: { mlflow_proxy_allow_ips: ['127.0.0.1', '::1'] } },
  {
    title: 'allowed addresses without this host',
    settings: { mlflow_proxy_allow_ips: ['192.0.2.1'] },
    page: '403',
    anonymous: '403',
  },
  {
    title: 'an address or a password',
    settings: { mlflow_proxy_allow_ips: ['127.0.0.1'], mlflow_proxy_satisfy: 'any' },
    anonymous: '200',
  },
  { title: 'other response headers', settings: { mlflow_proxy_headers: { 'X-Frame-Options': 'DENY' } } },
  { title: 'no response headers', settings: { mlflow_proxy_headers: {}, mlflow_proxy_csp: '' } },
  {
    title: 'more sources for scripts',
    settings: {
      mlflow_proxy_csp_extra: { 'img-src': 'https://*.tile.openstreetmap.org', 'script-src-attr': "'none'" },
    },
  },
  { title: 'a JSON log', settings: { mlflow_proxy_log_json: true } },
  {
    title: 'health for everybody',
    settings: { mlflow_proxy_health_public: true },
    also: async () => {
      const byAddress = ['-H', 'Host: 192.0.2.7']
      expect([await ask({}, 'health'), await ask({}, 'health', ...byAddress), await ask({}, '', ...byAddress)]).toEqual(
        ['200', '200', '421'],
      )
    },
  },
  { title: 'any host name', settings: { mlflow_proxy_strict_host: false } },
  { title: 'a bound for uploads', settings: { mlflow_proxy_max_body: '10m', mlflow_proxy_request_buffering: true } },
  {
    title: 'no WebSocket, no compression',
    settings: { mlflow_proxy_websocket: false, mlflow_proxy_gzip_static: false },
  },
  { title: 'another port of MLflow', settings: { mlflow_proxy_backend_port: BACKEND + 1 }, backend: BACKEND + 1 },
  {
    title: 'environment variables with quotes, blanks and dollar signs',
    settings: {
      mlflow_server_env: { ONE: `it's "a" $HOME \\ b`, TWO: '' },
      mlflow_server_env_secret: { THREE: 'geheim #4711' },
    },
    also: async () => {
      const environment = await sh(
        `for p in $(pgrep -u ${NAME} -f 'mlflow server' | head -n 1); do tr '\\0' '\\n' < /proc/$p/environ | grep -E '^(ONE|TWO|THREE)='; done`,
      )
      expect(environment.stdout.trim().split('\n').toSorted()).toEqual([
        `ONE=it's "a" $HOME \\ b`,
        'THREE=geheim #4711',
        'TWO=',
      ])
    },
  },
  {
    title: 'a database whose name has a quote',
    settings: { mlflow_server_backend_store_uri: `sqlite:////var/lib/${NAME}/it's.db` },
    also: async () => expect(existsSync(`/var/lib/${NAME}/it's.db`)).toBe(true),
  },
  { title: 'an upgrade of the database asked for', settings: { mlflow_server_db_upgrade: true } },
  { title: 'background jobs', settings: { mlflow_server_jobs: true } },
  { title: "somebody else's MLflow", settings: { mlflow_proxy_backend_managed: false }, page: '502', backend: 0 },
  { title: 'its own MLflow again', settings: {} },
]

/** Lines of the password file. */
const known = async () => (await sh(`cat /etc/nginx/auth/${NAME}.htpasswd`)).stdout.trim().split('\n')

/** The files in /etc that are this instance's with these settings, and no others. */
const filesOf = (settings: Settings): readonly string[] =>
  [
    `/etc/nginx/${NAME}`,
    `/etc/nginx/sites-available/${NAME}`,
    `/etc/nginx/sites-enabled/${NAME}`,
    ...['headers', 'proxy'].map(name => `/etc/nginx/snippets/${NAME}-${name}.conf`),
    settings['mlflow_proxy_auth_file'] === undefined ? `/etc/nginx/auth/${NAME}.htpasswd` : `/etc/nginx/auth-${NAME}`,
    ...(settings['mlflow_proxy_tls'] === 'selfsigned'
      ? ['crt', 'crt.names', 'key'].map(end => `/etc/nginx/tls/${NAME}.${end}`)
      : []),
    ...(settings['mlflow_proxy_backend_managed'] === false
      ? []
      : [`/etc/${NAME}`, `/etc/${NAME}/${NAME}.env`, `/etc/init.d/${NAME}`, `/etc/logrotate.d/${NAME}`]),
  ].toSorted()

/** The users of a row by a word: their passwords come from the inventory's secrets, as they must not stand here. */
const users = (settings: Settings): Settings => {
  const which = settings['mlflow_proxy_users']
  if (which === undefined) return settings
  const admin = { name: 'admin', password: password() }
  return {
    ...settings,
    mlflow_proxy_users:
      which === 'two'
        ? [admin, { name: 'ann', password: 'a long password' }]
        : [admin, { name: 'bob', password: 'another password' }],
  }
}

const served = async () =>
  (
    await sh(
      'openssl s_client -connect 127.0.0.1:18543 -servername localhost </dev/null 2>/dev/null | openssl x509 -noout -subject',
    )
  ).stdout
    .trim()
    .replace('subject=', '')

/** A certificate of its own, from today or, with negative days, of the past. */
const certify = async (name: string, days: number, as = name): Promise<void> => {
  const [cert, key] = certificate(name)
  const when = days < 0 ? '-startdate 20190101000000Z -enddate 20200101000000Z' : `-days ${days}`
  const made = await sh(`cd ${work} && rm -f index.txt* && : > index.txt && cat > ca.cnf <<'end'
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:localhost,IP:127.0.0.1
end
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=${as} -keyout ${key} -out request.pem 2>/dev/null &&
openssl ca -batch -selfsign -config ca.cnf -keyfile ${key} -in request.pem -out ${cert} -notext ${when} 2>&1`)
  expect(made.code, made.stdout).toBe(0)
}

/** MLflow takes its time to start again after its settings were put back. */
const settled = async (settings: Settings): Promise<readonly string[]> => {
  for (let i = 0; i < 120 && (await ask(settings, '', ...login())) === '502'; i++) await sh('sleep 1')
  return [await ask(settings), await ask(settings, '', ...login())]
}

const wipe = () =>
  sh(
    `for n in ${NAME} ${NAME}-two; do /etc/init.d/$n stop; systemctl disable --now $n; rm -rf /opt/$n /var/lib/$n /var/log/$n /etc/$n /etc/nginx/$n /etc/nginx/tls/$n.* /etc/nginx/auth-$n /var/log/nginx/$n-*.log /etc/logrotate.d/$n; rm -f /etc/init.d/$n /etc/rc?.d/[SK]??$n /etc/nginx/sites-*/$n /etc/nginx/snippets/$n-*.conf /etc/nginx/auth/$n.htpasswd; userdel $n; done; nginx -t && /etc/init.d/nginx reload; true`,
  )

describe.skipIf(!wanted)('a change of an installed host', { timeout: 900_000 }, () => {
  beforeAll(async () => {
    await wipe()
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
    cpSync(join(repository, 'inventory/dev/group_vars/mlflow.yml'), join(inventory, 'group_vars/mlflow.yml'))
    mkdirSync(join(inventory, 'host_vars'))
    // The checks of so many runs are more than the default rate lets through.
    writeFileSync(
      join(inventory, 'host_vars/localhost.yml'),
      `mlflow_proxy_instance: ${NAME}\nmlflow_proxy_listen_port: ${PORT}\nmlflow_proxy_backend_port: ${BACKEND}\nmlflow_server_workers: 1\nmlflow_server_jobs: false\nmlflow_proxy_rate: 50r/s\nmlflow_server_start_link: ""\n`,
    )
    await certify('first', 90)
    await certify('second', 90)
  }, 600_000)

  afterAll(async () => {
    await wipe()
    rmSync(work, { recursive: true, force: true })
  }, 600_000)

  it.each(long ? [...rows, ...onRequest] : rows.filter(row => row.long !== true))(
    'to $title',
    async ({ settings, page = '200', anonymous = '401', backend = BACKEND, also }) => {
      const given = users(settings)
      const ended = await run(given)
      expect([ended.code, failures(ended)], ended.stderr).toEqual([0, []])
      expect(ended.stdout).not.toContain('geheim')
      expect([await ask(settings), await ask(settings, '', ...login())]).toEqual([anonymous, page])
      const open = await listening()
      expect(ours.filter(port => open.has(port))).toEqual(
        [...new Set([...site(settings).ports, backend])]
          .filter(port => port > 0)
          .toSorted((a, b) => ours.indexOf(a) - ours.indexOf(b)),
      )
      const own = await sh(`find /etc -xdev -name '*${NAME}*' -not -path '/etc/rc*' | LC_ALL=C sort`)
      expect(own.stdout.trim().split('\n')).toEqual(filesOf(settings))
      await also?.()
      const again = await run(given)
      expect(eventsOf(again).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
    },
  )

  if (!long) return

  it('a renewed certificate is served, without a change of any setting', async () => {
    const settings = { ...TLS, ...files('first') }
    expect((await run(settings)).code).toBe(0)
    await certify('first', 80, 'renewed')
    const ended = await run(settings)
    expect([ended.code, failures(ended), await served()]).toEqual([0, [], 'CN = renewed'])
    expect(eventsOf(await run(settings)).summary?.hosts['localhost']).toMatchObject({ changed: 0 })
  })

  it.each([
    ['a certificate that has expired', 'expired', async () => certify('expired', -1), 'has expired'],
    [
      'the key of another certificate',
      'mixed',
      async () => {
        await certify('mixed', 90)
        cpSync(certificate('second')[1], certificate('mixed')[1])
      },
      'is not the key of',
    ],
    ['no certificate at all', 'nowhere', async () => {}, 'there is no file'],
  ] as const)('%s is refused, and the old one stays in service', async (_, name, make, says) => {
    await make()
    const ended = await run({ ...TLS, ...files(name) })
    expect(ended.code).toBe(2)
    expect(
      failures(ended)
        .map(task => task.stderr ?? task.message)
        .join(),
    ).toContain(says)
    expect(await served()).toBe('CN = renewed')
  })

  it('a redirect port that another program uses is an error, and nothing is changed', async () => {
    const other = createServer().listen(PORT + 1)
    const ended = await run({ ...TLS, ...files('first'), mlflow_proxy_tls_redirect_port: PORT + 1 })
    other.close()
    expect([ended.code, failures(ended)[0]?.message]).toEqual([
      2,
      expect.stringContaining(`port ${PORT + 1} is taken by node`),
    ])
    expect(await served()).toBe('CN = renewed')
    expect((await run({})).code).toBe(0)
  })

  it('an unreachable database is a failure with the end of the log, and the old settings stay in use', async () => {
    const ended = await run({
      mlflow_server_backend_store_uri: 'sqlite:////no/such/folder/mlflow.db',
      mlflow_server_start_timeout: 90,
    })
    expect(ended.code).toBe(2)
    expect(failures(ended).at(-1)?.message).toMatch(
      /The end of its log:[\s\S]*(OperationalError|unable to open|Permission)/,
    )
    expect(await settled({})).toEqual(['401', '200'])
    expect(eventsOf(await run({})).summary?.hosts['localhost']).toMatchObject({ failed: 0 })
  })

  it('a check that fails after the reload restores the site, and nginx serves it', async () => {
    const broken = join(work, 'broken')
    cpSync(join(repository, 'playbooks'), join(broken, 'playbooks'), { recursive: true })
    cpSync(join(repository, 'roles'), join(broken, 'roles'), { recursive: true })
    const template = join(broken, 'roles/mlflow-proxy/templates/site.conf.j2')
    writeFileSync(template, readFileSync(template, 'utf8').replace(/auth_basic \{\{.*_realm.*\}\};/, 'auth_basic off;'))
    const ended = await mlplay(['run', join(broken, 'playbooks/mlflow-proxy.yml'), '-i', inventory, '-o', 'json'])
    expect([ended.code, failures(ended)[0]?.task]).toEqual([2, 'nobody gets in without a login'])
    expect(await settled({})).toEqual(['401', '200'])
  })

  it('a reload that an aborted run did not make is made later, and a dry run shows it', async () => {
    const config = `/etc/nginx/sites-available/${NAME}`
    writeFileSync(config, readFileSync(config, 'utf8').replace('burst=100', 'burst=90'))
    expect((await run({}, '--dry-run', '--detailed-exitcode')).code).toBe(5)
    // nginx is told by a signal: it has read the file when all its workers are new ones.
    await sh(
      'old=$(pgrep -P "$(cat /run/nginx.pid)"); /etc/init.d/nginx reload; for i in $(seq 60); do for one in $old; do [ ! -e "/proc/$one" ] || { sleep 1; continue 2; }; done; break; done',
    )
    writeFileSync(config, readFileSync(config, 'utf8').replace('burst=90', 'burst=100'))
    const ended = await run({})
    expect(eventsOf(ended).tasks.flatMap(task => task.changes.map(change => change.what))).toEqual(['reload nginx'])
    expect(eventsOf(await run({})).summary?.hosts['localhost']).toMatchObject({ changed: 0 })
  })

  it('another version of MLflow is installed beside the running one, and its database is copied first', async () => {
    const version = { mlflow_server_version: '3.16.*' }
    const down = await run({ ...version, mlflow_server_backend_store_uri: `sqlite:////var/lib/${NAME}/versions.db` })
    expect([down.code, failures(down)]).toEqual([0, []])
    const up = await run({
      mlflow_server_db_upgrade: true,
      mlflow_server_backend_store_uri: `sqlite:////var/lib/${NAME}/versions.db`,
    })
    expect([up.code, failures(up)]).toEqual([0, []])
    expect((await sh(`/opt/${NAME}/current/bin/mlflow --version; ls /var/lib/${NAME}/backups | wc -l`)).stdout).toMatch(
      /version 3\.(1[7-9]|[2-9]\d)[\s\S]*\n1\n/,
    )
    expect([await ask({}), await ask({}, '', ...login())]).toEqual(['401', '200'])
    expect((await run({})).code).toBe(0)
  })

  it('a second instance runs beside the first, and its removal leaves the first alone', async () => {
    const second = {
      mlflow_proxy_instance: `${NAME}-two`,
      mlflow_proxy_listen_port: PORT + 1,
      mlflow_proxy_backend_port: BACKEND + 1,
    }
    const clash = await run({ ...second, mlflow_proxy_backend_port: BACKEND })
    expect([clash.code, failures(clash).at(-1)?.message]).toEqual([2, expect.stringContaining(`account ${NAME}`)])
    const ended = await run(second)
    expect([ended.code, failures(ended)]).toEqual([0, []])
    expect([await ask(second, '', ...login()), await ask({}, '', ...login())]).toEqual(['200', '200'])
    for (const settings of [second, {}])
      expect(eventsOf(await run(settings)).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0 })
    const removed = await mlplay([
      'run',
      join(repository, 'playbooks/mlflow-remove.yml'),
      '-i',
      inventory,
      '-e',
      JSON.stringify({ ...second, mlflow_proxy_purge: true }),
    ])
    expect(removed.code, removed.stdout).toBe(0)
    const left = await sh(
      `find /etc /opt /var/lib /var/log -xdev -name '*${NAME}-two*' 2>/dev/null | grep -v '/var/log/nginx/'; getent passwd ${NAME}-two`,
    )
    expect(left.stdout).toBe('')
    expect(await ask({}, '', ...login())).toBe('200')
  })
})
