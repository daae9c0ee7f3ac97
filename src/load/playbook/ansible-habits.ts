import type { AnyTaskType } from '../../model/task-type.ts'

/** Keywords that Ansible's users write by habit, and what to write here. Of params each task type knows its own. */
const habits: Readonly<Record<string, string>> = {
  action: 'write the task type as the key: copy-file: { ... }',
  args: 'put them beside the command: shell: { cmd: ..., chdir: ... }',
  async: 'there are no tasks in the background; timeout: bounds a task',
  become_flags: 'become takes become_user and become_method',
  collections: 'task types are those of mlplay doc and of tasks/ beside the playbook',
  include: 'write import_tasks or import_playbook',
  local_action: 'write the task type as the key, with delegate_to: localhost',
  module_defaults: 'give the params at each task, or from a variable',
  poll: 'there are no tasks in the background; timeout: bounds a task',
  sudo: 'write become: true',
  vars_prompt: 'give the values with -e, or in a file with -e @FILE',
  with_dict: 'write loop: "{{ the_dict | dict2items }}"',
  with_fileglob: "write loop: with a list; there is no lookup('fileglob')",
  with_items: 'write loop:',
  with_list: 'write loop:',
  with_nested: 'write loop: "{{ a | product(b) | list }}"',
  with_sequence: 'write loop: "{{ range(1, 5) | list }}"',
  with_subelements: 'write loop: with a list',
  with_together: 'write loop: "{{ a | zip(b) | list }}"',
}

/** What to write instead of a keyword that Ansible has. */
export const insteadOf = (key: string): string | undefined =>
  Object.hasOwn(habits, key) ? habits[key] : key.startsWith('with_') ? 'write loop: with a list' : undefined

/** What to do about a task type of Ansible's that does not exist here. */
const absent: Readonly<Record<string, string>> = {
  add_host: 'not there yet: give the hosts in the inventory, which may be a program',
  apt_key: 'write the key into /etc/apt/keyrings with copy-file',
  apt_repository: 'write a file into /etc/apt/sources.list.d with copy-file, then apt-install',
  authorized_key: 'write the file with copy-file',
  async_status: 'there are no tasks in the background',
  find: 'run shell: find ..., and register what it prints',
  getent: 'run command: getent ..., and register what it prints',
  group_by: 'not there yet: use when: or groups of the inventory',
  hostname: 'run command: hostnamectl set-hostname NAME with unless:',
  import_playbook: 'it stands in the place of a play, not of a task',
  include_vars: 'not there yet: vars_files of the play, or vars/ and defaults/ of a role',
  mount: 'run command: mount with unless: mountpoint',
  package_facts: 'run command: dpkg-query -W NAME, and register it',
  service_facts: 'run command: systemctl is-active NAME, and register it',
  set_stats: 'not there yet: set_fact and hostvars carry values between hosts',
  slurp: 'run command: cat, and register what it prints',
  sysctl: 'write a file into /etc/sysctl.d with copy-file, and notify command: sysctl --system',
  tempfile: 'run command: mktemp, and register what it prints',
  validate_argument_spec: "a role's meta/argument_specs.yml is asked by itself",
  assemble: 'build the text in a template: template-file',
  blockinfile: 'write the whole file: template-file or copy-file',
  cron: 'write a file into /etc/cron.d with copy-file',
  fetch: 'run command: cat and register what it prints',
  get_url: 'run command: curl with creates:',
  git: 'run command: git with creates:',
  pip: 'run command: pip with creates:',
  pause: 'wait-for waits for something that can be seen',
  ping: 'mlplay exec PATTERN -- true',
  raw: 'write shell:',
  reboot: 'run it by hand: a run does not outlive the host',
  replace: 'write the whole file: template-file or copy-file',
  script: 'copy it with copy-file, then run it with command:',
  stat: "run shell: with test, or a command's creates: and removes:",
  synchronize: 'loop over the files with copy-file',
  unarchive: 'run command: tar with creates:',
}

/** A hint for a task type that is not known here. */
export function typeHint(name: string, types: ReadonlyMap<string, AnyTaskType>): string | undefined {
  const plain = name.replace(/^ansible\.(builtin|legacy|posix)\.|^community\.\w+\./, '')
  if (plain !== name && types.has(plain)) return `write ${plain}`
  const here = [...types.values()].filter(type => type.ansible?.includes(plain)).map(type => type.name)
  if (here.length > 0) return `here it is called ${here.join(', ').replace(/, (?=[^,]*$)/, ' or ')}`
  if (Object.hasOwn(absent, plain)) return `there is no such task type; ${absent[plain]}`
  const collection = /^(\w+\.\w+)\.\w+$/.exec(name)?.[1]
  if (collection !== undefined)
    return `modules of collections (${collection}) are not there: mlplay doc lists the task types, docs/task-types.md says how to write one`
  return insteadOf(plain)
}
