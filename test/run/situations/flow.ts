import { lost, play, type Situation, well } from './situation.ts'

/** Blocks, handlers, meta, tags, several hosts: which tasks run, and in which order. */
export const flow: readonly Situation[] = [
  {
    title: 'a rescue knows which task failed, and with what',
    files: play(`
- block: [{ name: it, command: "false" }]
  rescue:
    - { name: why, debug: { msg: "{{ ansible_failed_task.name }} {{ ansible_failed_result.rc }} {{ ansible_failed_result.failed }}" } }
    - { name: action, debug: { msg: "{{ ansible_failed_task.action }}" } }
  always: [{ name: still, debug: { msg: "{{ ansible_failed_task.name }}" } }]
- block: [{ name: loop, command: "test {{ item }} = 1", loop: [1, 2] }]
  rescue: [{ name: why, debug: { msg: "{{ ansible_failed_result.results | selectattr('failed') | map(attribute='item') | list | to_json }}" } }]
- block: [{ name: said, fail: { msg: so } }]
  rescue: [{ name: why, debug: { msg: "{{ ansible_failed_result.msg }}" } }]`),
  },
  {
    title: 'a handler that failed is not run again',
    files: `${play(`
- name: n
  command: "true"
  notify: h
- block: [{ meta: flush_handlers }]
  rescue: [{ name: rescued, debug: { msg: x } }]
- { name: after, command: "true" }`)}  handlers: [{ name: h, command: "false" }]\n`,
  },
  {
    title: 'a forced handler that failed is not run twice; those after it have their turn',
    files: `${play('- { name: n, command: "true", notify: [h, i] }', 'force_handlers: true')}  handlers: [{ name: h, command: "false" }, { name: i, command: "true" }]\n`,
    kept: {
      because: 'what is forced runs whatever failed before it; Ansible drops the handlers after the one that failed',
      here: lost(['changed n', 'failed h', 'changed i']),
    },
  },
  {
    title: 'names of handlers and notify are templates',
    files: `${play(
      `
- { name: one, command: "true", notify: "restart {{ svc }}" }
- { name: list, command: "true", notify: "{{ both }}" }
- { name: none, command: "true", notify: "{{ [] }}" }
- { name: topic, command: "true", notify: "topic {{ svc }}" }
- { name: plain, command: "true", notify: restart web }`,
      'vars: { svc: web, both: [h2, h1] }',
    )}  handlers:
    - { name: "restart {{ svc }}", debug: { msg: restarted } }
    - { name: h1, debug: { msg: h1 } }
    - { name: h2, debug: { msg: h2 } }
    - { name: t, debug: { msg: topic }, listen: "topic web" }
`,
  },
  {
    title: 'listen by a template',
    files: `${play('- { name: topic, command: "true", notify: topic web }', 'vars: { svc: web }')}  handlers: [{ name: t, debug: { msg: topic }, listen: "topic {{ svc }}" }]\n`,
    kept: {
      because: 'Ansible takes the topic for its text, and the task that notifies it fails',
      here: well(['changed topic', 'ok t: topic']),
    },
  },
  {
    title: 'meta heeds tags, in whichever place it stands',
    files: play(`
- { name: a, debug: { msg: x }, tags: other }
- { meta: end_play, tags: stop }
- { name: b, debug: { msg: x }, tags: other }
- { meta: end_play }
- { name: c, debug: { msg: x }, tags: other }
- { meta: end_play, tags: never }
- { meta: end_host, tags: always }
- { name: d, debug: { msg: x }, tags: other }`),
    asked: { here: { tags: ['other'] }, there: ['-t', 'other'] },
  },
  {
    title: 'meta without tags in a whole run',
    files: play(`
- { name: a, debug: { msg: x } }
- { meta: end_play, tags: never }
- { name: b, debug: { msg: x } }
- { meta: end_play, when: false }
- { name: c, debug: { msg: x } }
- { meta: end_play }
- { name: d, debug: { msg: x } }`),
  },
  {
    title: 'a block hands its when to each task, which is asked anew',
    files: play(`
- { name: set, set_fact: { flag: true } }
- when: flag
  block:
    - { name: a, debug: { msg: x } }
    - { name: turn, set_fact: { flag: false } }
    - { name: b, debug: { msg: x } }
  always: [{ name: c, debug: { msg: x } }]`),
  },
  {
    title: 'rescue and always, inside of each other',
    files: play(`
- block:
    - block: [{ name: a, command: "false" }]
      rescue: [{ name: b, command: "false" }]
      always: [{ name: c, command: "true" }]
    - { name: never, command: "true" }
  rescue: [{ name: d, command: "true" }]
  always: [{ name: e, command: "true" }]
- { name: f, command: "true" }`),
  },
  {
    title: 'a failure in always loses the host',
    files: play(`
- block: [{ name: a, command: "true" }]
  always: [{ name: b, command: "false" }, { name: never, command: "true" }]
- { name: f, command: "true" }`),
  },
  {
    title: 'a limit leaves plays without hosts out',
    hosts: 'a,b',
    files: `- { hosts: b, gather_facts: false, tasks: [{ name: one, debug: { msg: x } }] }
- { hosts: a, gather_facts: false, tasks: [{ name: two, debug: { msg: x } }] }
- { hosts: all, gather_facts: false, tasks: [{ name: three, debug: { msg: "{{ ansible_play_hosts_all | to_json }}" } }] }
`,
    asked: { here: { limit: 'a' }, there: ['-l', 'a'] },
  },
  {
    title: 'serial -1 is all that are left',
    hosts: 'a,b,c,d',
    files: play('- { name: n, debug: { msg: "{{ ansible_play_batch | to_json }}" } }', 'serial: [1, -1]'),
  },
  {
    title: 'throttle and order are templates',
    hosts: 'a,b,c',
    files: play(
      '- { name: n, debug: { msg: "{{ ansible_play_hosts | to_json }}" }, throttle: "{{ many }}" }\n- { name: m, debug: { msg: x }, throttle: 1 }',
      'vars: { many: 2, how: reverse_sorted }\nthrottle: "{{ many }}"',
    ),
  },
  {
    title: '--start-at-task takes patterns, and names a role’s task',
    hosts: 'a,b',
    files: {
      'p.yml': `- { hosts: all, gather_facts: false, tasks: [{ name: zero, debug: { msg: x } }, { meta: end_play }] }
- hosts: all
  gather_facts: false
  roles: [r]
  tasks: [{ name: last, debug: { msg: x } }]
- { hosts: b, gather_facts: false, tasks: [{ name: more, debug: { msg: x } }] }
`,
      'roles/r/tasks/main.yml': '- { name: one, debug: { msg: x } }\n- { name: two, debug: { msg: x } }\n',
    },
    asked: { here: { startAtTask: 'r : t*', forks: 1 }, there: ['--start-at-task', 'r : t*'] },
  },
  {
    title: '--start-at-task with a pattern for a name, inside of a block',
    files: play(`
- { name: a, debug: { msg: x } }
- block: [{ name: b one, debug: { msg: x } }, { name: b two, debug: { msg: x } }]
  always: [{ name: c, debug: { msg: x } }]
- { name: d, debug: { msg: x } }`),
    asked: { here: { startAtTask: '?*two' }, there: ['--start-at-task', '?*two'] },
  },
  {
    title: 'clear_host_errors takes a host in again: the next play runs on it',
    hosts: 'a,b',
    files: `- hosts: all
  gather_facts: false
  strategy: linear
  tasks:
    - { name: n, fail: { msg: x }, when: inventory_hostname == 'a' }
    - { meta: clear_host_errors }
- { hosts: all, gather_facts: false, tasks: [{ name: m, debug: { msg: "{{ ansible_play_hosts | to_json }}" } }] }
`,
    kept: {
      because: 'a failure that was cleared was one: the exit code says so',
      here: {
        well: false,
        hosts: { a: ['failed n', 'ok m: ["a", "b"]'], b: ['skipped n', 'ok m: ["a", "b"]'] },
      },
    },
  },
  {
    title: 'clear_host_errors where all hosts are lost, inside of always',
    files: `- hosts: all
  gather_facts: false
  tasks:
    - block: [{ name: n, fail: { msg: x } }]
      always: [{ meta: clear_host_errors }, { name: still, debug: { msg: x } }]
    - { name: on, debug: { msg: x } }
- { hosts: all, gather_facts: false, tasks: [{ name: m, debug: { msg: x } }] }
`.replaceAll('name: on', 'name: further'),
    kept: {
      because: 'a failure that was cleared was one: the exit code says so',
      here: lost(['failed n', 'ok still: x', 'ok further: x', 'ok m: x']),
    },
  },
  {
    title: 'who left by end_host is no longer among the hosts of the play',
    hosts: 'a,b',
    files: `- hosts: all
  gather_facts: false
  strategy: linear
  tasks:
    - { meta: end_host, when: inventory_hostname == 'a' }
    - { name: m, debug: { msg: "{{ [ansible_play_hosts, ansible_play_hosts_all, ansible_play_batch] | to_json }}" } }
- { hosts: all, gather_facts: false, tasks: [{ name: again, debug: { msg: "{{ ansible_play_hosts | to_json }}" } }] }
`,
  },
  {
    title: 'who was lost is still among all hosts of a later play',
    hosts: 'a,b',
    files: `- hosts: all
  gather_facts: false
  max_fail_percentage: 60
  tasks: [{ name: n, fail: { msg: x }, when: inventory_hostname == 'a' }]
- { hosts: all, gather_facts: false, tasks: [{ name: m, debug: { msg: "{{ [ansible_play_hosts, ansible_play_hosts_all] | to_json }}" } }] }
`,
  },
  {
    title: 'another host’s result is there at the next task',
    hosts: 'a,b',
    files: play(`
- { name: slow, shell: "test {{ inventory_hostname }} = a || sleep 0.4; echo {{ inventory_hostname }}", register: got, changed_when: false }
- { name: read, debug: { msg: "{{ hostvars['b'].got.stdout }}" } }
- { name: set, set_fact: { now: "{{ got.stdout }}2" } }
- { name: again, debug: { msg: "{{ hostvars['b'].now | default('old') }} {{ hostvars['a']['now'] | default('old') }}" } }
- { name: all, debug: { msg: "{{ ansible_play_hosts | map('extract', hostvars, 'now') | list | to_json }}" } }`),
  },
  {
    title: 'special variables say how the run was asked for',
    files: play(`
- { name: v, debug: { msg: "{{ [ansible_run_tags, ansible_skip_tags, ansible_forks, ansible_verbosity, ansible_diff_mode, ansible_check_mode] | to_json }}" }, tags: t }
- { name: l, debug: { msg: "{{ ansible_limit | default('none') }}" }, tags: t }
- { name: p, debug: { msg: "{{ [ansible_play_name, play_hosts, inventory_hostname_short] | to_json }}" }, tags: t }
- { name: f, debug: { msg: "{{ ansible_facts | to_json }}" }, tags: t }
- { name: h, debug: { msg: "{{ ansible_host }} {{ ansible_version.full is defined }} {{ ansible_playbook_python is defined }}" }, tags: t }
- { name: s, debug: { msg: "{{ ansible_search_path | length }} {{ ansible_inventory_sources | length }} {{ ansible_config_file is defined }}" }, tags: t }
- { name: x, debug: { msg: "{{ vars.mine }} {{ vars['mine'] }} {{ 'mine' in vars }}" }, vars: { mine: 1 }, tags: t }`),
    asked: {
      here: { tags: ['t'], skipTags: ['u'], limit: 'a', forks: 5 },
      there: ['-t', 't', '--skip-tags', 'u', '-l', 'a'],
    },
  },
  {
    title: 'notify of a block and of its task',
    files: `${play(`
- notify: hb
  block: [{ name: n, command: "true", notify: ht }]`)}  handlers: [{ name: hb, command: "true" }, { name: ht, command: "true" }]\n`,
    kept: {
      because: 'Ansible’s task hides what its block notifies',
      here: well(['changed n', 'changed hb', 'changed ht']),
    },
  },
  {
    title: 'a handler that notifies itself',
    files: `${play('- { name: n, command: "true", notify: h }')}  handlers: [{ name: h, command: "true", notify: h }]\n`,
    kept: { because: 'what notifies itself has just run', here: well(['changed n', 'changed h']) },
  },
  {
    title: 'end_host inside of a block',
    files: play(`
- block: [{ name: a, command: "true" }, { meta: end_host }]
  always: [{ name: b, command: "true" }]
- { name: c, command: "true" }`),
    kept: {
      because: 'always is always: what it cleans up is cleaned up, as handlers run, too',
      here: well(['changed a', 'changed b']),
    },
  },
  {
    title: 'run_once in a block with a rescue',
    hosts: 'a,b',
    files: play(`
- block: [{ name: n, command: "false", run_once: true }]
  rescue: [{ name: r, command: "true" }]
- { name: m, command: "true" }`),
    kept: {
      because: 'Ansible loses the other hosts, which the block was to rescue',
      here: {
        well: true,
        hosts: { a: ['failed n', 'changed r', 'changed m'], b: ['failed n', 'changed r', 'changed m'] },
      },
    },
  },
  {
    title: 'end_play where one host says so',
    hosts: 'a,b',
    files: play(
      `
- { name: a, command: "true" }
- { meta: end_play, when: inventory_hostname == 'b' }
- { name: c, command: "true" }`,
      'strategy: linear',
    ),
    kept: {
      because: 'Ansible asks the first host alone',
      here: { well: true, hosts: { a: ['changed a'], b: ['changed a'] } },
    },
  },
  {
    title: 'a broken when of meta',
    hosts: 'a,b',
    files: play(
      `
- { meta: end_host, when: "{'a': true}[inventory_hostname]" }
- { name: c, command: "true" }`,
      'max_fail_percentage: 60',
    ),
    kept: {
      because: 'it is one host’s trouble; Ansible breaks the run off',
      here: lostHosts({ b: ['failed meta: end_host'] }),
    },
  },
]

function lostHosts(hosts: Readonly<Record<string, readonly string[]>>) {
  return { ...lost([]), hosts }
}
