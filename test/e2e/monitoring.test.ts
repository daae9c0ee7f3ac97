// What is counted, logged and banned, by Debian's exporter, logrotate and fail2ban.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN, changesOf, failuresOf, proxyAlone, type Settings } from './proxy-alone.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-watch'
const PORT = 33080
const proxy = proxyAlone(NAME, { mlflow_proxy_listen_port: PORT, mlflow_proxy_rate: '' })
const PROMETHEUS = { name: 'prometheus', password: 'a password for metrics' }
const metrics = {
  mlflow_proxy_status_port: 33081,
  mlflow_proxy_exporter_port: 33082,
  mlflow_proxy_metrics: true,
  mlflow_proxy_metrics_users: [PROMETHEUS],
}
const reader = `${PROMETHEUS.name}:${PROMETHEUS.password}`
const net = 'mlplaywatch'
const near = '10.214.33.1'

const statusOf = async (path: string, login = '', from = '') =>
  (
    await sh(
      `${from} curl -s -m 5 -o /dev/null -w '%{http_code}' -H 'Host: localhost' ${login === '' ? '' : `-u '${login}'`} http://${from === '' ? '127.0.0.1' : near}:${PORT}/mlflow/${path}`,
    )
  ).stdout
const works = async (settings: Settings) => {
  const ended = await proxy.run(settings)
  expect([ended.code, failuresOf(ended)], ended.stderr).toEqual([0, []])
  expect(changesOf(await proxy.run(settings))).toBe(0)
}
/** Lines of nginx's log, and the address that the filter finds in them: whatever clients put into a line, it is their own. */
const lines: readonly (readonly [line: string, addresses: readonly string[]])[] = [
  ['user "a": password mismatch, client: 192.0.2.1, server: localhost, request: "GET / HTTP/1.1"', ['192.0.2.1']],
  // A login has no colon, but quotes.
  [
    'user "a" was not found in "/f" was not found in "/etc/nginx/auth/x", client: 192.0.2.2, server: localhost',
    ['192.0.2.2'],
  ],
  [
    'user "a" was not found in "/etc/nginx/auth/x", client: 192.0.2.3, server: localhost, request: "GET / HTTP/1.1", referrer: "x, client: 192.0.2.66, server: y"',
    ['192.0.2.3'],
  ],
  [
    'user "a": password mismatch, client: 2001:db8::1, server: localhost, request: "GET /, client: 192.0.2.66, server: HTTP/1.1"',
    ['2001:db8::1'],
  ],
  ['open() "/x" failed (2: No such file or directory), client: 192.0.2.4, server: localhost', []],
]
const addressesIn = async (texts: readonly string[]) => {
  const log = join(proxy.work, 'lines.log')
  writeFileSync(log, texts.map(text => `2026/11/25 12:00:00 [error] 12#12: *5 ${text}\n`).join(''))
  const found = await sh(`fail2ban-regex --print-all-matched -o ip ${log} mlplay-${NAME}`)
  return found.stdout.trim().split('\n')
}
const far = `ip netns exec ${net}`

describe.skipIf(!wanted)('monitoring', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    proxy.start()
    await sh(
      `ip netns add ${net} && ip link add ${net}a type veth peer name ${net}b netns ${net} && ip addr add ${near}/24 dev ${net}a && ip link set ${net}a up && ip -n ${net} addr add 10.214.33.2/24 dev ${net}b && ip -n ${net} link set ${net}b up`,
    )
  })
  afterAll(async () => {
    await proxy.remove()
    await sh(`ip netns del ${net}; ip link del ${net}a; /etc/init.d/fail2ban stop; rm -rf /var/log/${NAME}-logs`)
    proxy.end()
  }, 120_000)

  it('logs have mode 0640 from their first line on, in any folder, and are rotated', async () => {
    await works({ mlflow_proxy_access_log: `/var/log/${NAME}-logs/access.log` })
    await statusOf('', ADMIN)
    const modes = await sh(`stat -c '%a %U %G' /var/log/${NAME}-logs/access.log /var/log/nginx/${NAME}-error.log`)
    expect(modes.stdout).toBe('640 www-data adm\n640 www-data adm\n')
    const rotated = await sh(
      `logrotate -f /etc/logrotate.d/${NAME}-nginx && sleep 1 && curl -s -o /dev/null http://localhost:${PORT}/mlflow/ && wc -l < /var/log/${NAME}-logs/access.log && stat -c '%a %U %G' /var/log/${NAME}-logs/*`,
    )
    expect(rotated.stdout, rotated.stderr).toBe('1\n640 www-data adm\n640 www-data adm\n')
    await works({})
    expect((await sh(`ls /etc/logrotate.d/${NAME}-nginx`)).code).not.toBe(0)
  })

  it("nginx's counts are shown to this host and to readers of metrics, who can reach nothing else", async () => {
    await works(metrics)
    expect((await sh('curl -s http://127.0.0.1:33081/stub_status')).stdout).toContain('Active connections')
    expect((await sh('curl -s http://127.0.0.1:33082/metrics')).stdout).toContain('nginx_up 1')
    const listens = await sh(`awk '$4 == "0A" {print $2}' /proc/net/tcp /proc/net/tcp6 | grep -E ':(8139|813A|2399)$'`)
    // 33081 and 33082 of 127.0.0.1; the package's own 9113 of all addresses is not there.
    expect(listens.stdout.trim().split('\n').toSorted()).toEqual(['0100007F:8139', '0100007F:813A'])
    expect({
      reader: [await statusOf('metrics/nginx', reader), await statusOf('metrics', reader), await statusOf('', reader)],
      admin: [await statusOf('metrics/nginx', ADMIN), await statusOf('metrics', ADMIN), await statusOf('', ADMIN)],
      nobody: [await statusOf('metrics/nginx'), await statusOf('metrics'), await statusOf('')],
    }).toEqual({ reader: ['200', '502', '401'], admin: ['401', '401', '502'], nobody: ['401', '401', '401'] })
  })

  it('readers of metrics are identified by address, password or both', async () => {
    const here = { ...metrics, mlflow_proxy_metrics_allow_ips: ['127.0.0.1'] }
    const ask = async () => [
      await statusOf('metrics/nginx'),
      await statusOf('metrics/nginx', reader),
      await statusOf('metrics/nginx', '', far),
      await statusOf('metrics/nginx', reader, far),
    ]
    const names = { mlflow_proxy_server_names: ['localhost', near] }
    await works({ ...here, ...names })
    expect(await ask()).toEqual(['200', '200', '401', '200'])
    await works({ ...here, ...names, mlflow_proxy_metrics_satisfy: 'all' })
    expect(await ask()).toEqual(['401', '200', '403', '403'])
    await works({ ...here, ...names, mlflow_proxy_metrics_users: [] })
    expect(await ask()).toEqual(['200', '200', '403', '403'])
  })

  it('the access log is JSON where that is asked for, and the playbook for the state shows instance and logs', async () => {
    await works({ mlflow_proxy_log_json: true })
    await sh(`curl -s -A 'an "agent"' -u '${ADMIN}' http://localhost:${PORT}/mlflow/first`)
    const lines = (await sh(`cat /var/log/nginx/${NAME}-access.log`)).stdout.trim().split('\n')
    const line: unknown = JSON.parse(lines.at(-1) ?? '')
    expect(line).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/),
      addr: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      user: 'admin',
      request: 'GET /mlflow/first HTTP/1.1',
      status: 502,
      bytes: expect.any(Number),
      seconds: expect.any(Number),
      upstream_seconds: expect.stringMatching(/^\d+\.\d+$/),
      agent: 'an "agent"',
    })
    const asked = sh(
      `sleep 10; for i in 1 2 3 4 5 6 7 8; do curl -s http://localhost:${PORT}/mlflow/meanwhile; sleep 1; done`,
    )
    const looked = await proxy.look('-e', 'follow=30')
    await asked
    expect(looked.code, looked.stdout).toBe(0)
    expect(looked.stdout).toContain(`== ${NAME}: site enabled`)
    expect(looked.stdout).toContain(`port ${PORT}: nginx listens`)
    expect(looked.stdout).toMatch(/MLflow at \S+ does not answer/)
    const [before = '', after = ''] = looked.stdout.split('== the next 30 seconds')
    expect([before.includes('/mlflow/first'), after.includes('/mlflow/meanwhile')]).toEqual([true, true])
  })

  it('an IPv6 network can count as one address', async () => {
    const addresses = ['2001:db8:33:1::a', '2001:db8:33:1:ffff::b', '2001:db8:33:2::a']
    await sh(addresses.map(address => `ip -6 addr add ${address}/128 dev lo`).join('; '))
    try {
      const passing = async (limited: Settings) => {
        await works({ mlflow_proxy_rate: '1r/m', mlflow_proxy_burst: 20, ...limited })
        const passed: number[] = []
        for (const address of addresses)
          passed.push(
            Number(
              (
                await sh(
                  `for i in $(seq 30); do curl -g -s -o /dev/null -w '%{http_code}\\n' --interface ${address} -H 'Host: localhost' 'http://[${addresses[0]}]:${PORT}/mlflow/'; done | grep -c 401`,
                )
              ).stdout,
            ),
          )
        return passed
      }
      expect(await passing({ mlflow_proxy_verify: false })).toEqual([21, 21, 21])
      expect(await passing({ mlflow_proxy_verify: false, mlflow_proxy_rate_ipv6_network: true })).toEqual([21, 0, 21])
    } finally {
      await sh(addresses.map(address => `ip -6 addr del ${address}/128 dev lo`).join('; '))
    }
  })

  it('fail2ban bans password guessing, never this host, and nothing after it is switched off', async () => {
    await works({ mlflow_proxy_fail2ban: true, mlflow_proxy_fail2ban_tries: 3 })
    expect(await addressesIn(lines.map(([line]) => line))).toEqual(lines.flatMap(([, address]) => address))
    for (let i = 0; i < 4; i += 1) {
      await statusOf('', 'admin:wrong')
      expect(await statusOf('', 'admin:wrong', far)).toBe('401')
    }
    await sh(
      `for i in $(seq 60); do fail2ban-client status mlplay-${NAME} | grep -q 10.214.33.2 && break; sleep 0.5; done`,
    )
    expect([await statusOf('', ADMIN), await statusOf('', ADMIN, far)]).toEqual(['502', '000'])
    await works({})
    expect(await statusOf('', ADMIN, far)).toBe('502')
  })

  it.each([
    ['metrics for nobody', { mlflow_proxy_metrics: true }, 'who may read them'],
    ['an exporter without counts', { mlflow_proxy_exporter_port: 33082 }, 'mlflow_proxy_status_port'],
    ['fewer connections than a page needs', { mlflow_proxy_connections: 4 }, 'take 20 or more'],
    ['a log that is no path', { mlflow_proxy_error_log: 'error.log' }, 'absolute paths'],
    ['a time of a ban that is none', { mlflow_proxy_fail2ban_ban: 'soon' }, 'such as 600s'],
  ])('%s are refused before anything changes', async (_, settings: Settings, says) => {
    const ended = await proxy.run(settings)
    expect([ended.code, failuresOf(ended).join()]).toEqual([2, expect.stringContaining(says)])
    expect(changesOf(ended)).toBe(0)
  })

  it('the removal leaves nothing', async () => {
    await works({ ...metrics, mlflow_proxy_fail2ban: true })
    expect(await proxy.remove()).toEqual({ code: 0, left: '' })
  })
})
