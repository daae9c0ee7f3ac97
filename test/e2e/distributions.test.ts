// The role on other Debians than the usual one, and with the nginx of Ubuntu 22.04, which Debian 11 has too.

import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from '../lab/boot-lab.ts'
import { eventsOf, mlplay, repository } from './mlplay.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0
const tls = { mlflow_proxy_tls: 'selfsigned' }
const byName = { ...tls, mlflow_proxy_server_names: ['proxy.example', 'localhost'] }
const asUbuntu = { ansible_distribution: 'Ubuntu', ansible_distribution_major_version: '22' }

describe.skipIf(!wanted)('the role on other distributions', { timeout: 600_000 }, () => {
  let lab: Lab
  const role = (host: string, vars: object) =>
    mlplay([
      ...['run', join(repository, 'playbooks/mlflow-proxy.yml'), '-i', lab.inventory, '-l', host, '-o', 'json'],
      ...['-e', JSON.stringify(vars)],
    ])
  beforeAll(async () => {
    lab = await bootLab({ hosts: 2, suites: { h1: 'trixie', h2: 'bullseye' } })
  }, 900_000)
  afterAll(() => lab?.close(), 60_000)

  it('the role refuses Debian 11 with the reason, and touches nothing', async () => {
    const ended = await role('h2', {})
    const failed = eventsOf(ended).tasks.filter(task => task.status === 'failed')
    expect([ended.code, failed.length, failed[0]?.message]).toEqual([
      2,
      1,
      expect.stringMatching(/Debian 11 is not supported.*Python 3\.9/),
    ])
    expect((await lab.run('h2', 'command -v nginx')).stdout).toBe('')
  })

  it.each([
    ['Debian 13', 'h1', {}],
    ['Debian 13 with TLS by name', 'h1', byName],
    ['Debian 13 with TLS by address', 'h1', tls],
    ['nginx 1.18', 'h2', asUbuntu],
    ['nginx 1.18 with TLS by name', 'h2', { ...asUbuntu, ...byName }],
    ['nginx 1.18 with TLS by address', 'h2', { ...asUbuntu, ...tls }],
  ])('the role serves on %s without nginx warnings, and the second run is converged', async (_, host, vars) => {
    const ended = await role(host, vars)
    expect([ended.code, eventsOf(ended).tasks.filter(task => task.status === 'failed')], ended.stderr).toEqual([0, []])
    expect((await lab.run(host, 'nginx -t 2>&1 | grep -E "warn|emerg"')).stdout).toBe('')
    expect(eventsOf(await role(host, vars)).summary?.hosts[host]).toMatchObject({ changed: 0, round_trips: 1 })
  })

  it('an unconfigured name is refused with TLS, even if nginx cannot refuse the handshake', async () => {
    const ask = `curl -sk -o /dev/null -w '%{http_code}' --connect-to ::127.0.0.1:8443 https://`
    await role('h2', { ...asUbuntu, ...byName })
    expect((await lab.run('h2', `${ask}other.example/; ${ask}proxy.example/mlflow/`)).stdout).toBe('421401')
  })
})
