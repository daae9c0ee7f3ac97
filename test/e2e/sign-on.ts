// A site of the role with sign-on on this machine: its names and ports, its provider, and the ways in which tests ask it.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, eventsOf, mlplay, repository } from './mlplay.ts'
import { CLIENT } from './oidc-provider.ts'
import { sh, wanted } from './site.ts'

export const NAME = 'mlplay-sign'
export const SERVICE = `${NAME}-sso`
export const PORT = 18380
export const TLS_PORT = 18643
export const BACKEND = 15300
export const PROVIDER = 18390
export const origin = `http://localhost:${PORT}`
export const page = `${origin}/mlflow/`
export const tls = {
  mlflow_proxy_tls: 'selfsigned',
  mlflow_proxy_tls_port: TLS_PORT,
  mlflow_proxy_tls_redirect_port: PORT,
}
export const redirects = [`${origin}/oauth2/callback`, `https://localhost:${TLS_PORT}/oauth2/callback`] as const
export const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-sign-')) : ''
export const inventory = join(work, 'inventory')
export const password = () => readFileSync(join(inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()
export const cookieSecret = () => readFileSync(join(inventory, `secrets/${NAME}-sso-cookie-secret`), 'utf8').trim()

export function writeInventory(settings: object) {
  mkdirSync(join(inventory, 'group_vars'), { recursive: true })
  cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
  const own = {
    mlflow_proxy_instance: NAME,
    mlflow_proxy_listen_port: PORT,
    mlflow_proxy_backend_port: BACKEND,
    mlflow_server_workers: 1,
    mlflow_server_jobs: false,
    mlflow_proxy_users: [
      {
        name: 'admin',
        password: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}",
      },
    ],
    mlflow_proxy_rate: '',
    mlflow_proxy_static_rate: '',
    mlflow_proxy_sso_issuer: `http://localhost:${PROVIDER}`,
    mlflow_proxy_sso_client_id: CLIENT.id,
    mlflow_proxy_sso_client_secret: CLIENT.secret,
    mlflow_proxy_sso_email_domains: ['example.com'],
    mlflow_proxy_sso_name: 'the Example account',
    ...settings,
  }
  writeFileSync(join(inventory, 'group_vars/mlflow.yml'), JSON.stringify(own))
}

export const run = (settings: object, ...args: readonly string[]) =>
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
export const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')
/** What a run with these settings changes, and how many round trips it takes. */
export const tally = async (settings: object) => {
  const { tasks, summary } = eventsOf(await run(settings))
  const changed = tasks.filter(task => task.status === 'changed')
  const changes = changed.map(task => `${task.task}: ${task.changes.map(({ what }) => what).join(', ')}`)
  return { ...summary?.hosts['localhost'], changes }
}

/** Status and headers of an answer; nothing is followed. */
export const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { redirect: 'manual', headers })
export const status = async (headers: Record<string, string> = {}, url = page) => (await get(url, headers)).status
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
export const basic = (name: string, word: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`,
})

/** In MLflow's place: keeps the headers that reach it, and agrees to a WebSocket. */
export async function startEcho() {
  const seen: IncomingHttpHeaders[] = []
  const server = createServer((request, answer) => {
    seen.push(request.headers)
    answer.end('an echo')
  }).on('upgrade', (_, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello'),
  )
  const port = await new Promise<number>(done =>
    server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port)),
  )
  return { port, seen, stop: () => server.close() }
}

/** What is on this machine of a service: files, its account, its processes. */
export const left = async (name: string) =>
  (
    await sh(
      `find /etc /opt /var/lib /var/log /run -xdev -name '*${name}*' 2>/dev/null | grep -v '^/var/log/nginx/'; getent passwd ${name}; ps axww -o args= | grep -F '/opt/${name}/' | grep -vF grep || true`,
    )
  ).stdout
export const wipe = () =>
  sh(
    `for n in ${NAME} ${SERVICE}; do /etc/init.d/$n stop; systemctl disable --now $n; rm -rf /opt/$n /var/lib/$n /var/log/$n /etc/$n /run/$n /etc/nginx/$n /etc/nginx/tls/$n.* /var/log/nginx/$n-*.log /etc/logrotate.d/$n; rm -f /etc/init.d/$n /etc/rc?.d/[SK]??$n /etc/nginx/sites-*/$n /etc/nginx/snippets/$n-*.conf /etc/nginx/snippets/$n.conf /etc/nginx/auth/$n.htpasswd; userdel $n; done; nginx -t && /etc/init.d/nginx reload; true`,
  )
