// Every keyword that is accepted has an effect: for each place and each keyword, a run with it differs from one without.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { includeFileSchema, includeRoleSchema, roleMetaSchema } from '../../src/load/schema/include-maps.ts'
import { placeSchema } from '../../src/load/schema/place-schema.ts'
import type { TaskEvent } from '../../src/model/event.ts'
import { Fault } from '../../src/model/fault.ts'
import { keywordValues } from '../../src/model/keyword-values.ts'
import type { On } from '../../src/model/keywords.ts'
import { openReplay } from '../../src/shell/replay.ts'
import { type Ran, run } from './played.ts'

type More = NonNullable<Parameters<typeof run>[1]>
type Files = Readonly<Record<string, string>>

/** A run with the keyword and one without it (or with another value): what is seen of each. */
interface Row {
  /** The task `n`, without braces and without the keyword. */
  readonly task?: string
  /** The keyword with its value, as it stands in a flow map. */
  readonly with: string
  readonly without?: string
  /** What the task after it shows. */
  readonly shows?: string
  /** Tasks before it. */
  readonly before?: string
  /** Which handler is notified, where handlers are asked about (n). */
  readonly notifies?: string
  /** Files beside those of the place. */
  readonly files?: Files
  /** More of the request; notes are what the hosts write down of the run. */
  readonly more?: (notes: string[]) => More
  readonly sees?: (ran: Ran, notes: readonly string[]) => unknown
  /** What is seen with it, and what without it. */
  readonly expect: readonly [unknown, unknown]
}

/** A keyword without an effect on a run: why it is accepted. */
type Reason = string

const ofTask = (ran: Ran): readonly TaskEvent[] =>
  ran.events.filter((event): event is TaskEvent => event.event === 'task' && event.task === 'n')
const statuses = (ran: Ran): readonly string[] => ofTask(ran).map(({ status }) => status)
const message = (ran: Ran): string | undefined => ofTask(ran)[0]?.message
const last = (ran: Ran): string | undefined =>
  ran.events.filter((event): event is TaskEvent => event.event === 'task' && event.task === 'after')[0]?.message
const reached = (ran: Ran): boolean => ran.tasks.includes('ok after')

/** Hosts over ssh that only note where a run connects, and as whom. */
const noting = (notes: string[]): More => ({
  inventoryText: 'far ansible_user=ann\nother ansible_user=ann\n',
  limit: 'far',
  connect: (target, become) => {
    notes.push(`${target.name} ${become === undefined ? 'as itself' : `${become.method} ${become.user}`}`)
    return openReplay(() => ({}))
  },
})
const noted = (_: Ran, notes: readonly string[]): string | undefined => notes.at(-1)

const shared = {
  tags: { with: 'tags: [x]', more: () => ({ tags: ['x'] }), expect: [['ok'], []] },
  vars: {
    task: `debug: "{{ v | default('none') }}"`,
    with: 'vars: { v: one }',
    sees: message,
    expect: ['one', 'none'],
  },
  environment: {
    task: `shell: 'test "$SHOWN" = yes'`,
    with: 'environment: { SHOWN: "yes" }',
    expect: [['changed'], ['failed']],
  },
  no_log: {
    task: 'command: echo watchword',
    with: 'no_log: true',
    sees: ran => JSON.stringify(ofTask(ran)).includes('watchword'),
    expect: [false, true],
  },
  ignore_errors: { task: 'fail: oh', with: 'ignore_errors: true', expect: [['ignored'], ['failed']] },
  ignore_unreachable: {
    task: 'command: lost-here',
    with: 'ignore_unreachable: true',
    more: () => ({ answers: (_, script) => (script.includes('lost-here') ? 'lost' : {}) }),
    sees: reached,
    expect: [true, false],
  },
  check_mode: {
    task: 'command: "touch @/made"',
    with: 'check_mode: true',
    sees: ran => existsSync(join(ran.folder, 'made')),
    expect: [false, true],
  },
  diff: {
    task: 'copy-file: { dest: "@/made", content: text, mode: "0644" }',
    with: 'diff: false',
    more: () => ({ diff: true }),
    sees: ran => ofTask(ran)[0]?.diff?.includes('+text') ?? false,
    expect: [false, true],
  },
  any_errors_fatal: {
    task: `assert: { that: inventory_hostname == 'b' }`,
    with: 'any_errors_fatal: true',
    more: () => ({ hosts: 'a,b' }),
    sees: ran => ran.lines.includes('b: ok second'),
    expect: [false, true],
  },
  throttle: {
    task: 'command: narrow',
    with: 'throttle: 1',
    more: notes => {
      let now = 0
      return {
        hosts: 'a,b',
        answers: async (_, script) => {
          if (!script.includes('narrow')) return {}
          notes.push(String(++now))
          await new Promise(resolve => setTimeout(resolve, 30))
          now--
          return {}
        },
      }
    },
    sees: (_, notes) => Math.max(...notes.map(Number)),
    expect: [1, 2],
  },
  timeout: { task: 'command: sleep 0.3', with: 'timeout: 0.05', expect: [['failed'], ['changed']] },
  become: {
    task: 'command: uname',
    with: 'become: true',
    more: noting,
    sees: noted,
    expect: ['far sudo root', 'far as itself'],
  },
  become_user: {
    task: 'command: uname',
    with: 'become: true, become_user: bob',
    without: 'become: true',
    more: noting,
    sees: noted,
    expect: ['far sudo bob', 'far sudo root'],
  },
  become_method: {
    task: 'command: uname',
    with: 'become: true, become_method: su',
    without: 'become: true',
    more: noting,
    sees: noted,
    expect: ['far su root', 'far sudo root'],
  },
} satisfies Readonly<Record<string, Row>>

const forTasks = {
  ...shared,
  when: { with: 'when: false', expect: [['skipped'], ['ok']] },
  delegate_to: {
    task: 'command: uname',
    with: 'delegate_to: other',
    more: noting,
    sees: noted,
    expect: ['other as itself', 'far as itself'],
  },
  delegate_facts: {
    task: 'set_fact: { mark: set }',
    with: 'delegate_to: other, delegate_facts: true',
    without: 'delegate_to: other',
    shows: `{{ hostvars.other.mark | default('none') }}`,
    more: noting,
    sees: last,
    expect: ['set', 'none'],
  },
  run_once: { with: 'run_once: true', more: () => ({ hosts: 'a,b' }), expect: [['ok'], ['ok', 'ok']] },
} satisfies Readonly<Record<string, Row>>

const notify: Row = {
  task: 'command: "true"',
  with: 'notify: told',
  sees: ran => ran.tasks.includes('ok told'),
  expect: [true, false],
}
const steps = { ...forTasks, notify }
const name: Row = {
  with: 'name: n',
  without: 'name: other',
  expect: [['ok'], []],
}

/** Of a loop over 1 and 2. */
const looped = (control: string, more: Partial<Row> & Pick<Row, 'expect'>): Row => ({
  task: 'debug: x',
  with: `loop: [1, 2], loop_control: { ${control} }`,
  without: 'loop: [1, 2]',
  sees: ran => ofTask(ran).map(event => event.message),
  ...more,
})

const loopControl: Readonly<Record<keyof (typeof keywordValues)['settings of the loop']['properties'], Row>> = {
  loop_var: looped('loop_var: turn', {
    task: `debug: "{{ turn | default('none') }}"`,
    expect: [
      ['1', '2'],
      ['none', 'none'],
    ],
  }),
  index_var: looped('index_var: place', {
    task: `debug: "{{ place | default('none') }}"`,
    expect: [
      ['0', '1'],
      ['none', 'none'],
    ],
  }),
  label: looped('label: "turn {{ item }}"', {
    sees: ran => ofTask(ran).map(({ item }) => item),
    expect: [
      ['turn 1', 'turn 2'],
      ['1', '2'],
    ],
  }),
  pause: looped('pause: 1', {
    sees: ran => ran.summary.ms >= 1000,
    expect: [true, false],
  }),
  extended: looped('extended: true', {
    task: 'debug: "{{ ansible_loop.index | default(9) }}"',
    expect: [
      ['1', '2'],
      ['9', '9'],
    ],
  }),
  extended_allitems: looped('extended: true, extended_allitems: false', {
    task: 'debug: "{{ ansible_loop.allitems | default([]) | length }}"',
    without: 'loop: [1, 2], loop_control: { extended: true }',
    expect: [
      ['0', '0'],
      ['2', '2'],
    ],
  }),
  break_when: looped('break_when: true', { expect: [['x'], ['x', 'x']] }),
}

const retries = (ran: Ran): number => ran.events.filter(({ event }) => event === 'retry').length
const single = {
  ...steps,
  register: {
    task: 'command: "true"',
    with: 'register: got',
    shows: `{{ got.rc | default('none') }}`,
    sees: last,
    expect: ['0', 'none'],
  },
  loop: { with: 'loop: [1, 2]', expect: [['ok', 'ok'], ['ok']] },
  loop_control: loopControl.label,
  changed_when: { task: 'command: "true"', with: 'changed_when: false', expect: [['ok'], ['changed']] },
  failed_when: { task: 'command: "true"', with: 'failed_when: true', expect: [['failed'], ['changed']] },
  until: {
    task: 'command: "true", retries: 1, delay: 0',
    with: 'until: false',
    expect: [['failed'], ['changed']],
  },
  retries: {
    task: 'command: "true", until: false, delay: 0',
    with: 'retries: 2',
    without: 'retries: 1',
    sees: retries,
    expect: [2, 1],
  },
  delay: {
    task: 'command: "true", until: false, retries: 1',
    with: 'delay: 0.01',
    without: 'delay: 0',
    sees: ran => ran.events.flatMap(event => (event.event === 'retry' ? [event.delay] : [])),
    expect: [[0.01], [0]],
  },
  guards: {
    before: '{ copy-file: { dest: "@/made", content: x } }',
    task: 'command: "false"',
    with: 'guards: true',
    sees: ran => [existsSync(join(ran.folder, 'made')), ran.events.some(({ event }) => event === 'rollback')],
    expect: [
      [false, true],
      [true, false],
    ],
  },
} satisfies Readonly<Record<string, Row>>

/** Where keywords stand: the files of a run with a task `n`, and the keyword in the place. */
type Place = (task: string, keyword: string, row: Row) => Files

const keyOf = (part: string): string => part.slice(0, part.indexOf(':'))
/** A flow map; a part gives way to a later one of the same key, as the keyword has a default in some places. */
const inMap = (...parts: readonly string[]): string => {
  const given = parts.filter(part => part !== '')
  const entries = given.filter((part, i) => !given.slice(i + 1).some(later => keyOf(later) === keyOf(part)))
  return `{ ${entries.join(', ')} }`
}

/** Two plays: the first with tasks before, what is asked about and a task after it, and a second one. */
const plays = (parts: readonly string[], row: Row): string => `
- ${inMap(
  'hosts: all',
  `pre_tasks: [${row.before ?? ''}]`,
  'handlers: [{ name: told, debug: x }]',
  `post_tasks: [{ name: after, tags: always, debug: { msg: "${row.shows ?? 'x'}" } }]`,
  ...parts,
)}
- { hosts: all, tasks: [{ name: second, debug: x }] }
`
const tasks = (entry: string, row: Row): Files => ({ 'p.yml': plays([`tasks: [${entry}]`], row) })
const handlers = (entry: string, row: Row): Files => ({
  'p.yml': plays(
    [
      `tasks: [{ name: cause, tags: always, command: "true", notify: ${row.notifies ?? 'n'} }]`,
      `handlers: [${entry}, { name: told, debug: x }]`,
    ],
    row,
  ),
})
const n = (task: string, keyword = ''): string => inMap('name: n', task, keyword)
const file = (task: string): Files => ({ 't.yml': `- ${n(task)}` })
const role = (task: string): Files => ({ 'roles/r/tasks/main.yml': `- ${n(task)}` })

const places = {
  task: (task, keyword, row) => tasks(n(task, keyword), row),
  meta: (_, keyword, row) => tasks(inMap('meta: end_host', keyword), row),
  loop_control: (task, keyword, row) => tasks(n(task, keyword), row),
  block: (task, keyword, row) => tasks(inMap(`block: [${n(task)}]`, keyword), row),
  handler: (task, keyword, row) => handlers(n(task, keyword), row),
  'a block of handlers': (task, keyword, row) => handlers(inMap(`block: [${n(task)}]`, keyword), row),
  'import_tasks among handlers': (task, keyword, row) => ({
    ...file(task),
    ...handlers(inMap('import_tasks: t.yml', keyword), row),
  }),
  'include_tasks among handlers': (task, keyword, row) => ({
    ...file(task),
    ...handlers(inMap('include_tasks: t.yml', keyword), row),
  }),
  play: (task, keyword, row) => ({ 'p.yml': plays([`tasks: [${n(task)}]`, keyword], row) }),
  'an entry of roles': (task, keyword, row) => ({
    ...role(task),
    'p.yml': plays([`roles: [${inMap('role: r', keyword)}]`], row),
  }),
  import_tasks: (task, keyword, row) => ({ ...file(task), ...tasks(inMap('import_tasks: t.yml', keyword), row) }),
  include_tasks: (task, keyword, row) => ({ ...file(task), ...tasks(inMap('include_tasks: t.yml', keyword), row) }),
  import_role: (task, keyword, row) => ({ ...role(task), ...tasks(inMap('import_role: r', keyword), row) }),
  include_role: (task, keyword, row) => ({ ...role(task), ...tasks(inMap('include_role: r', keyword), row) }),
  'the map of import_tasks': (task, keyword, row) => ({
    ...file(task),
    ...tasks(`{ import_tasks: ${inMap('file: t.yml', keyword)} }`, row),
  }),
  'the map of include_tasks': (task, keyword, row) => ({
    ...file(task),
    ...tasks(`{ include_tasks: ${inMap('file: t.yml', keyword)} }`, row),
  }),
  'the map of import_role': (task, keyword, row) => ({
    ...role(task),
    ...tasks(`{ import_role: ${inMap('name: r', keyword)} }, { import_role: ${inMap('name: r', keyword)} }`, row),
  }),
  'the map of include_role': (task, keyword, row) => ({
    ...role(task),
    ...tasks(`{ include_role: ${inMap('name: r', keyword)} }, { include_role: ${inMap('name: r', keyword)} }`, row),
  }),
  'apply of include_tasks': (task, keyword, row) => ({
    ...file(task),
    ...tasks(`{ include_tasks: { file: t.yml, apply: ${inMap(keyword)} } }`, row),
  }),
  'apply of include_role': (task, keyword, row) => ({
    ...role(task),
    ...tasks(`{ include_role: { name: r, apply: ${inMap(keyword)} } }`, row),
  }),
  import_playbook: (task, keyword, row) => ({
    'q.yml': plays([`tasks: [${n(task)}]`], row),
    'p.yml': `- ${inMap('import_playbook: q.yml', keyword)}`,
  }),
  'meta/main.yml of a role': (task, keyword, row) => ({
    ...role(task),
    'roles/r/meta/main.yml': inMap(keyword),
    'p.yml': plays(['roles: [r, r]'], row),
  }),
} satisfies Readonly<Record<string, Place>>

/** What is seen of a run; a playbook that is refused shows the fault. */
async function seen(place: Place, row: Row, keyword: string): Promise<unknown> {
  const notes: string[] = []
  const files = { ...place(row.task ?? 'debug: x', keyword, row), ...row.files }
  try {
    return (row.sees ?? statuses)(await run(files, row.more?.(notes) ?? {}), notes)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return `refused: ${error.message}`
  }
}

const label: Reason = 'what a person reads in the file: what is imported has names of its own'

const answersTo = (keyword: string): Row => ({
  with: `${keyword}: group`,
  notifies: 'group',
  expect: [['ok'], "refused: there is no handler 'group'"],
})
const blockRow: Row = { with: 'block: [{ name: n, debug: x }, { name: n, debug: x }]', expect: [['ok', 'ok'], ['ok']] }
const also = (part: string): Row => ({
  task: 'command: "false"',
  with: `${part}: [{ name: also, debug: x }]`,
  sees: ran => ran.tasks.includes('ok also'),
  expect: [true, false],
})

const connects = (keyword: string, expected: Row['expect']): Row => ({
  task: 'command: uname',
  with: keyword,
  more: notes => ({
    inventoryText: 'far\n',
    connect: ({ connection, user, port }) => {
      notes.push(`${connection} ${user ?? ''}:${port ?? ''}`)
      return openReplay(() => ({}))
    },
  }),
  sees: noted,
  expect: expected,
})
const playEvents = (ran: Ran) => ran.events.filter(event => event.event === 'play')
const another = (section: string): Row => ({
  with: `${section}: [{ name: n, debug: x }]`,
  expect: [['ok', 'ok'], ['ok']],
})

const ofPlay: Readonly<Record<On<'play'>, Row | Reason>> = {
  ...shared,
  name: { with: 'name: n', sees: ran => playEvents(ran)[0]?.play, expect: ['n', 'all'] },
  hosts: { with: 'hosts: b', more: () => ({ hosts: 'a,b' }), expect: [['ok'], ['ok', 'ok']] },
  gather_facts: {
    task: `debug: "{{ 'none' if ansible_system is undefined else 'some' }}"`,
    with: 'gather_facts: false',
    sees: message,
    expect: ['none', 'some'],
  },
  connection: connects('connection: openssh', ['openssh :', 'ssh :']),
  remote_user: connects('remote_user: bob', ['ssh bob:', 'ssh :']),
  port: connects('port: 2222', ['ssh :2222', 'ssh :']),
  serial: {
    with: 'serial: 1',
    more: () => ({ hosts: 'a,b' }),
    sees: ran => playEvents(ran)[0]?.hosts,
    expect: [['a'], ['a', 'b']],
  },
  strategy: {
    task: 'block: [{ name: one, command: first-word }, { name: two, command: second-word }]',
    with: 'strategy: linear',
    more: () => ({
      hosts: 'a,b',
      answers: async (host, script) => {
        if (host === 'b' && script.includes('first-word')) await new Promise(resolve => setTimeout(resolve, 150))
        return {}
      },
    }),
    sees: ran => ran.lines.indexOf('a: changed two') < ran.lines.indexOf('b: changed one'),
    expect: [false, true],
  },
  order: {
    with: 'order: reverse_inventory',
    more: () => ({ hosts: 'a,b' }),
    sees: ran => playEvents(ran)[0]?.hosts,
    expect: [
      ['b', 'a'],
      ['a', 'b'],
    ],
  },
  max_fail_percentage: {
    task: `assert: { that: inventory_hostname == 'b' }`,
    with: 'serial: 1, max_fail_percentage: 100',
    without: 'serial: 1',
    more: () => ({ hosts: 'a,b' }),
    expect: [['failed', 'ok'], ['failed']],
  },
  force_handlers: {
    task: 'block: [{ command: "true", notify: told }, { fail: oh }]',
    with: 'force_handlers: true',
    sees: ran => ran.tasks.includes('ok told'),
    expect: [true, false],
  },
  vars_files: {
    task: `debug: "{{ v | default('none') }}"`,
    with: 'vars_files: [v.yml]',
    files: { 'v.yml': 'v: one\n' },
    sees: message,
    expect: ['one', 'none'],
  },
  roles: { with: 'roles: [r]', files: role('debug: x'), expect: [['ok', 'ok'], ['ok']] },
  pre_tasks: another('pre_tasks'),
  tasks: { with: 'tasks: []', expect: [[], ['ok']] },
  post_tasks: another('post_tasks'),
  handlers: {
    task: 'command: "true", notify: told',
    with: 'handlers: [{ name: told, listen: x, debug: own }]',
    sees: ran => ran.messages.includes('own'),
    expect: [true, false],
  },
}

const variables = `debug: "{{ v | default('none') }}"`
const from = (keyword: string, files: Files, expected: Row['expect']): Row => ({
  task: variables,
  with: `${keyword}: other`,
  files,
  sees: message,
  expect: expected,
})
const ofRoleMap = (seenBy: readonly [string, string, string]) =>
  ({
    name: { with: 'name: s', files: { 'roles/s/tasks/main.yml': '[]' }, expect: [[], ['ok', 'ok']] },
    tasks_from: from('tasks_from', { 'roles/r/tasks/other.yml': '- { name: n, debug: other }' }, ['other', 'none']),
    handlers_from: {
      task: 'command: "true", notify: told',
      with: 'handlers_from: other',
      files: { 'roles/r/handlers/other.yml': '- { name: told, debug: from other }' },
      sees: (ran: Ran) => ran.messages.includes('from other'),
      expect: [true, false],
    },
    vars_from: from('vars_from', { 'roles/r/vars/other.yml': 'v: other' }, ['other', 'none']),
    defaults_from: from('defaults_from', { 'roles/r/defaults/other.yml': 'v: other' }, ['other', 'none']),
    public: {
      with: seenBy[0],
      files: { 'roles/r/vars/main.yml': 'v: one' },
      shows: `{{ v | default('none') }}`,
      sees: last,
      expect: [seenBy[1], seenBy[2]],
    },
    allow_duplicates: { with: 'allow_duplicates: false', expect: [['ok'], ['ok', 'ok']] },
    rolespec_validate: {
      with: 'rolespec_validate: false',
      files: {
        'roles/r/meta/argument_specs.yml': 'argument_specs: { main: { options: { needed: { required: true } } } }',
      },
      expect: [['ok', 'ok'], []],
    },
  }) satisfies Readonly<Record<string, Row>>
const apply: Row = { with: 'apply: { when: false }', expect: [['skipped'], ['ok']] }
const applyTwice: Row = {
  ...apply,
  expect: [
    ['skipped', 'skipped'],
    ['ok', 'ok'],
  ],
}
const inFile: Row = { with: 'file: u.yml', files: { 'u.yml': '[]' }, expect: [[], ['ok']] }

const imported = { ...steps, name: label }
const handlerTags: Reason = 'handlers run because they were notified, whatever -t and --skip-tags say, as in Ansible'
const ofHandlers = { ...steps, tags: handlerTags, listen: answersTo('listen') }

interface Walk {
  readonly place: keyof typeof places
  readonly schema: { readonly properties: object }
  readonly rows: Readonly<Record<string, Row | Reason>>
}

const walks: readonly Walk[] = [
  { place: 'task', schema: placeSchema('task'), rows: { ...single, name } },
  { place: 'loop_control', schema: keywordValues['settings of the loop'], rows: loopControl },
  {
    place: 'meta',
    schema: placeSchema('meta'),
    rows: {
      name: label,
      when: { with: 'when: false', sees: reached, expect: [true, false] },
      tags: { with: 'tags: never', sees: reached, expect: [true, false] },
      vars: {
        with: 'when: v | default(false), vars: { v: true }',
        without: 'when: v | default(false)',
        sees: reached,
        expect: [false, true],
      },
      run_once: 'end_play and its kin are for all hosts, end_host is for each, as in Ansible',
    },
  },
  {
    place: 'block',
    schema: placeSchema('block'),
    rows: { ...steps, name: label, block: blockRow, rescue: also('rescue'), always: also('always') },
  },
  {
    place: 'handler',
    schema: placeSchema('handler'),
    rows: { ...single, ...ofHandlers, name: { ...name, expect: [['ok'], "refused: there is no handler 'n'"] } },
  },
  {
    place: 'a block of handlers',
    schema: placeSchema('handler block'),
    rows: {
      ...ofHandlers,
      name: answersTo('name'),
      block: { with: 'block: [{ name: n, fail: oh }]', expect: [['failed'], ['ok']] },
    },
  },
  { place: 'import_tasks among handlers', schema: placeSchema('handler import'), rows: { ...ofHandlers, name: label } },
  {
    place: 'include_tasks among handlers',
    schema: placeSchema('handler import'),
    rows: { ...ofHandlers, name: answersTo('name') },
  },
  { place: 'play', schema: placeSchema('play'), rows: ofPlay },
  {
    place: 'an entry of roles',
    schema: placeSchema('role'),
    rows: { ...forTasks, role: { with: 'role: s', files: { 'roles/s/tasks/main.yml': '[]' }, expect: [[], ['ok']] } },
  },
  { place: 'import_tasks', schema: placeSchema('import'), rows: imported },
  { place: 'include_tasks', schema: placeSchema('import'), rows: imported },
  { place: 'import_role', schema: placeSchema('import'), rows: imported },
  { place: 'include_role', schema: placeSchema('import'), rows: imported },
  { place: 'the map of import_tasks', schema: includeFileSchema('import_tasks'), rows: { file: inFile } },
  { place: 'the map of include_tasks', schema: includeFileSchema('include_tasks'), rows: { file: inFile, apply } },
  {
    place: 'the map of import_role',
    schema: includeRoleSchema('import_role'),
    rows: ofRoleMap(['public: false', 'none', 'one']),
  },
  {
    place: 'the map of include_role',
    schema: includeRoleSchema('include_role'),
    rows: { ...ofRoleMap(['public: true', 'one', 'none']), apply: applyTwice },
  },
  { place: 'apply of include_tasks', schema: placeSchema('import'), rows: imported },
  { place: 'apply of include_role', schema: placeSchema('import'), rows: imported },
  {
    place: 'import_playbook',
    schema: placeSchema('import_playbook'),
    rows: {
      name: label,
      import_playbook: {
        with: 'import_playbook: other.yml',
        files: { 'other.yml': '- { hosts: all, tasks: [{ name: other, debug: x }] }' },
        expect: [[], ['ok']],
      },
      vars: shared.vars,
      tags: shared.tags,
      when: forTasks.when,
    },
  },
  {
    place: 'meta/main.yml of a role',
    schema: roleMetaSchema,
    rows: {
      galaxy_info: 'who wrote the role and where it can run: for Galaxy and for readers',
      collections: {
        with: 'collections: [a.b]',
        expect: ["refused: 'collections' of a role's meta has no effect: there are no collections", ['ok']],
      },
      dependencies: {
        with: 'dependencies: [s]',
        files: { 'roles/s/tasks/main.yml': '- { name: n, debug: x }' },
        expect: [['ok', 'ok'], ['ok']],
      },
      allow_duplicates: { with: 'allow_duplicates: true', expect: [['ok', 'ok'], ['ok']] },
      argument_specs: {
        with: 'argument_specs: { main: { options: { needed: { required: true } } } }',
        expect: [[], ['ok']],
      },
    },
  },
]

it.each(
  Object.keys(placeSchema('import').properties).filter(key => !Object.hasOwn(placeSchema('meta').properties, key)),
)('meta refuses %s, which has no effect on it', async keyword => {
  const value = 'true'
  expect(await seen(places.meta, { with: '', expect: [] as never }, `${keyword}: ${value}`)).toMatch(
    `refused: meta has no '${keyword}'`,
  )
})

describe.each(walks)('keywords of $place', ({ place, schema, rows }) => {
  it('every keyword of $place has a row, and every row belongs to a keyword', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(schema.properties).sort())
  })

  it.concurrent.each(
    Object.entries(rows).flatMap(([keyword, row]) => (typeof row === 'string' ? [] : [[keyword, row] as const])),
  )('%s', async (_, row) => {
    const shown = await Promise.all([seen(places[place], row, row.with), seen(places[place], row, row.without ?? '')])
    expect(row.expect[0]).not.toEqual(row.expect[1])
    expect(shown).toEqual(row.expect)
  })
})
