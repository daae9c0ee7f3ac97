// Sign-on with a real OpenID Connect provider, a real oauth2-proxy, a real browser and MLflow's own client.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mlplay, program, repository } from './mlplay.ts'
import { CLIENT, idToken, startProvider } from './oidc-provider.ts'
import { built } from './programs.ts'
import {
  BACKEND,
  basic,
  bearer,
  cookieSecret,
  failures,
  get,
  inventory,
  left,
  NAME,
  origin,
  PORT,
  PROVIDER,
  password,
  redirects,
  run,
  SERVICE,
  page as site,
  startEcho,
  status,
  TLS_PORT,
  tally,
  tls,
  wipe,
  work,
  writeInventory,
} from './sign-on.ts'
import { sh, wanted } from './site.ts'

const oidc = { mlflow_proxy_auth: 'oidc' }
const both = { mlflow_proxy_auth: 'both' }
const html = { accept: 'text/html' }
const classes = [
  '',
  'static-files/favicon.ico',
  'api/2.0/mlflow/experiments/search',
  'ajax-api/2.0/mlflow/experiments/search',
  'graphql',
  'v1/traces',
  'get-artifact',
  'health',
]

const browser = async (use: (page: Page, context: BrowserContext) => Promise<void>, options = {}) => {
  const { chromium } = await import('playwright-core')
  const started = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
  try {
    const context = await started.newContext({ ignoreHTTPSErrors: true, ...options })
    const page = await context.newPage()
    page.setDefaultTimeout(60_000)
    await use(page, context)
  } finally {
    await started.close()
  }
}
const logIn = async (page: Page, name: string) => {
  await page.locator('input[name=login]').fill(name)
  await page.getByRole('button', { name: 'Log in' }).click()
}
const showsMlflow = (page: Page) => page.getByText('Experiments').first().waitFor()
const accessLog = () => readFileSync(`/var/log/nginx/${NAME}-access.log`, 'utf8')
const applied = async (settings: object) => {
  const ended = await run(settings)
  expect([ended.code, failures(ended)], ended.stderr).toEqual([0, []])
  return ended
}

describe.skipIf(!wanted)('sign-on in front of MLflow', { timeout: 900_000 }, () => {
  let provider: Awaited<ReturnType<typeof startProvider>>
  let echo: Awaited<ReturnType<typeof startEcho>>
  const token = (name: string, client: { readonly id: string; readonly secret: string } = CLIENT) =>
    idToken(provider.issuer, name, client, redirects[0])
  const behind = () => ({ mlflow_proxy_backend_managed: false, mlflow_proxy_backend_port: echo.port })

  beforeAll(async () => {
    await wipe()
    provider = await startProvider(PROVIDER, redirects)
    echo = await startEcho()
    writeInventory({ mlflow_proxy_sso_program: await built('oauth2-proxy') })
  }, 1_800_000)

  afterAll(async () => {
    await wipe()
    await provider.stop()
    echo.stop()
    rmSync(work, { recursive: true, force: true })
  }, 600_000)

  it('without sign-on there is no sign-on proxy and no secret', async () => {
    await applied({})
    expect(await left(SERVICE)).toBe('')
    expect(cookieSecret).toThrow('ENOENT')
  })

  it.each([
    [
      'an issuer without TLS on another host',
      { mlflow_proxy_sso_issuer: 'http://login.example.com' },
      'mlflow_proxy_sso_issuer',
    ],
    ['no client secret', { mlflow_proxy_sso_client_secret: '' }, 'mlflow_proxy_sso_client_secret'],
    ['no program', { mlflow_proxy_sso_program: '' }, 'go install github.com/oauth2-proxy'],
    ['nobody who may in', { mlflow_proxy_sso_email_domains: [] }, 'mlflow_proxy_sso_groups'],
    [
      'an address that the site does not answer to',
      { mlflow_proxy_sso_url: 'https://other.example' },
      'mlflow_proxy_sso_url',
    ],
    [
      'a cookie secret of the wrong length',
      { mlflow_proxy_sso_cookie_secret: 'short' },
      'mlflow_proxy_sso_cookie_secret',
    ],
    ['a session without a unit', { mlflow_proxy_sso_session: '12' }, 'mlflow_proxy_sso_session'],
    ['passwords for MLflow itself', { mlflow_proxy_auth_forward: true }, 'mlflow_proxy_auth_forward'],
  ])('sign-on with %s is refused before anything is touched', async (_, settings, says) => {
    const ended = await run({ ...oidc, ...settings })
    expect([ended.code, failures(ended)[0]?.message]).toEqual([2, expect.stringContaining(says)])
    expect(await left(SERVICE)).toBe('')
  })

  it('sign-on replaces passwords, and the second run changes nothing', async () => {
    const planned = await run(oidc, '--dry-run', '--detailed-exitcode')
    expect(planned.code, planned.stdout.slice(-800)).toBe(5)
    expect(await left(SERVICE)).toBe('')
    const ended = await applied(oidc)
    for (const secret of [CLIENT.secret, cookieSecret()]) expect(ended.stdout).not.toContain(secret)
    expect(await tally(oidc)).toMatchObject({ changes: [], failed: 0, round_trips: 1 })
    const config = statSync(`/etc/${SERVICE}/oauth2-proxy.cfg`)
    expect([(config.mode & 0o777).toString(8), `${config.uid}\n`]).toEqual([
      '600',
      (await sh(`id -u ${SERVICE}`)).stdout,
    ])
    expect((await sh('ps axww -o args')).stdout).not.toContain(CLIENT.secret)
    expect((await sh(`stat -c %A /run/${SERVICE} /run/${SERVICE}/http.sock`)).stdout).toBe('drwxr-x---\nsrw-rw----\n')
  })

  it.each(classes)('clients get a plain 401 for /mlflow/%s, whatever identity headers they send', async path => {
    const claims = {
      'x-forwarded-user': 'ann',
      'x-auth-request-user': 'ann',
      'x-auth-request-email': 'ann@example.com',
      'x-remote-user': 'ann',
    }
    const attempts: readonly Record<string, string>[] = [
      {},
      claims,
      basic('admin', password()),
      bearer('a.b.c'),
      { cookie: `${SERVICE}=x` },
    ]
    for (const headers of attempts) {
      const answer = await get(site + path, headers)
      expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([401, 'nosniff'])
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="MLflow"')
    }
    expect((await fetch(site + path, { method: 'POST', body: '{}', headers: html })).status).toBe(401)
  })

  it('browsers are redirected to the provider, by one name only', async () => {
    const answer = await get(`${site}get-artifact?path=a&run_uuid=b`, html)
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      expect.stringContaining(`${provider.issuer}/auth?`),
    ])
    expect(new URL(answer.headers.get('location') ?? '').searchParams.get('redirect_uri')).toBe(redirects[0])
    expect((await get(site, { ...html, ...basic('admin', password()) })).status).toBe(302)
    const other = await get(`http://127.0.0.1:${PORT}/mlflow/?a=b&c=d`, html)
    expect([other.status, other.headers.get('location')]).toEqual([302, `${site}?a=b&c=d`])
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'http://localhost:18390/'])(
    'does not lead to %s afterwards',
    async target => {
      const answer = await get(`${origin}/oauth2/start?rd=${encodeURIComponent(target)}`, {
        ...html,
        'x-auth-request-redirect': target,
      })
      const state = decodeURIComponent(new URL(answer.headers.get('location') ?? '').searchParams.get('state') ?? '')
      expect(state.slice(state.indexOf(':'))).toBe(':/')
      expect(
        (await get(`${origin}/oauth2/sign_out?rd=${encodeURIComponent(target)}`, html)).headers.get('location'),
      ).toBe('/oauth2/logged-out')
    },
  )

  it('a user logs in with a browser, returns to the wanted page, and logs out', async () => {
    await browser(async (page, context) => {
      await page.goto(`${site}?a=b&c=d%26e`)
      expect(page.url()).toContain(provider.issuer)
      await logIn(page, 'ann')
      await showsMlflow(page)
      expect(page.url().split('#')[0]).toBe(`${site}?a=b&c=d%26e`)
      await page.screenshot({ path: join(repository, 'test/.tmp/sign-on.png') })
      const cookie = (await context.cookies()).find(({ name }) => name === SERVICE)
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', secure: false, path: '/' })
      expect(await status({ cookie: `${SERVICE}=${cookie?.value}` })).toBe(200)
      expect(accessLog()).toMatch(/ - ann@example\.com \[.*"GET \/mlflow\/\?a=b/)
      await page.goto(`${origin}/oauth2/sign_out`)
      await page.getByText('You are logged out').waitFor()
      expect((await context.cookies()).map(({ name }) => name)).not.toContain(SERVICE)
      expect(await page.evaluate(async () => (await fetch('/mlflow/version')).status)).toBe(401)
    })
  })

  it('a user of the provider who is not allowed here is refused', async () => {
    await browser(async (page, context) => {
      await page.goto(site)
      await logIn(page, 'eve')
      await page.getByText('You were not let in').waitFor()
      await page.screenshot({ path: join(repository, 'test/.tmp/sign-on-refused.png') })
      expect((await context.cookies()).map(({ name }) => name)).not.toContain(SERVICE)
    })
    expect(await status(bearer(await token('eve')))).toBe(401)
  })

  it("MLflow's client gets in with a token of the provider and no other", async () => {
    const good = await token('ann')
    const client = (text: string) => {
      writeFileSync(
        join(work, 'client.py'),
        'import mlflow\nmlflow.set_experiment("signed on")\nwith mlflow.start_run() as r:\n    mlflow.log_metric("m", 1)\n    mlflow.log_text("hello", "a.txt")\nprint(mlflow.artifacts.load_text(r.info.artifact_uri + "/a.txt"))\n',
      )
      return program(`/opt/${NAME}/current/bin/python`, [join(work, 'client.py')], {
        cwd: work,
        env: {
          MLFLOW_TRACKING_URI: `${origin}/mlflow`,
          MLFLOW_TRACKING_TOKEN: text,
          MLFLOW_DISABLE_TELEMETRY: 'true',
          GIT_PYTHON_REFRESH: 'quiet',
        },
      })
    }
    expect((await client(good)).stdout).toContain('hello')
    expect(accessLog()).toMatch(/ - ann@example\.com \[.*"POST \/mlflow\/api\/2\.0\/mlflow\/runs\/create/)
    const [head, body] = good.split('.')
    const forged = [
      head,
      Buffer.from(
        JSON.stringify({ ...JSON.parse(Buffer.from(body ?? '', 'base64url').toString()), email: 'bob@example.com' }),
      ).toString('base64url'),
      good.split('.')[2],
    ].join('.')
    const unsigned = [Buffer.from('{"alg":"none"}').toString('base64url'), body, ''].join('.')
    const elsewhere = await token('ann', { id: 'another-site', secret: 'its secret' })
    for (const bad of [forged, unsigned, elsewhere]) expect(await status(bearer(bad))).toBe(401)
    expect((await client(elsewhere)).stderr).toContain('401')
  })

  it.each([
    [{ mlflow_proxy_sso_groups: ['ml'] }, 200, 401],
    [{ mlflow_proxy_sso_groups: ['guests'], mlflow_proxy_sso_email_domains: [] }, 401, 200],
    [{ mlflow_proxy_sso_emails: ['eve@elsewhere.example'] }, 200, 200],
    [{ mlflow_proxy_sso_emails: ['eve@elsewhere.example'], mlflow_proxy_sso_email_domains: [] }, 401, 200],
    [{ mlflow_proxy_sso_email_domains: ['*'] }, 200, 200],
  ])('with %j lets ann (%i) and eve (%i) in or not', async (settings, ann, eve) => {
    await applied({ ...oidc, ...behind(), ...settings })
    expect([await status(bearer(await token('ann'))), await status(bearer(await token('eve')))]).toEqual([ann, eve])
  })

  it("MLflow gets the user's identity, which clients cannot forge", async () => {
    await applied({ ...oidc, ...behind() })
    const lies = Object.fromEntries(
      [
        'X-Forwarded-User',
        'X-Remote-User',
        'Remote-User',
        'X-Forwarded-Email',
        'X-Forwarded-Groups',
        'X-Auth-Request-User',
        'X-Auth-Request-Email',
        'X-Auth-Request-Groups',
        'X_Forwarded_User',
      ].map(name => [name, 'a-lie']),
    )
    echo.seen.length = 0
    expect(await status({ ...lies, ...bearer(await token('ann')), cookie: `a=b; ${SERVICE}=secret; c=d` })).toBe(200)
    expect(echo.seen).toHaveLength(1)
    expect(echo.seen[0]).toMatchObject({
      'x-forwarded-user': 'ann@example.com',
      'x-remote-user': 'ann@example.com',
      'x-forwarded-email': 'ann@example.com',
      'x-forwarded-groups': 'ml,staff',
      cookie: 'a=b; c=d',
    })
    expect(JSON.stringify(echo.seen)).not.toMatch(/a-lie|authorization/)
    await applied({ ...both, ...behind() })
    echo.seen.length = 0
    expect(await status({ ...lies, ...basic('admin', password()) })).toBe(200)
    expect(echo.seen[0]).toMatchObject({ 'x-forwarded-user': 'admin', 'x-remote-user': 'admin' })
    expect(JSON.stringify(echo.seen)).not.toMatch(/a-lie|authorization/)
    await applied(behind())
    echo.seen.length = 0
    expect(await status({ ...lies, ...basic('admin', password()) })).toBe(200)
    expect(echo.seen[0]).toMatchObject({ 'x-forwarded-user': 'admin', 'x-remote-user': 'admin' })
    expect(JSON.stringify(echo.seen)).not.toMatch(/a-lie|authorization/)
  })

  it('WebSocket connections pass for signed-on users', async () => {
    await applied({ ...oidc, ...behind() })
    const shake = async (...more: readonly string[]) =>
      (
        await program('curl', [
          '-si',
          '-m',
          '5',
          '-H',
          'Connection: Upgrade',
          '-H',
          'Upgrade: websocket',
          '-H',
          'Sec-WebSocket-Version: 13',
          '-H',
          'Sec-WebSocket-Key: eA==',
          ...more,
          `${site}ws`,
        ])
      ).stdout.split('\r\n')[0]
    expect([await shake(), await shake('-H', `Authorization: Bearer ${await token('ann')}`)]).toEqual([
      'HTTP/1.1 401 Unauthorized',
      'HTTP/1.1 101 Switching Protocols',
    ])
  })

  it('requests of one address are limited with and without a login', async () => {
    await applied({ ...oidc, ...behind(), mlflow_proxy_rate: '60r/m', mlflow_proxy_burst: 20 })
    const good = bearer(await token('ann'))
    const codes: number[] = []
    for (const path of ['mlflow/version', 'oauth2/start'])
      for (let i = 0; i < 40; i++) codes.push(await status(i % 2 === 0 ? {} : good, `${origin}/${path}`))
    expect(new Set(codes)).toEqual(expect.objectContaining(new Set([401, 429])))
    expect(codes.filter(code => code === 429).length).toBeGreaterThan(30)
  })

  it('sign-on works over TLS with a secure cookie for this host only', async () => {
    await applied({ ...oidc, ...tls })
    await browser(async (page, context) => {
      await page.goto(site)
      await logIn(page, 'ann')
      await showsMlflow(page)
      expect(page.url()).toContain(`https://localhost:${TLS_PORT}/mlflow/`)
      expect((await context.cookies()).find(({ name }) => name === `__Host-${SERVICE}`)).toMatchObject({ secure: true })
    })
    expect(await tally({ ...oidc, ...tls })).toMatchObject({ changes: [], failed: 0, round_trips: 1 })
  })

  it('sign-on works at the root path, and logging out leads to the provider', async () => {
    const settings = {
      ...oidc,
      mlflow_proxy_prefix: '',
      mlflow_proxy_sso_logout_url: `${provider.issuer}/session/end?client_id=${CLIENT.id}`,
    }
    await applied(settings)
    await browser(async page => {
      await page.goto(`${origin}/`)
      await logIn(page, 'ann')
      await showsMlflow(page)
      expect(page.url().split('#')[0]).toBe(`${origin}/`)
    })
    const answer = await get(`${origin}/oauth2/logged-out`, html)
    expect([answer.status, answer.headers.get('location')]).toEqual([302, settings.mlflow_proxy_sso_logout_url])
  })

  it('sign-on and passwords work side by side', async () => {
    await applied(both)
    expect(await tally(both)).toMatchObject({ changes: [], failed: 0, round_trips: 1 })
    for (const path of classes) expect(await status({}, site + path)).toBe(401)
    expect((await get(site)).headers.get('www-authenticate')).toBe('Basic realm="MLflow"')
    expect([
      await status(basic('admin', password())),
      await status(basic('admin', 'wrong')),
      await status(bearer(await token('ann'))),
      await status(bearer(await token('eve'))),
    ]).toEqual([200, 401, 200, 401])
    const choice = await get(`${site}?x="><script>`, html)
    expect([choice.status, choice.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="MLflow"'])
    expect(await choice.text()).not.toContain('"><script>')
    expect(accessLog()).toMatch(/ - admin \[/)
    await browser(async page => {
      await page.goto(`${site}?a=b&c=d`)
      await page.screenshot({ path: join(repository, 'test/.tmp/sign-on-choice.png') })
      await page.getByText('the Example account').click()
      await logIn(page, 'ann')
      await showsMlflow(page)
      expect(page.url().split('#')[0]).toBe(`${site}?a=b&c=d`)
    })
    await browser(
      async page => {
        await page.goto(site)
        await page.getByText('with a password').click()
        await showsMlflow(page)
      },
      { httpCredentials: { username: 'admin', password: password() } },
    )
  })

  it('when the provider is down only passwords work, and without passwords an error page says so', async () => {
    await sh(`/etc/init.d/${SERVICE} stop; systemctl stop ${SERVICE}`)
    expect([
      await status(basic('admin', password())),
      await status(),
      await status(bearer(await token('ann'))),
    ]).toEqual([200, 401, 401])
    await applied(oidc)
    await sh(`/etc/init.d/${SERVICE} stop; systemctl stop ${SERVICE}`)
    const answer = await get(site, html)
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining('Sign-on does not answer')])
    expect(await status(bearer(await token('ann')))).toBe(500)
    await applied(oidc)
    expect(await status(bearer(await token('ann')))).toBe(200)
  })

  it.each([
    [{ mlflow_proxy_satisfy: 'all', mlflow_proxy_allow_ips: ['192.0.2.1'] }, 403, 403],
    [{ mlflow_proxy_satisfy: 'all', mlflow_proxy_allow_ips: ['127.0.0.1', '::1'] }, 401, 200],
    [{ mlflow_proxy_satisfy: 'any', mlflow_proxy_allow_ips: ['192.0.2.1'] }, 401, 200],
    [{ mlflow_proxy_satisfy: 'any', mlflow_proxy_allow_ips: ['127.0.0.1', '::1'] }, 200, 200],
  ])('with addresses %j an anonymous request gets %i and a login gets %i', async (settings, nobody, login) => {
    for (const auth of [oidc, both]) {
      await applied({ ...auth, ...behind(), ...settings })
      expect([await status(), await status(bearer(await token('ann')))]).toEqual([nobody, login])
      echo.seen.length = 0
      if (nobody === 200) {
        await status(basic('root', 'a lie'))
        expect(echo.seen[0]?.['x-forwarded-user']).toBeUndefined()
      }
    }
  })

  it.each([
    ['a provider that does not answer', { mlflow_proxy_sso_issuer: 'http://localhost:18391' }, /refused/],
    [
      'a program of another checksum',
      { mlflow_proxy_sso_program: '/bin/true', mlflow_proxy_sso_checksum: '0'.repeat(64) },
      /mlflow_proxy_sso_checksum/,
    ],
  ])('sign-on with %s fails with its message, and the old site stays up', async (_, settings, says) => {
    await applied(oidc)
    const ended = await run({ ...oidc, ...settings })
    expect(ended.code).toBe(2)
    expect(
      failures(ended)
        .map(task => `${task.stderr ?? ''}${task.message ?? ''}`)
        .join(),
    ).toMatch(says)
    expect([await status(), await status(bearer(await token('ann')))]).toEqual([401, 200])
    expect(await tally(oidc)).toMatchObject({ changes: [], failed: 0 })
  })

  it('sign-on is removed without a trace when it is switched off', async () => {
    await applied(both)
    await applied({})
    expect(await left(SERVICE)).toBe('')
    expect((await sh(`ls /etc/nginx/snippets | grep ${NAME}; ls /etc/nginx/${NAME}`)).stdout).not.toMatch(/sso|log/)
    expect(await tally({})).toMatchObject({ changes: [], failed: 0, round_trips: 1 })
    expect([
      await status(basic('admin', password())),
      await status(bearer(await token('ann'))),
      await status({}, `${origin}/oauth2/start`),
    ]).toEqual([200, 401, 404])
  })

  it('sign-on is removed with the site', async () => {
    await applied({ ...both, mlflow_proxy_backend_port: BACKEND })
    const removed = await mlplay([
      'run',
      join(repository, 'playbooks/mlflow-remove.yml'),
      '-i',
      inventory,
      '-e',
      '{"mlflow_proxy_purge": true}',
    ])
    expect([removed.code, await left(NAME)], removed.stdout).toEqual([0, ''])
  })
})
