// Services on a host whose systemd is real: each of its states is taken for what it is.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootLab, type Lab } from '../lab/boot-lab.ts'
import { seen, template, variables } from '../roles/mlflow-env.ts'
import { eventsOf, mlplay } from './mlplay.ts'

const wanted = process.env['MLPLAY_LAB'] === '1' && process.getuid?.() === 0

const install = '[Install]\nWantedBy=multi-user.target\n'
const sleeps = '[Service]\nExecStart=/bin/sleep infinity\n'
const units: Readonly<Record<string, string>> = {
  'once.service': `[Service]\nType=oneshot\nExecStart=/bin/true\n${install}`,
  'stays.service': `[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n${install}`,
  'badonce.service': `[Service]\nType=oneshot\nExecStart=/bin/false\n${install}`,
  'static.service': sleeps,
  'also.service': `${sleeps}[Install]\nAlso=plain.service\n`,
  'plain.service': sleeps + install,
  'hidden.service': sleeps + install,
  'passing-on.service': sleeps + install,
  'passing-off.service': sleeps + install,
  'real.service': `${sleeps}${install}Alias=nick.service\n`,
  'many@.service': sleeps + install,
  'talk.socket': '[Socket]\nListenStream=/run/talk\n[Install]\nWantedBy=sockets.target\n',
  'talk.service': sleeps,
  'maybe.service': `[Unit]\nConditionPathExists=/nowhere\n${sleeps}${install}`,
  'crashes.service': `[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestart=always\nRestartSec=5\nExecStart=/bin/false\n${install}`,
  'ended.service': `[Service]\nExecStart=/bin/false\n${install}`,
}

/** What is done twice, with the status of each time, and a part of what is said where it fails. */
const rows: readonly (readonly [task: string, first: string, second: string, message?: string])[] = [
  ['service: { name: once, state: started, enabled: true }', 'changed', 'ok'],
  ['service: { name: once, state: stopped }', 'ok', 'ok'],
  ['service: { name: stays, state: started }', 'changed', 'ok'],
  ['service: { name: badonce, state: started }', 'failed', 'failed', 'could not start badonce'],
  ['service: { name: static, enabled: false, state: started }', 'changed', 'ok'],
  ['service: { name: static, enabled: true }', 'failed', 'failed', 'static is static'],
  ['service: { name: also, enabled: false }', 'ok', 'ok'],
  ['service: { name: also, enabled: true }', 'failed', 'failed', 'Also='],
  ['service: { name: hidden, state: started }', 'failed', 'failed', 'hidden is masked'],
  ['service: { name: hidden, enabled: true }', 'failed', 'failed', 'hidden is masked'],
  ['service: { name: hidden, state: stopped, enabled: false }', 'ok', 'ok'],
  ['service: { name: passing-on, enabled: true }', 'changed', 'ok'],
  ['service: { name: passing-off, enabled: false }', 'changed', 'ok'],
  ['service: { name: nick, enabled: true, state: started }', 'changed', 'ok'],
  ['service: { name: many@one, enabled: true, state: started }', 'changed', 'ok'],
  ['service: { name: talk.socket, enabled: true, state: started }', 'changed', 'ok'],
  [
    'service: { name: maybe, state: started, enabled: true }',
    'failed',
    'failed',
    'a condition of its unit does not hold',
  ],
  ['service: { name: ended, state: stopped }', 'ok', 'ok'],
  ['service: { name: crashes, state: started }', 'failed', 'failed', 'crashes'],
  ['service: { name: crashes, state: stopped }', 'changed', 'changed'],
  ['service: { name: linked, enabled: false }', 'ok', 'ok'],
  ['service: { name: old, enabled: false }', 'changed', 'ok'],
  ['service: { name: old, state: started }', 'changed', 'ok'],
  ['service-restart: { name: once }', 'changed', 'changed'],
  ['service-restart: { name: plain }', 'changed', 'changed'],
  ['service: { name: nowhere, state: started }', 'failed', 'failed', "no service 'nowhere'"],
  ['service: { name: nowhere, state: stopped, enabled: false }', 'ok', 'ok'],
]

const broken = ['exit 1', 'exit 0', 'echo "cannot open shared object" >&2; exit 127']

const prepare = `cd /etc/systemd/system
${Object.entries(units)
  .map(([name, text]) => `cat > ${name} <<'END'\n${text}END`)
  .join('\n')}
printf '%s' '${sleeps}${install}' > /srv/linked.service
cat > /etc/init.d/old <<'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides: old
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: old
### END INIT INFO
case $1 in start|restart) touch /run/old;; stop) rm -f /run/old;; status) [ -e /run/old ];; esac
END
chmod 755 /etc/init.d/old; update-rc.d old defaults
mkdir -p /usr/local/lib/systemd/system; mv hidden.service /usr/local/lib/systemd/system/
systemctl daemon-reload; systemctl link /srv/linked.service; systemctl mask hidden; systemctl enable real
systemctl enable --runtime passing-on passing-off; systemctl start ended
${broken.map((script, i) => `mkdir -p /srv/broken${i}; printf '#!/bin/sh\\n%s\\n' '${script}' > /srv/broken${i}/systemctl; chmod 755 /srv/broken${i}/systemctl`).join('\n')}`

describe.skipIf(!wanted)('services of a real systemd', { timeout: 300_000 }, () => {
  let lab: Lab
  beforeAll(async () => {
    lab = await bootLab({ hosts: 1 })
    await lab.run('h1', prepare)
  }, 600_000)
  afterAll(() => lab?.close(), 60_000)

  it('services reach the wanted state, are reported correctly, and converge', async () => {
    const path = join(lab.folder, 'services.yml')
    writeFileSync(
      path,
      `- hosts: all\n  gather_facts: false\n  tasks:\n${rows.map(([task], i) => `    - ${task}\n      name: "${i}"\n      ignore_errors: true\n`).join('')}`,
    )
    const ran = async () => {
      const { tasks } = eventsOf(await mlplay(['run', path, '-i', lab.inventory, '-o', 'json']))
      return tasks.map(({ status, message = '' }) => ({ status: status === 'ignored' ? 'failed' : status, message }))
    }
    const [first, second] = [await ran(), await ran()]
    const told = rows.map(([task], i) => `${task}: ${first[i]?.status}, ${second[i]?.status}`)
    expect(told).toEqual(rows.map(([task, one, two]) => `${task}: ${one}, ${two}`))
    for (const [i, [, , , message]] of rows.entries())
      if (message !== undefined) expect(first[i]?.message).toContain(message)
  })

  it('a broken systemctl fails the task', async () => {
    const path = join(lab.folder, 'broken.yml')
    writeFileSync(
      path,
      `- hosts: all\n  gather_facts: false\n  tasks:\n${broken
        .flatMap((_, i) =>
          [
            'service: { name: ssh, state: started }',
            'service: { name: ssh, state: stopped }',
            'service-restart: ssh',
          ].map(
            task =>
              `    - ${task}\n      ignore_errors: true\n      environment: { PATH: "/srv/broken${i}:/usr/sbin:/usr/bin" }\n`,
          ),
        )
        .join('')}`,
    )
    const { tasks } = eventsOf(await mlplay(['run', path, '-i', lab.inventory, '-o', 'json']))
    expect(tasks).toHaveLength(9)
    for (const { status, message } of tasks)
      expect([status, message]).toEqual(['ignored', expect.stringContaining('systemctl cannot say how ssh is')])
  })

  it('the MLflow service gets the environment that the role wrote', async () => {
    const path = join(lab.folder, 'environment.yml')
    writeFileSync(
      path,
      `- hosts: all\n  gather_facts: false\n${variables.replace(/^/gm, '  ')}\n  tasks:\n    - template-file: { src: ${template}, dest: /srv/mlflow.env }\n`,
    )
    expect((await mlplay(['run', path, '-i', lab.inventory])).code).toBe(0)
    const unit =
      '[Service]\nType=oneshot\nEnvironmentFile=/srv/mlflow.env\nExecStart=/usr/bin/env -0\nStandardOutput=truncate:/srv/seen\n'
    await lab.run(
      'h1',
      `printf '%s' '${unit}' > /run/systemd/system/sees.service; systemctl daemon-reload; systemctl start sees`,
    )
    const { stdout } = await lab.run('h1', 'base64 /srv/seen')
    const lines = Buffer.from(stdout, 'base64').toString().split('\0')
    const environment = Object.fromEntries(lines.map(line => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]))
    expect(environment).toMatchObject(seen)
  })
})
