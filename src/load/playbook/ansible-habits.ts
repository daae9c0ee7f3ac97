/** What Ansible's users write by habit, and what to write here: by keyword, and by `task-type.param`. */
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

  'apt-install.autoremove': 'run it with command: apt-get -y autoremove',
  'apt-install.deb': 'only packages of the lists are installed: give their names',
  'apt-install.force_apt_get': 'it is always apt-get',
  'apt-install.package': 'write name:',
  'apt-install.pkg': 'write name:',
  'apt-install.update_cache': 'the lists are refreshed when they are older than cache_valid_time (seconds)',
  'apt-install.upgrade': 'write state: latest with the names',
  'command.executable': 'a command runs without a shell: write shell:',
  'command.warn': 'leave it away',
  'copy-file.directory_mode': 'one file at a time: make the folder with ensure-dir, loop over the files',
  'copy-file.force': 'a file is written only when it differs; `when` and `creates` decide otherwise',
  'copy-file.remote_src': 'a file of the host itself is copied with command: cp',
  'ensure-dir.recurse': 'owner and mode are those of the folder; write shell: chown -R for what is inside',
  'ensure-dir.state': 'a folder is what this makes: remove-path takes away, symlink links, copy-file writes files',
  'htpasswd-user.create': 'the file is made when it is not there',
  'htpasswd-user.crypt_scheme': 'write hash_scheme: sha512, bcrypt or apr1',
  'htpasswd-user.dest': 'write path:',
  'htpasswd-user.username': 'write name:',
  'http-check.body_format': 'write the body as text: body: "{{ value | to_json }}"',
  'http-check.dest': 'nothing is stored: register the result',
  'http-check.force_basic_auth': 'user and password are sent at once',
  'http-check.return_content': 'the answer is always there: register it and read .body',
  'http-check.status_code': 'write status:',
  'http-check.url_password': 'write password:',
  'http-check.url_username': 'write user:',
  'remove-path.state': 'leave it away: what is there is removed',
  'service-restart.state': 'write mode: restart or reload',
  'service.daemon_reload': 'systemd is told to read its units anew by itself',
  'service.pattern': 'the service is asked by its manager',
  'set_fact.cacheable': 'facts hold for one run',
  'shell.args': 'put them beside cmd',
  'shell.executable': 'it is /bin/sh: write command: with argv: [bash, -c, ...]',
  'shell.warn': 'leave it away',
  'symlink.path': 'write dest: for where the link is to be, src: for where it leads',
  'symlink.state': 'a link is what this makes: remove-path takes it away',
  'system-user.append': 'groups are always added, never taken away',
  'system-user.uid': 'the system gives the number',
  'template-file.force': 'a file is written only when it differs',
  'template-file.lstrip_blocks': 'write {%- where blanks are to go',
  'template-file.newline_sequence': 'a template keeps its own line ends',
  'template-file.trim_blocks': 'the newline after a block tag goes, as with Ansible',
  'wait-for.connect_timeout': 'write timeout:',
  'wait-for.search_regex': 'write contains: with a plain text',
}

/** What to write instead of a key that Ansible has: a keyword, or a param of this task type. */
export const insteadOf = (key: string, type?: string): string | undefined =>
  Object.hasOwn(habits, type === undefined ? key : `${type}.${key}`)
    ? habits[type === undefined ? key : `${type}.${key}`]
    : key.startsWith('with_') && type === undefined
      ? 'write loop: with a list'
      : undefined

/** Ansible's names for task types that exist here under another. */
const renamed: Readonly<Record<string, string>> = {
  apt: 'apt-install',
  copy: 'copy-file',
  file: 'ensure-dir, symlink or remove-path',
  htpasswd: 'htpasswd-user',
  package: 'apt-install',
  setup: 'facts',
  systemd: 'service',
  systemd_service: 'service',
  template: 'template-file',
  uri: 'http-check',
  user: 'system-user',
  wait_for: 'wait-for',
}

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
  group: 'run command: groupadd with unless: getent group NAME',
  lineinfile: 'write the whole file: template-file or copy-file',
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

/** A hint for a task type that is not known here; `known` are those that are. */
export function typeHint(name: string, known: Iterable<string> = []): string | undefined {
  const plain = name.replace(/^ansible\.(builtin|legacy|posix)\.|^community\.\w+\./, '')
  if (plain !== name && [...known].includes(plain)) return `write ${plain}`
  if (Object.hasOwn(renamed, plain)) return `here it is called ${renamed[plain]}`
  if (Object.hasOwn(absent, plain)) return `there is no such task type; ${absent[plain]}`
  const collection = /^(\w+\.\w+)\.\w+$/.exec(name)?.[1]
  if (collection !== undefined)
    return `modules of collections (${collection}) are not there: mlplay doc lists the task types, docs/task-types.md says how to write one`
  return insteadOf(plain)
}
