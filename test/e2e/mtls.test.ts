import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { program } from './mlplay.ts'
import { ADMIN, changesOf, failuresOf, proxyAlone, type Settings } from './proxy-alone.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-mtls'
const PORT = 31443
const proxy = proxyAlone(NAME, {
  mlflow_proxy_tls: 'selfsigned',
  mlflow_proxy_tls_port: PORT,
  mlflow_proxy_tls_redirect_port: 31080,
})
const file = (name: string) => join(proxy.work, name)
const ca = { mlflow_proxy_tls_client_ca: file('ca.pem') }

const certify = (name: string, subject: string, signer = 'ca') =>
  sh(
    `cd ${proxy.work} && openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj '${subject}' -keyout ${name}.key -out ${name}.csr &&
     openssl x509 -req -in ${name}.csr -CA ${signer}.pem -CAkey ${signer}.key -CAcreateserial -days 5 -out ${name}.pem`,
  )
const authority = (name: string) =>
  sh(
    `cd ${proxy.work} && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 5 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`,
  )

const ask = async (certificate: string, login = '') => {
  const answer = await program('curl', [
    ...['-s', '-k', '-o', '/dev/null', '-w', '%{http_code}', '--connect-to', `::127.0.0.1:${PORT}`],
    ...(certificate === '' ? [] : ['--cert', file(`${certificate}.pem`), '--key', file(`${certificate}.key`)]),
    ...(login === '' ? [] : ['-u', login]),
    `https://localhost:${PORT}/mlflow/`,
  ])
  return answer.stdout
}
const lastLine = async () => (await sh(`tail -n 1 /var/log/nginx/${NAME}-access.log`)).stdout

describe.skipIf(!wanted)('client certificates', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    proxy.start()
    await authority('ca')
    await authority('stranger')
    await certify('machine', '/O=lab/CN=trainer-7')
    await certify('tricky', '/O=x, CN=admin/CN=real')
    await certify('foreign', '/CN=trainer-7', 'stranger')
  })
  afterAll(async () => {
    await proxy.remove()
    proxy.end()
  }, 120_000)

  // 502: in, and there is no MLflow behind this site.
  it.each([
    [
      'stand for a password where they are optional',
      {},
      { none: '401', password: '502', machine: '502', both: '502', foreign: '400' },
    ],
    [
      'are asked of everybody where they are required',
      { mlflow_proxy_tls_client_mode: 'required' },
      { none: '400', password: '400', machine: '502', both: '502', foreign: '400' },
    ],
    [
      'are asked of everybody besides a password where both are required',
      { mlflow_proxy_tls_client_mode: 'required', mlflow_proxy_tls_client_password: true },
      { none: '400', password: '400', machine: '401', both: '502', foreign: '400' },
    ],
  ] as const)('%s', async (_, mode: Settings, statuses) => {
    const ended = await proxy.run({ ...ca, ...mode })
    expect([ended.code, failuresOf(ended)]).toEqual([0, []])
    expect(changesOf(await proxy.run({ ...ca, ...mode }))).toBe(0)
    expect({
      none: await ask(''),
      password: await ask('', ADMIN),
      machine: await ask('machine'),
      both: await ask('machine', ADMIN),
      foreign: await ask('foreign'),
    }).toEqual(statuses)
  })

  it.each([
    ['machine', '', 'trainer-7'],
    ['machine', 'admin:not the password', 'trainer-7'],
    ['tricky', '', 'real'],
  ])('the certificate %s with the login "%s" is %s in the log', async (certificate, login, name) => {
    expect((await proxy.run(ca)).code).toBe(0)
    expect(await ask(certificate, login)).toBe('502')
    expect(await lastLine()).toContain(`127.0.0.1 - ${name} [`)
  })

  it.each([
    ['a CA without TLS', { ...ca, mlflow_proxy_tls: 'off' }, 'need mlflow_proxy_tls'],
    ['required without a CA', { mlflow_proxy_tls_client_mode: 'required' }, 'mlflow_proxy_tls_client_ca'],
    ['a password besides optional ones', { ...ca, mlflow_proxy_tls_client_password: true }, 'required'],
    ['addresses in the place of passwords', { ...ca, mlflow_proxy_satisfy: 'any' }, 'leave it at all'],
  ])('%s are refused before anything changes', async (_, settings: Settings, says) => {
    const ended = await proxy.run(settings)
    expect([ended.code, failuresOf(ended).join()]).toEqual([2, expect.stringContaining(says)])
    expect(changesOf(ended)).toBe(0)
  })

  it('the removal leaves nothing', async () => {
    expect(await proxy.remove()).toEqual({ code: 0, left: '' })
  })
})
