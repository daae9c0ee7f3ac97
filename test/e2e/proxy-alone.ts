// A site of the role on this machine without a MLflow behind it, for tests of what nginx does by itself.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Ended, eventsOf, mlplay, repository } from './mlplay.ts'
import { sh, wanted } from './site.ts'

export type Settings = Readonly<Record<string, unknown>>

export const ADMIN = 'admin:a password of the tests'

/** Runs the role with `own` settings and those of each call; `wipe` removes what a run that was cut off left. */
export const proxyAlone = (name: string, own: Settings) => {
  const work = wanted ? mkdtempSync(join(tmpdir(), `${name}-`)) : ''
  const inventory = join(work, 'inventory')
  const settings = {
    mlflow_proxy_instance: name,
    mlflow_proxy_backend_managed: false,
    mlflow_proxy_users: [{ name: 'admin', password: ADMIN.slice('admin:'.length) }],
    ...own,
  }
  const play = (playbook: string, given: Settings, args: readonly string[]) =>
    mlplay([
      ...['run', join(repository, `playbooks/${playbook}.yml`), '-i', inventory, '-o', 'json'],
      ...['-e', JSON.stringify({ ...settings, ...given }), ...args],
    ])
  return {
    work,
    start: () => {
      mkdirSync(inventory, { recursive: true })
      writeFileSync(join(inventory, 'hosts.yml'), 'mlflow: { hosts: { localhost: { ansible_connection: local } } }\n')
    },
    run: (given: Settings, ...args: readonly string[]): Promise<Ended> => play('mlflow-proxy', given, args),
    /** What the playbook for the state of all instances prints. */
    look: (...args: readonly string[]): Promise<Ended> =>
      mlplay(['run', join(repository, 'playbooks/mlflow-status.yml'), '-i', inventory, ...args]),
    /** Everything of the instance that is left after its removal, but nginx's logs. */
    remove: async () => {
      const ended = await play('mlflow-remove', { mlflow_proxy_purge: true }, [])
      const left = await sh(
        `find /etc /opt /var/lib /var/www /var/log /usr/local -xdev -name '*${name}*' 2>/dev/null | grep -v '^/var/log/'`,
      )
      return { code: ended.code, left: left.stdout }
    },
    end: () => rmSync(work, { recursive: true, force: true }),
  }
}

/** Failed tasks with what they say. */
export const failuresOf = (ended: Ended) =>
  eventsOf(ended)
    .tasks.filter(task => task.status === 'failed')
    .map(task => `${task.task}: ${task.message}${task.stderr === undefined ? '' : `\n${task.stderr}`}`)

/** How many changes a run made. */
export const changesOf = (ended: Ended) => eventsOf(ended).summary?.hosts['localhost']?.changed
