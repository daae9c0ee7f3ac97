import { play, type Situation, well } from './situation.ts'

const role = (name: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([part, text]) => [`roles/${name}/${part}/main.yml`, text]))

const says = (name: string, of: string) => role(name, { tasks: `- { name: ${name}, debug: { msg: "${of}" } }\n` })

const listed = (...entries: readonly string[]): string =>
  `- hosts: all\n  gather_facts: false\n  roles:\n${entries.map(entry => `    - ${entry}\n`).join('')}`

/** Which roles run how often, what their tasks see, and whose handlers run. */
export const roles: readonly Situation[] = [
  {
    title: 'a listed role runs once for the same params, vars, when and tags',
    files: {
      'p.yml': listed(
        'r',
        'r',
        '{ role: r, vars: { v: 1 } }',
        '{ role: r, vars: { v: 1 } }',
        '{ role: r, w: 2 }',
        '{ role: r, w: 2 }',
        '{ role: r, tags: x }',
        '{ role: r, when: true }',
      ),
      ...says('r', "{{ v | default('-') }} {{ w | default('-') }}"),
    },
  },
  {
    title: 'a role that is called by a task runs each time, unless it allows no duplicates',
    files: {
      'p.yml': play(`
- { include_role: { name: r }, vars: { v: one } }
- { include_role: { name: r }, vars: { v: two } }
- { include_role: { name: r }, vars: { v: two } }
- { import_role: { name: r }, vars: { v: three } }
- { import_role: { name: r }, vars: { v: three } }
- { include_role: { name: r, allow_duplicates: false }, vars: { v: four } }`),
      ...says('r', "{{ v | default('-') }}"),
    },
  },
  {
    title: 'a dependency that one condition kept from running is run by the next role that needs it',
    files: {
      'p.yml': listed('{ role: r, when: false }', 's'),
      ...says('d', 'd'),
      ...role('r', { tasks: '- { name: r, debug: { msg: r } }\n', meta: 'dependencies: [d]\n' }),
      ...role('s', { tasks: '- { name: s, debug: { msg: s } }\n', meta: 'dependencies: [d]\n' }),
    },
  },
  {
    title: 'a dependency runs under the tags that were asked for',
    files: {
      'p.yml': listed('{ role: r, tags: r }', '{ role: s, tags: s }'),
      ...says('d', 'd'),
      ...role('r', { tasks: '- { name: r, debug: { msg: r } }\n', meta: 'dependencies: [d]\n' }),
      ...role('s', { tasks: '- { name: s, debug: { msg: s } }\n', meta: 'dependencies: [d]\n' }),
    },
    asked: { here: { tags: ['s'] }, there: ['-t', 's'] },
  },
  {
    title: 'whether a role has run is each host’s own',
    hosts: 'a,b',
    files: {
      'p.yml': listed("{ role: r, when: inventory_hostname == 'a' }", 's'),
      ...says('d', 'd'),
      ...role('r', { tasks: '- { name: r, debug: { msg: r } }\n', meta: 'dependencies: [d]\n' }),
      ...role('s', { tasks: '- { name: s, debug: { msg: s } }\n', meta: 'dependencies: [d]\n' }),
    },
  },
  {
    title: 'a role that allows duplicates runs as often as it is listed',
    files: { 'p.yml': listed('r', 'r'), ...says('r', 'r'), ...role('r', { meta: 'allow_duplicates: true\n' }) },
  },
  {
    title: 'a dependency sees the variables of the role that needs it',
    files: {
      'p.yml': listed('{ role: r, v: 1 }', '{ role: r, vars: { v: 2 } }'),
      ...role('r', {
        tasks: '- { name: r, debug: { msg: "{{ v }}" } }\n',
        meta: 'dependencies: [{ role: e, vars: { w: "{{ v }}+" } }]\n',
        defaults: 'inner: of r\n',
      }),
      ...role('e', { tasks: '- { name: e, debug: { msg: "{{ w }} {{ inner }}" } }\n' }),
    },
  },
  {
    title: 'vars of an entry rank as the role’s own, params beside role: above facts and results',
    files: {
      'p.yml': listed('{ role: r, vars: { port: " 80 ", x: entry, b: entry } }', '{ role: q, size: " 80 " }'),
      ...role('r', {
        tasks: `
- { name: set, set_fact: { port: "{{ port | trim }}" } }
- { name: port, debug: { msg: "[{{ port }}] {{ x }}" } }
- { vars: { b: block }, block: [{ name: in a block, debug: { msg: "{{ b }}" } }] }
- { name: own, vars: { b: task }, debug: { msg: "{{ b }}" } }
`,
        vars: 'x: vars\n',
      }),
      ...role('q', {
        tasks: '- { name: set, set_fact: { size: 90 } }\n- { name: size, debug: { msg: "[{{ size }}]" } }\n',
      }),
    },
  },
  {
    title: 'vars of an include stand above facts and results, those of an import below',
    files: {
      'p.yml': play(`
- { name: set, set_fact: { v: fact } }
- { include_role: { name: r }, vars: { v: include } }
- { import_role: { name: r }, vars: { v: import } }
- { include_tasks: t.yml, vars: { v: include } }
- { import_tasks: t.yml, vars: { v: import } }
- { vars: { v: block }, block: [{ import_tasks: t.yml }] }
- { name: own, vars: { v: task }, debug: { msg: "{{ v }}" } }`),
      't.yml': '- { name: t, debug: { msg: "{{ v }}" } }\n',
      ...says('r', '{{ v }}'),
    },
  },
  {
    title: 'variables of an included role stay its own; those of listed and imported roles are the play’s',
    files: {
      'p.yml': `${listed('l')}  tasks:
    - { include_role: { name: i } }
    - { import_role: { name: m } }
    - { include_role: { name: p, public: true } }
    - { import_role: { name: n, public: false } }
    - { name: seen, debug: { msg: "{{ lv }} {{ mv }} {{ pv }} {{ iv | default('-') }} {{ nv | default('-') }}" } }
    - { name: weak, debug: { msg: "{{ ld | default('-') }} {{ id | default('-') }}" } }
`,
      ...role('l', { tasks: '[]\n', vars: 'lv: l\n', defaults: 'ld: l\n' }),
      ...role('i', { tasks: '[]\n', vars: 'iv: i\n', defaults: 'id: i\n' }),
      ...role('m', { tasks: '[]\n', vars: 'mv: m\n' }),
      ...role('p', { tasks: '[]\n', vars: 'pv: p\n' }),
      ...role('n', { tasks: '[]\n', vars: 'nv: n\n' }),
    },
  },
  {
    title: 'handlers of a role run with the keywords of its entry and of the play',
    files: {
      'p.yml': `- hosts: all
  gather_facts: false
  environment: { P: play }
  roles:
    - { role: r, environment: { E: entry }, vars: { v: given } }
    - { role: never, when: false }
  tasks:
    - environment: { E: block }
      block: [{ import_role: { name: q } }]
`,
      ...role('r', {
        tasks: '- { name: r, command: "true", notify: hr }\n',
        handlers:
          '- { name: hr, shell: "echo $P $E {{ v }}", register: hr }\n- { name: told, debug: { msg: "{{ hr.stdout }}" }, listen: hr }\n',
      }),
      ...role('q', {
        tasks: '- { name: q, command: "true", notify: hq }\n',
        handlers:
          '- { name: hq, shell: "echo $P $E", register: hq }\n- { name: told, debug: { msg: "{{ hq.stdout }}" }, listen: hq }\n',
      }),
      ...role('never', {
        tasks: '- { name: never, command: "true", notify: hn }\n',
        handlers: '- { name: hn, command: "true" }\n',
      }),
    },
  },
  {
    title: 'a role that is called twice with other variables has each call’s handler',
    files: {
      'p.yml': play(`
- { include_role: { name: r }, vars: { v: one } }
- { include_role: { name: r }, vars: { v: two } }`),
      ...role('r', {
        tasks: '- { name: r, command: "true", notify: h }\n',
        handlers: '- { name: h, debug: { msg: "{{ v }}" } }\n',
      }),
    },
    kept: {
      because:
        'Ansible runs the handler of one of the two calls only, and what the other one changed is never restarted',
      here: well(['changed r', 'changed r', 'ok h: one', 'ok h: two']),
    },
  },
  {
    title: 'a role that is called twice has its handler run once where the variables make no difference to it',
    files: {
      'p.yml': play(`
- { include_role: { name: r }, vars: { v: one } }
- { include_role: { name: r }, vars: { v: two } }`),
      ...role('r', {
        tasks: '- { name: r, command: "true", notify: h }\n',
        handlers: '- { name: h, debug: { msg: same } }\n',
      }),
    },
  },
  {
    title: 'a handler’s name means that of the role whose task notifies',
    files: {
      'p.yml': `${listed('r', 's')}  handlers: [{ name: restart, debug: { msg: of play } }]\n  post_tasks: [{ name: p, command: "true", notify: restart }]\n`,
      ...role('r', {
        tasks: '- { name: r, command: "true", notify: restart }\n',
        handlers: '- { name: restart, debug: { msg: of r } }\n',
      }),
      ...role('s', {
        tasks: '- { name: s, command: "true", notify: restart }\n',
        handlers: '- { name: restart, debug: { msg: of s } }\n',
      }),
    },
    kept: {
      because: 'Ansible runs the one that is defined last: what the roles changed is never restarted',
      here: well([
        'changed r',
        'changed s',
        'ok restart: of r',
        'ok restart: of s',
        'changed p',
        'ok restart: of play',
      ]),
    },
  },
  {
    title: 'role : handler means that role’s handler',
    files: {
      'p.yml': `${listed('r', 's')}  tasks: [{ name: p, command: "true", notify: "r : restart" }]\n`,
      ...role('r', { tasks: '[]\n', handlers: '- { name: restart, debug: { msg: of r } }\n' }),
      ...role('s', { tasks: '[]\n', handlers: '- { name: restart, debug: { msg: of s } }\n' }),
    },
  },
  {
    title: 'role_name, role_path and the lists of roles',
    files: {
      'p.yml': `${listed('r')}  tasks:
    - { name: of the play, debug: { msg: "{{ [ansible_play_role_names | sort, ansible_role_names | sort, ansible_dependent_role_names, role_names | sort] | to_json }}" } }
    - { include_role: { name: s } }
`,
      ...role('r', {
        tasks: '- { name: r, debug: { msg: "{{ role_name }} {{ ansible_role_name }} {{ role_path | basename }}" } }\n',
        meta: 'dependencies: [d]\n',
      }),
      ...role('d', { tasks: '- { name: d, debug: { msg: "{{ role_name }} {{ role_path | basename }}" } }\n' }),
      ...role('s', { tasks: '- { include_role: { name: i } }\n' }),
      ...role('i', { tasks: '- { name: i, debug: { msg: "{{ ansible_parent_role_names | to_json }}" } }\n' }),
    },
  },
]
