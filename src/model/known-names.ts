import type { LoadedPlaybook } from './playbook.ts'
import { allTasks } from './steps.ts'
import type { AnyTaskType } from './task-type.ts'

/** Names that the engine itself gives a value. */
export const magicNames = [
  'ansible_check_mode',
  'ansible_config_file',
  'ansible_connection',
  'ansible_dependent_role_names',
  'ansible_diff_mode',
  'ansible_forks',
  'ansible_host',
  'ansible_inventory_sources',
  'ansible_limit',
  'ansible_managed',
  'ansible_parent_role_names',
  'ansible_parent_role_paths',
  'ansible_play_batch',
  'ansible_play_hosts',
  'ansible_play_hosts_all',
  'ansible_play_name',
  'ansible_play_role_names',
  'ansible_playbook_python',
  'ansible_role_name',
  'ansible_role_names',
  'ansible_run_tags',
  'ansible_search_path',
  'ansible_skip_tags',
  'ansible_verbosity',
  'ansible_version',
  'group_names',
  'groups',
  'hostvars',
  'inventory_dir',
  'inventory_file',
  'inventory_hostname',
  'inventory_hostname_short',
  'mlplay_cwd',
  'omit',
  'play_hosts',
  'playbook_dir',
  'role_name',
  'role_names',
  'role_path',
  'vars',
] as const

/** Those that a loop gives to its turns, and a rescue to its steps. */
export const passingNames = [
  'item',
  'ansible_failed_result',
  'ansible_failed_task',
  'ansible_index_var',
  'ansible_loop',
  'ansible_loop_var',
] as const

/** Variables that say how a host is reached and acted on. Nothing else that begins with `ansible_` is read from an inventory. */
export const connectionVariables = [
  'ansible_become',
  'ansible_become_method',
  'ansible_become_pass',
  'ansible_become_password',
  'ansible_become_user',
  'ansible_connection',
  'ansible_group_priority',
  'ansible_host',
  'ansible_host_key_checking',
  'ansible_password',
  'ansible_port',
  'ansible_private_key_file',
  'ansible_python_interpreter',
  'ansible_ssh_args',
  'ansible_ssh_common_args',
  'ansible_ssh_extra_args',
  'ansible_ssh_host',
  'ansible_ssh_host_key_checking',
  'ansible_ssh_pass',
  'ansible_ssh_password',
  'ansible_ssh_port',
  'ansible_ssh_private_key_file',
  'ansible_ssh_timeout',
  'ansible_ssh_user',
  'ansible_sudo_pass',
  'ansible_timeout',
  'ansible_user',
] as const

const answered: ReadonlySet<string> = new Set([...magicNames, ...passingNames, ...connectionVariables])

/** Names that say how a host is reached, and those the engine answers itself: no host's facts have a say in them. */
export const isNoFact = (name: string): boolean =>
  answered.has(name) || /^ansible_(become_|shell_|play_|loop_|ssh_(?!host_key_(dsa|ecdsa|ed25519|rsa)))/.test(name)

/** What the task type `facts` finds on a host, without `ansible_` in front: told by what it makes of an answer. */
export function factNames(facts: AnyTaskType | undefined): readonly string[] {
  if (facts === undefined) return []
  const blank = Object.fromEntries(
    Object.entries(facts.state?.properties ?? {}).map(([name, schema]) => [name, blankOf(schema as { type?: string })]),
  )
  const plan = facts.plan({}, blank, { check: true, expected: [], random: bytes => new Uint8Array(bytes) })
  const found = 'facts' in plan ? plan.facts?.['ansible_facts'] : undefined
  return Object.keys((found ?? {}) as object)
}

const blankOf = ({ type }: { readonly type?: string }): unknown =>
  type === 'integer' || type === 'number' ? 0 : type === 'boolean' ? false : type === 'array' ? [] : ''

/** Whether some play of it may come to know its hosts' facts. */
export const mayGather = ({ plays, types }: LoadedPlaybook): boolean =>
  plays.some(
    play => play.gather_facts !== false || allTasks(play).some(({ type }) => types.get(type)?.defines === 'facts'),
  )
