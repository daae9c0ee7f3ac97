// Certificates of a real CA for tests (pebble), asked for by Debian's certbot.

import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { built } from './programs.ts'
import { changesOf, failuresOf, proxyAlone } from './proxy-alone.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-acme'
const PORT = 32443
const REDIRECT = 32080
const proxy = proxyAlone(NAME, {
  mlflow_proxy_tls_port: PORT,
  mlflow_proxy_tls_redirect_port: REDIRECT,
  mlflow_proxy_acme_server: 'https://localhost:32140/dir',
  mlflow_proxy_acme_email: 'admin@one.mlplay.example',
})
const acme = (...names: readonly string[]) => ({
  mlflow_proxy_tls: 'acme',
  mlflow_proxy_acme_ca: join(proxy.work, 'cert.pem'),
  mlflow_proxy_server_names: [...names, 'localhost'],
})
const ONE = 'one.mlplay.example'
const TWO = 'two.mlplay.example'
const mine = '# mlplay e2e acme'
// pebble forgets its accounts when it ends; certbot does not.
const forget = () => sh('rm -rf /etc/letsencrypt/accounts/localhost:32140 /etc/letsencrypt/accounts/localhost:32199')
let authority: ChildProcess | undefined

const served = async () => {
  const { stdout } = await sh(
    `openssl s_client -connect 127.0.0.1:${PORT} -servername ${ONE} </dev/null 2>/dev/null | openssl x509 -noout -issuer -serial -ext subjectAltName`,
  )
  return {
    byPebble: stdout.includes('Pebble Intermediate CA'),
    serial: stdout.match(/serial=(.*)/)?.[1],
    names: [...stdout.matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name),
  }
}

describe.skipIf(!wanted)('certificates of a CA', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    const pebble = await built('pebble')
    proxy.start()
    await forget()
    await sh(
      `cd ${proxy.work} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 5 -subj /CN=pebble -addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem; echo '127.0.0.1 ${ONE} ${TWO} ${mine}' >> /etc/hosts`,
    )
    writeFileSync(
      join(proxy.work, 'pebble.json'),
      JSON.stringify({
        pebble: {
          listenAddress: '127.0.0.1:32140',
          managementListenAddress: '127.0.0.1:32150',
          certificate: join(proxy.work, 'cert.pem'),
          privateKey: join(proxy.work, 'key.pem'),
          httpPort: REDIRECT,
          tlsPort: PORT,
          ocspResponderURL: '',
          externalAccountBindingRequired: false,
          profiles: { default: { description: 'default', validityPeriod: 7_776_000 } },
        },
      }),
    )
    authority = spawn(pebble, ['-config', join(proxy.work, 'pebble.json')], {
      stdio: 'ignore',
      env: { ...process.env, PEBBLE_VA_NOSLEEP: '1' },
    })
    await sh('for i in $(seq 600); do curl -ks https://localhost:32140/dir && break; sleep 0.1; done')
  }, 600_000)
  afterAll(async () => {
    authority?.kill()
    await proxy.remove()
    await forget()
    await sh(`sed -i '/${mine}$/d' /etc/hosts`)
    proxy.end()
  }, 120_000)

  it('a host without a certificate gets one, and the second run is converged', async () => {
    const ended = await proxy.run(acme(ONE))
    expect([ended.code, failuresOf(ended)], ended.stderr).toEqual([0, []])
    expect(await served()).toMatchObject({ byPebble: true, names: [ONE] })
    expect(changesOf(await proxy.run(acme(ONE)))).toBe(0)
    expect((await sh(`stat -c %a /etc/nginx/tls/${NAME}.key`)).stdout.trim()).toBe('600')
  })

  it('a certificate renewed by certbot is served at once', async () => {
    const before = await served()
    const renewed = await sh(
      `certbot renew -q --no-random-sleep-on-renew --force-renewal --cert-name mlplay-${NAME} && sleep 2`,
    )
    expect(renewed.code, renewed.stderr).toBe(0)
    const after = await served()
    expect([after.byPebble, after.serial !== before.serial]).toEqual([true, true])
    expect(changesOf(await proxy.run(acme(ONE)))).toBe(0)
  })

  it('another server name gets another certificate', async () => {
    expect(failuresOf(await proxy.run(acme(ONE, TWO)))).toEqual([])
    expect(await served()).toMatchObject({ byPebble: true, names: [ONE, TWO] })
    expect(changesOf(await proxy.run(acme(ONE, TWO)))).toBe(0)
  })

  it('the redirect port redirects configured names to TLS, and no others', async () => {
    const to = async (name: string) =>
      (
        await sh(
          `curl -s -o /dev/null -w '%{http_code} %{redirect_url}' -H 'Host: ${name}' 'http://127.0.0.1:${REDIRECT}//evil.test/x?y'`,
        )
      ).stdout
    expect([await to(ONE), await to('evil.test')]).toEqual([`308 https://${ONE}:${PORT}//evil.test/x?y`, '421 '])
  })

  it('a CA that does not answer fails the run with its message, and the old certificate stays in use', async () => {
    const ended = await proxy.run({ ...acme(ONE, TWO), mlflow_proxy_acme_server: 'https://localhost:32199/dir' })
    expect(ended.code).toBe(2)
    expect(failuresOf(ended)[0]).toContain('a certificate from the CA')
    expect(await served()).toMatchObject({ byPebble: true, names: [ONE, TWO] })
    expect(failuresOf(await proxy.run(acme(ONE, TWO)))).toEqual([])
  })

  it('IP addresses are refused, as no CA certifies them', async () => {
    const ended = await proxy.run({ ...acme(), mlflow_proxy_server_names: ['127.0.0.1', 'localhost'] })
    expect([ended.code, failuresOf(ended).join()]).toEqual([2, expect.stringContaining('needs a host name')])
  })

  it('changing to a self-signed certificate stops renewals, and removal leaves nothing', async () => {
    expect(failuresOf(await proxy.run({ ...acme(ONE), mlflow_proxy_tls: 'selfsigned' }))).toEqual([])
    expect(await served()).toMatchObject({ byPebble: false })
    expect((await sh(`certbot certificates 2>/dev/null | grep -c mlplay-${NAME}`)).stdout.trim()).toBe('0')
    expect(readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8')).not.toContain(
      readFileSync(join(proxy.work, 'cert.pem'), 'utf8').trim(),
    )
    expect(await proxy.remove()).toEqual({ code: 0, left: '' })
  })
})
