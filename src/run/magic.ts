import type { Host } from '../model/inventory.ts'
import type { Play, Task } from '../model/playbook.ts'
import { omitted } from './render.ts'
import type { RunRequest } from './request.ts'

type Vars = Readonly<Record<string, unknown>>

/** The variables that the engine itself answers, and that are the same for all hosts of a run. */
export function magicOfRun({ inventory, check, environment }: RunRequest): Vars {
  return {
    groups: Object.fromEntries([...inventory.groups].map(([name, group]) => [name, group.hosts])),
    inventory_dir: inventory.folder,
    inventory_file: inventory.source,
    ansible_check_mode: check,
    omit: omitted,
    mlplay_cwd: environment.cwd,
  }
}

/** Those of a play and its batch. `alive`: who is lost is no longer among them. */
export function magicOfBatch(
  play: Play,
  of: {
    readonly hosts: readonly Host[]
    /** Also those that were lost in an earlier play. */
    readonly all: readonly Host[]
    readonly batch: readonly Host[]
    readonly alive: (hosts: readonly Host[]) => readonly string[]
  },
): Vars {
  return {
    playbook_dir: play.folder,
    get ansible_play_hosts() {
      return of.alive(of.hosts)
    },
    get ansible_play_batch() {
      return of.alive(of.batch)
    },
    get ansible_play_hosts_all() {
      return of.all.map(host => host.name)
    },
    ansible_play_name: play.name,
  }
}

/** Those of one host. */
export function magicOfHost(host: Host): Vars {
  return {
    inventory_hostname: host.name,
    inventory_hostname_short: host.name.split('.')[0],
    group_names: host.groups.filter(name => name !== 'all').toSorted(),
  }
}

/** Those of a role's task. */
export const magicOfRole = (task: Pick<Task, 'role'> | undefined): Vars =>
  task?.role === undefined ? {} : { role_name: task.role.name, role_path: task.role.path }
