// The page for load balancers, and what is said while MLflow does not answer.
import { createServer, type Server } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program } from './mlplay.ts'
import { ADMIN, changesOf, failuresOf, proxyAlone, type Settings } from './proxy-alone.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-health'
const PORT = 31780
const BACKEND = 31781
const proxy = proxyAlone(NAME, {
  mlflow_proxy_listen_port: PORT,
  mlflow_proxy_backend_port: BACKEND,
  mlflow_proxy_health_public: true,
  // The checks of so many runs are more than the default rate lets through.
  mlflow_proxy_rate: '50r/s',
})

interface Asked {
  readonly path?: string
  /** The Host header: another than the site's own is how a load balancer asks that knows an address alone. */
  readonly host?: string
  /** Where the request comes from: an address of the loopback. */
  readonly from?: string
  readonly login?: string
}

const ask = async ({ path = 'health', host = 'localhost', from = '127.0.0.1', login = '' }: Asked) => {
  const answer = await program('curl', [
    ...['-s', '-w', '\n%{http_code}', '--interface', from, '-H', `Host: ${host}`],
    ...(login === '' ? [] : ['-u', login]),
    `http://127.0.0.1:${PORT}/mlflow/${path}`,
  ])
  const lines = answer.stdout.split('\n')
  return { status: lines.at(-1), text: lines.slice(0, -1).join('\n') }
}
const statusOf = async (asked: Asked) => (await ask(asked)).status
const balancer = { host: '192.0.2.7' }

const answering = () =>
  new Promise<Server>(done => {
    const server: Server = createServer((_, answer) => answer.end('OK')).listen(BACKEND, '127.0.0.1', () =>
      done(server),
    )
  })

/** How many failed logins the log has. */
const failedLogins = async () =>
  Number((await sh(`grep -cE 'password mismatch|was not found' /var/log/nginx/${NAME}-error.log`)).stdout)

describe.skipIf(!wanted)('the page for load balancers', { timeout: 300_000 }, () => {
  beforeAll(() => proxy.start())
  afterAll(async () => {
    expect(await proxy.remove()).toEqual({ code: 0, left: '' })
    proxy.end()
  }, 120_000)

  const listed = { mlflow_proxy_allow_ips: ['127.0.0.1'] }
  // Who asks: somebody at this address by name, by address, and somebody at another one; each without a password.
  it.each<[title: string, settings: Settings, here: string, byAddress: string, elsewhere: string, both: string]>([
    ['is open to all', {}, '200', '200', '200', '200'],
    ['is for the allowed addresses alone where others are refused', listed, '200', '200', '403', '403'],
    [
      'is open to all where an address or a password is enough',
      { ...listed, mlflow_proxy_satisfy: 'any' },
      '200',
      '200',
      '200',
      '200',
    ],
    [
      'is open to all where nobody is refused for an address',
      { ...listed, mlflow_proxy_deny_rest: false },
      '200',
      '200',
      '200',
      '200',
    ],
    [
      'is closed to this host, too, where it is not among the allowed addresses',
      { mlflow_proxy_allow_ips: ['192.0.2.9'] },
      '403',
      '403',
      '403',
      '403',
    ],
  ])('%s', async (_, settings, here, byAddress, elsewhere, both) => {
    const backend = await answering()
    const ended = await proxy.run(settings)
    expect([ended.code, failuresOf(ended)], ended.stderr).toEqual([0, []])
    const away = { from: '127.0.0.5' }
    expect([
      await statusOf({}),
      await statusOf(balancer),
      await statusOf(away),
      await statusOf({ ...away, ...balancer }),
    ]).toEqual([here, byAddress, elsewhere, both])
    // Nothing but that page is given to who does not log in, or asks by a name that is not configured.
    expect(await statusOf({ ...away, path: '' })).toMatch(/^40[13]$/)
    expect(await statusOf({ ...balancer, path: '', login: ADMIN })).toBe('421')
    expect(changesOf(await proxy.run(settings))).toBe(0)

    // Without MLflow those who may see the page are told so, and are not asked for a password that they need not have.
    await new Promise(done => {
      backend.closeAllConnections()
      backend.close(done)
    })
    const down = await ask({})
    expect(down.status).toBe(here === '200' ? '502' : '403')
    if (here === '200') expect(down.text).toContain('MLflow does not answer')
    expect(await statusOf(balancer)).toBe(byAddress === '200' ? '502' : '403')
    expect(await statusOf({ ...away, ...balancer })).toBe(both === '200' ? '502' : '403')
    if (here === '200') {
      const page = await ask({ path: '', login: ADMIN })
      expect([page.status, page.text]).toEqual(['502', expect.stringContaining('mlflow server --host')])
    }
  })

  it('is no matter of failed logins: a run tries three wrong passwords, or none where they would raise alarms', async () => {
    const counted = async (settings: Settings) => {
      const before = await failedLogins()
      const ended = await proxy.run(settings)
      expect([ended.code, failuresOf(ended)]).toEqual([0, []])
      return [changesOf(ended), (await failedLogins()) - before]
    }
    const changed = {
      mlflow_proxy_log_json: true,
      mlflow_proxy_timeout: '200s',
      mlflow_proxy_headers: { 'X-One': '1' },
    }
    expect(await counted(changed)).toEqual([4, 3])
    expect(await counted({ ...changed, mlflow_proxy_verify_refusals: false })).toEqual([0, 0])
  })
})
