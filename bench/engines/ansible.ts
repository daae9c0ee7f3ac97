import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { command, must } from '../../test/lab/command.ts'
import { measure } from '../measure.ts'
import type { Place } from '../place.ts'
import { python, versionOf } from '../python.ts'
import { type Ask, type Engine, type Outcome, roleFolder } from './engine.ts'

const playbook = join(roleFolder, 'ansible/site.yml')

const settings = (place: Place, controlPath: string): Readonly<Record<string, string>> => ({
  ANSIBLE_PIPELINING: 'True',
  ANSIBLE_FORKS: String(place.hosts.length),
  ANSIBLE_HOST_KEY_CHECKING: 'True',
  ANSIBLE_SSH_CONTROL_PATH_DIR: controlPath,
  ANSIBLE_NOCOLOR: '1',
})

const played = async (
  place: Place,
  { dry, rate }: Ask,
  interpreter: string,
  env: Record<string, string>,
): Promise<Outcome> => {
  const argv = [interpreter, '-m', 'ansible', 'playbook', '-i', place.inventory, playbook]
  if (dry) argv.push('--check', '--diff')
  if (rate !== undefined) argv.push('-e', `app_rate=${rate}`)
  const measured = await measure({ argv, env })
  const recap = [...measured.stdout.matchAll(/ok=\d+\s+changed=(\d+)\s+unreachable=0\s+failed=0/g)]
  if (recap.length !== place.hosts.length)
    throw new Error(`Ansible did not get through:\n${measured.stdout.slice(-2000)}`)
  return { ...measured, changed: recap.reduce((sum, [, changed]) => sum + Number(changed), 0) }
}

/** ansible-core from PyPI with pipelining, as many forks as hosts. Warm: its ssh connections of the last run are still open. */
export async function ansible(connections: 'warm' | 'cold'): Promise<Engine> {
  const interpreter = await python(['ansible-core', 'passlib'])
  return {
    name: `ansible-core ${await versionOf(interpreter, 'ansible-core')}, pipelining, ${connections}`,
    run: async (place, ask) => {
      const folder = connections === 'warm' ? join(place.folder, 'cp') : mkdtempSync(join(place.folder, 'cp'))
      const outcome = await played(place, ask, interpreter, settings(place, folder))
      if (connections === 'cold') await closeMasters(folder)
      return outcome
    },
  }
}

/** The ssh processes that ControlPersist leaves in the background. */
export async function closeMasters(folder: string): Promise<void> {
  for (const socket of readdirSync(folder))
    await command(['ssh', '-o', `ControlPath=${join(folder, socket)}`, '-O', 'exit', 'any'])
}

/** The same with Mitogen in place of Ansible's own way to its hosts. */
export async function mitogen(): Promise<Engine> {
  const interpreter = await python(['ansible-core', 'mitogen', 'passlib'])
  const package_ = (
    await must([interpreter, '-c', 'import ansible_mitogen; print(ansible_mitogen.__path__[0])'])
  ).trim()
  return {
    name: `ansible-core with mitogen ${await versionOf(interpreter, 'mitogen')}`,
    run: (place, ask) =>
      played(place, ask, interpreter, {
        ...settings(place, join(place.folder, 'cp')),
        ANSIBLE_STRATEGY_PLUGINS: join(package_, 'plugins/strategy'),
        ANSIBLE_STRATEGY: 'mitogen_linear',
      }),
  }
}
