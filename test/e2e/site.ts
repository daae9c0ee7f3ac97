// One site of the role on this machine, under names and ports of its own, and the ways in which the tests ask it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mlplay, program, repository } from './mlplay.ts'

/** It installs packages and starts services: only where someone said that this machine may be used so. */
export const wanted = process.env['MLPLAY_E2E'] === '1' && process.getuid?.() === 0

export const NAME = 'mlplay-e2e'
export const PORT = 18080
export const BACKEND = 15000
export const base = `http://localhost:${PORT}/mlflow`
export const work = wanted ? mkdtempSync(join(tmpdir(), 'mlplay-e2e-')) : ''
export const inventory = join(work, 'inventory')
export const passwordFile = join(inventory, 'secrets/mlflow-admin-password')

const playbook = join(repository, 'playbooks/mlflow-proxy.yml')
export const extra = (vars: object) => ['-e', JSON.stringify(vars)]
export const run = (...args: readonly string[]) => mlplay(['run', playbook, '-i', inventory, '-o', 'json', ...args])
export const remove = () => mlplay(['run', join(repository, 'playbooks/mlflow-remove.yml'), '-i', inventory])

export const sh = (script: string) => program('/bin/sh', ['-c', script])
export const service = (verb: string) =>
  sh(`if [ -d /run/systemd/system ]; then systemctl ${verb} ${NAME}; else /etc/init.d/${NAME} ${verb}; fi`)

export const password = () => readFileSync(passwordFile, 'utf8').trim()
export const login = () => `Basic ${Buffer.from(`admin:${password()}`).toString('base64')}`
export const get = (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(`${base}${path}`, { redirect: 'manual', ...init, headers })

/** A Python program with MLflow's client, which comes in as everybody does. */
export const client = (program_: string, env: NodeJS.ProcessEnv = {}) => {
  const script = join(work, 'client.py')
  writeFileSync(script, `import hashlib, os, tempfile, mlflow\n${program_}\n`)
  return program(`/opt/${NAME}/current/bin/python`, [script], {
    cwd: work,
    env: {
      MLFLOW_TRACKING_URI: base,
      MLFLOW_TRACKING_USERNAME: 'admin',
      MLFLOW_TRACKING_PASSWORD: password(),
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '7',
      MLFLOW_DISABLE_TELEMETRY: 'true',
      GIT_PYTHON_REFRESH: 'quiet',
      ...env,
    },
  })
}

/** What an earlier run that was cut off may have left. */
export const wipe = () =>
  sh(
    `/etc/init.d/${NAME} stop; systemctl disable --now ${NAME}; rm -rf /opt/${NAME} /var/lib/${NAME} /var/log/${NAME} /etc/${NAME} /etc/nginx/${NAME} /etc/nginx/tls/${NAME}.* /var/log/nginx/${NAME}-*.log; rm -f /etc/init.d/${NAME} /etc/rc?.d/[SK]??${NAME}; userdel ${NAME}; rm -f /etc/nginx/sites-*/${NAME} /etc/nginx/snippets/${NAME}-*.conf /etc/nginx/auth/${NAME}.htpasswd && /etc/init.d/nginx reload; true`,
  )

/** Everything a run could touch; logs of other programs move by themselves. */
export const snapshot = async () =>
  (
    await sh(
      `find /etc /opt /srv /usr/local /usr/sbin /usr/bin /var/lib /var/spool /home -xdev -not -path '/var/lib/systemd/*' -not -path '/var/lib/nginx/*' -not -path '/opt/pyenv/*' -printf '%p %y %m %u %g %s %T@ %C@ %l\\n' 2>/dev/null | sort | cksum; ls -A ${work} ${inventory}`,
    )
  ).stdout
