// MLflow in a container that the role runs, on this machine: an image without a registry, and what changes do to it.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noPodman } from '../shell/podman.ts'
import { type Ended, eventsOf, mlplay, program, repository } from './mlplay.ts'
import { sh, wanted } from './site.ts'

const NAME = 'mlplay-boxed'
const PORT = 18280
const BACKEND = 15200
const image = (version: string) => `localhost/mlplay-boxed:${version}`
const failures = (ended: Ended) => eventsOf(ended).tasks.filter(task => task.status === 'failed')

describe.skipIf(!wanted)('MLflow in a container', { timeout: 600_000 }, () => {
  const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-boxed-')) : ''
  const inventory = join(work, 'inventory')
  // Storage of its own, so that nobody's images and containers are touched; runc and cgroupfs serve without systemd too.
  const env = { CONTAINERS_CONF: join(work, 'containers.conf'), CONTAINERS_STORAGE_CONF: join(work, 'storage.conf') }
  const podman = (...args: readonly string[]) => program('podman', args, { env })
  const role = (vars: object = {}, playbook = 'mlflow-proxy-docker.yml') =>
    mlplay(
      [
        ...['run', join(repository, 'playbooks', playbook), '-i', inventory, '-o', 'json'],
        ...['-e', JSON.stringify({ engine: 'podman', image: image('1'), ...vars })],
      ],
      { env },
    )
  const password = () => readFileSync(join(inventory, 'secrets/mlflow-admin-password'), 'utf8').trim()
  const page = async () =>
    (
      await fetch(`http://localhost:${PORT}/mlflow/`, {
        headers: { authorization: `Basic ${Buffer.from(`admin:${password()}`).toString('base64')}` },
      })
    ).status
  const container = async (format: string) => (await podman('inspect', '--format', format, NAME)).stdout.trim()
  const wipe = () =>
    sh(
      `/etc/init.d/${NAME} stop; rm -rf /opt/${NAME} /var/lib/${NAME} /var/log/${NAME} /etc/${NAME} /etc/nginx/${NAME} /var/log/nginx/${NAME}-*.log /etc/logrotate.d/${NAME}; rm -f /etc/init.d/${NAME} /etc/rc?.d/[SK]??${NAME} /etc/nginx/sites-*/${NAME} /etc/nginx/snippets/${NAME}-*.conf /etc/nginx/auth/${NAME}.htpasswd; userdel ${NAME}; nginx -t && /etc/init.d/nginx reload; true`,
    )

  /** An image that has nothing but an environment: this machine's Python and a virtual environment come as volumes. */
  const make = async (version: string, path: string) => {
    const root = join(work, 'root')
    rmSync(root, { recursive: true, force: true })
    for (const name of ['usr', 'etc', 'tmp', 'proc', 'dev', 'sys', 'opt', 'var', 'run', 'venv'])
      mkdirSync(join(root, name), { recursive: true })
    for (const name of ['bin', 'lib', 'lib64', 'sbin']) symlinkSync(`usr/${name}`, join(root, name))
    await program('chmod', ['1777', join(root, 'tmp')])
    writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
    await program('tar', ['-C', root, '-cf', join(work, 'root.tar'), '.'])
    const made = await podman('import', '-q', '--change', `ENV PATH=${path}`, join(work, 'root.tar'), image(version))
    expect(made.code, made.stderr).toBe(0)
  }

  beforeAll(async () => {
    expect(noPodman()).toBeUndefined()
    await wipe()
    writeFileSync(
      env.CONTAINERS_CONF,
      '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "none"\n',
    )
    writeFileSync(
      env.CONTAINERS_STORAGE_CONF,
      `[storage]\ndriver = "overlay"\ngraphroot = "${work}/graph"\nrunroot = "${work}/run"\n`,
    )
    const venv = join(work, 'venv')
    const built = await sh(
      `/usr/bin/python3 -m venv ${venv} && ${venv}/bin/pip install --quiet --disable-pip-version-check 'mlflow>=3.15,<4'`,
    )
    expect(built.code, built.stderr).toBe(0)
    const path = `${venv}/bin:/usr/bin:/bin`
    await make('1', path)
    await make('2', path)
    await make('broken', '/usr/bin:/bin')
    mkdirSync(join(inventory, 'group_vars'), { recursive: true })
    cpSync(join(repository, 'inventory/dev/hosts.yml'), join(inventory, 'hosts.yml'))
    // Limits that this process may not raise are not asked for.
    const settings = {
      mlflow_proxy_users: [
        {
          name: 'admin',
          password: "{{ lookup('password', inventory_dir ~ '/secrets/mlflow-admin-password', length=24) }}",
        },
      ],
      mlflow_proxy_instance: NAME,
      mlflow_proxy_listen_port: PORT,
      mlflow_proxy_backend_port: BACKEND,
      mlflow_server_workers: 1,
      mlflow_server_container_memory: '3g',
      mlflow_server_container_volumes: ['/usr:/usr:ro', `${venv}:${venv}:ro`],
      mlflow_server_container_args: ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=4096:4096'],
      mlflow_server_env: env,
      mlflow_server_env_secret: { QUOTED: `it's "a" $HOME \\ b\nand a line` },
    }
    appendFileSync(join(inventory, 'group_vars/mlflow.yml'), `${JSON.stringify(settings, null, 2)}\n`)
  }, 1_800_000)

  afterAll(async () => {
    await wipe()
    await podman('rm', '-f', '-a', '-t', '0')
    await podman('rmi', '-f', '-a')
    rmSync(work, { recursive: true, force: true })
  }, 300_000)

  it('MLflow runs as its account with only its variables, and the second run takes one round trip', async () => {
    const ended = await role()
    expect([ended.code, failures(ended)], ended.stderr).toEqual([0, []])
    expect(await page()).toBe(200)
    const uid = (await sh(`id -u ${NAME}`)).stdout.trim()
    expect(await container('{{.Config.User}} {{.HostConfig.Memory}} {{.ImageName}}')).toMatch(
      new RegExp(`^${uid}:\\d+ 3221225472 ${image('1')}$`),
    )
    const environment = readFileSync(`/proc/${await container('{{.State.Pid}}')}/environ`, 'utf8').split('\0')
    expect(environment).toContain(`QUOTED=it's "a" $HOME \\ b\nand a line`)
    // Secrets are in the environment alone.
    expect((await sh('cat /proc/[0-9]*/cmdline')).stdout).not.toContain('and a line')
    expect(eventsOf(await role()).summary?.hosts['localhost']).toMatchObject({ changed: 0, failed: 0, round_trips: 1 })
  })

  it('MLflow stores runs and artifacts of its client', async () => {
    const script = join(work, 'client.py')
    writeFileSync(
      script,
      `import mlflow
mlflow.set_experiment('boxed')
with mlflow.start_run() as run:
    mlflow.log_metric('m', 1)
    mlflow.log_text('hello', 'a b.txt')
print(mlflow.artifacts.load_text(mlflow.get_run(run.info.run_id).info.artifact_uri + '/a b.txt'))
`,
    )
    const said = await program(join(work, 'venv/bin/python'), [script], {
      cwd: work,
      env: {
        MLFLOW_TRACKING_URI: `http://localhost:${PORT}/mlflow`,
        MLFLOW_TRACKING_USERNAME: 'admin',
        MLFLOW_TRACKING_PASSWORD: password(),
        MLFLOW_DISABLE_TELEMETRY: 'true',
        GIT_PYTHON_REFRESH: 'quiet',
      },
    })
    expect([said.code, said.stdout.trim().split('\n').at(-1)], said.stderr).toEqual([0, 'hello'])
    const copied = await program(`/opt/${NAME}/mlflow-database`, ['backup'], { env })
    expect([copied.code, copied.stdout], copied.stderr).toEqual([0, expect.stringContaining('/backups/')])
  })

  it('the container is replaced after a change of a setting or of the image', async () => {
    const before = await container('{{.Id}}')
    const ended = await role({ mlflow_server_container_memory: '2g' })
    expect([ended.code, failures(ended)]).toEqual([0, []])
    expect(await container('{{.HostConfig.Memory}}')).toBe('2147483648')
    expect(await container('{{.Id}}')).not.toBe(before)
    const other = await role({ image: image('2') })
    expect([other.code, failures(other)]).toEqual([0, []])
    expect([await container('{{.ImageName}}'), await page()]).toEqual([image('2'), 200])
  })

  it('the old container returns when the new image does not work or cannot be pulled', async () => {
    const broken = await role({ image: image('broken'), mlflow_server_start_timeout: 15 })
    expect([broken.code, failures(broken).at(-1)?.message]).toEqual([
      2,
      expect.stringMatching(/The end of its log:[\s\S]*mlflow/),
    ])
    await sh(`for i in $(seq 120); do curl -sf localhost:${BACKEND}/health && break; sleep 1; done`)
    expect([await container('{{.ImageName}}'), await page()]).toEqual([image('2'), 200])
    const id = await container('{{.Id}}')
    const missing = await role({ image: image('none') })
    expect([missing.code, failures(missing)[0]?.task]).toEqual([2, "MLflow's image is on the host"])
    expect(await container('{{.Id}}')).toBe(id)
  })

  it.each([
    [{ image: 'mlflow' }, 'mlflow_server_image'],
    [{ image: 'ghcr.io/mlflow/mlflow:latest' }, 'mlflow_server_image'],
    [{ mlflow_proxy_backend_host: '192.0.2.1' }, 'mlflow_proxy_backend_host'],
    [{ mlflow_server_container_volumes: ['data'] }, 'mlflow_server_container_volumes'],
    [{ mlflow_server_container_memory: 'much' }, 'mlflow_server_container_memory'],
    [{ mlflow_server_compose_file: '/srv/mlflow/compose.yml' }, 'mlflow_server_compose_file'],
  ])('the setting %j is refused before anything is changed', async (vars, says) => {
    const ended = await role(vars)
    expect([ended.code, failures(ended)[0]?.message]).toEqual([2, expect.stringContaining(says)])
  })

  it('removal deletes the container and keeps the data', async () => {
    const removed = await role({}, 'mlflow-remove.yml')
    expect([removed.code, failures(removed)]).toEqual([0, []])
    expect((await podman('ps', '-a', '-q')).stdout).toBe('')
    expect((await sh(`ls /var/lib/${NAME}; ss -ltnH 'sport = :${BACKEND}'`)).stdout).toMatch(
      /^artifacts\nbackups\nmlflow\.db\n$/,
    )
  })
})
