import { resolve } from 'node:path'
import type { Host, Inventory } from '../model/inventory.ts'
import type { Play, RoleUse, Task } from '../model/playbook.ts'
import { omitted } from './render.ts'

type Vars = Readonly<Record<string, unknown>>

/** What was asked of a run, as far as its variables tell. */
interface Asked {
  readonly inventory: Inventory
  readonly check: boolean
  readonly limit?: string
  readonly tags: readonly string[]
  readonly skipTags: readonly string[]
  readonly forks: number
  readonly verbosity?: number
  readonly diff?: boolean
  readonly environment: { readonly cwd: string }
}

/** The variables that the engine itself answers, and that are the same for all hosts of a run. */
export function magicOfRun({ inventory, check, environment, ...asked }: Asked): Vars {
  return {
    ansible_run_tags: asked.tags.length === 0 ? ['all'] : asked.tags,
    ansible_skip_tags: asked.skipTags,
    ansible_forks: asked.forks,
    ansible_verbosity: asked.verbosity ?? 0,
    ansible_diff_mode: asked.diff ?? false,
    ...(asked.limit === undefined ? {} : { ansible_limit: asked.limit }),
    ansible_version: language,
    ansible_config_file: null,
    ansible_playbook_python: 'python3',
    ansible_inventory_sources: inventory.source.split(',').map(source => resolve(environment.cwd, source)),
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
    ...rolesIn(play),
    get ansible_play_hosts() {
      return of.alive(of.hosts)
    },
    get ansible_play_batch() {
      return of.alive(of.batch)
    },
    get play_hosts() {
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

/** Those of a task: its role's, and where its files are looked for. */
export function magicOfTask({ role }: Pick<Task, 'role'>, play: Play): Vars {
  if (role === undefined) return { ansible_search_path: [play.folder] }
  const callers = role.depended ? [] : role.callers.toReversed()
  return {
    ansible_search_path: [role.path, play.folder],
    role_name: role.name,
    role_path: role.path,
    ansible_role_name: role.name,
    ...(callers.length === 0
      ? {}
      : {
          ansible_parent_role_names: callers.map(({ name }) => name),
          ansible_parent_role_paths: callers.map(({ path }) => path),
        }),
  }
}

/** Those that any variable of the same name overrides. */
export const weakMagic: Vars = { ansible_managed: 'Ansible managed' }

/** The version of Ansible whose language this is: roles ask for it. */
const language = { full: '2.19.14', string: '2.19.14', major: 2, minor: 19, revision: 14 } as const

const rolesIn = ({ roles }: Play): Vars => {
  const names = (uses: readonly RoleUse[]) => [...new Set(uses.map(({ name }) => name))]
  const direct = names(roles.filter(({ depended, public: seen }) => !depended && seen))
  const depended = names(roles.filter(role => role.depended))
  return {
    role_names: direct,
    ansible_play_role_names: direct,
    ansible_dependent_role_names: depended,
    ansible_role_names: [...new Set([...direct, ...depended])],
  }
}
