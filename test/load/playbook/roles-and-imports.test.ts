import { describe, expect, it } from 'vitest'
import { tasksOf } from '../../../src/check/check-run.ts'
import { type Files, loaded, play } from '../loaded.ts'

const namesOf = async (files: Files): Promise<readonly string[]> => {
  const { playbook, faults } = await loaded(files)
  expect(faults).toEqual([])
  return playbook.plays.flatMap(tasksOf).map(task => task.name)
}
const task = (name: string) => `- name: ${name}\n  debug: x\n`

describe("a role's variables", () => {
  const rolePlay = '- hosts: all\n  roles: [r]\n'

  it.each([
    ['one file', { 'roles/r/defaults/main.yml': 'a: 1\n' }],
    ['a file that ends with .yaml', { 'roles/r/defaults/main.yaml': 'a: 1\n' }],
    ['a folder', { 'roles/r/defaults/main/one.yml': 'a: 1\n' }],
    ['folders inside of the folder', { 'roles/r/defaults/main/x/one.yml': 'a: 1\n' }],
    [
      'several files, the later over the earlier',
      { 'roles/r/defaults/main/1.yml': 'a: 0\n', 'roles/r/defaults/main/2.yml': 'a: 1\n' },
    ],
  ])('variables of a role are read from %s', async (_, files) => {
    const { playbook, faults } = await loaded({ 'p.yml': rolePlay, 'roles/r/tasks/main.yml': task('t'), ...files })
    expect(faults).toEqual([])
    expect(playbook.plays[0]?.roles[0]?.defaults).toEqual({ a: 1 })
  })

  it('every file of the folder vars/main is read and checked', async () => {
    const { playbook, faults } = await loaded({
      'p.yml': rolePlay,
      'roles/r/tasks/main.yml': task('t'),
      'roles/r/vars/main/a.yml': 'v: 1\n',
      'roles/r/vars/main/b.yml': '- no map\n',
      'roles/r/vars/main/c.yml': 'w: "{{ x | nosuch }}"\n',
    })
    expect(playbook.plays[0]?.roles[0]?.vars).toEqual({ v: 1, w: '{{ x | nosuch }}' })
    expect(faults).toEqual([
      'roles/r/vars/main/b.yml:1:1 a map of variables is expected here',
      "roles/r/vars/main/c.yml:1:12 there is no filter 'nosuch'",
    ])
  })
})

describe('import_role and include_role', () => {
  const role = {
    'roles/r/tasks/main.yml': task('main'),
    'roles/r/tasks/other.yml': task('other'),
    'roles/r/tasks/sub/deep.yaml': task('deep'),
    'roles/r/vars/main.yml': 'v: main\n',
    'roles/r/vars/other.yml': 'v: other\n',
    'roles/r/defaults/main.yml': 'd: main\n',
    'roles/r/defaults/other.yml': 'd: other\n',
    'roles/r/handlers/main.yml': task('handler of main'),
    'roles/r/handlers/other.yml': task('handler of other'),
  }

  it.each([
    ['{ name: r }', ['main']],
    ['{ role: r }', ['main']],
    ['r', ['main']],
    ['{ name: r, tasks_from: other }', ['other']],
    ['{ name: r, tasks_from: other.yml }', ['other']],
    ['{ name: r, tasks_from: sub/deep }', ['deep']],
    ['{ name: r, public: true, allow_duplicates: true }', ['main']],
    ['{ name: r, public: false, allow_duplicates: false }', ['main']],
  ])('%s runs %j', async (map, names) => {
    expect(await namesOf({ 'p.yml': play(`- include_role: ${map}\n`), ...role })).toEqual(names)
    expect(await namesOf({ 'p.yml': play(`- import_role: ${map}\n`), ...role })).toEqual(names)
  })

  it('import_role takes other files of variables and handlers', async () => {
    const map = '{ name: r, vars_from: other, defaults_from: other.yml, handlers_from: other }'
    const { playbook, faults } = await loaded({ 'p.yml': play(`- import_role: ${map}\n`), ...role })
    const [first] = playbook.plays
    expect(faults).toEqual([])
    expect(first?.roles.map(({ vars, defaults }) => [vars, defaults])).toEqual([[{ v: 'other' }, { d: 'other' }]])
    expect(first?.handlers.map(handler => handler.name)).toEqual(['handler of other'])
  })

  it('apply gives keywords to the included tasks', async () => {
    const { playbook, faults } = await loaded({
      'p.yml': play(
        '- include_role: { name: r, apply: { tags: [a], become: true } }\n- include_tasks: { file: t.yml, apply: { tags: b, when: x } }\n',
      ),
      't.yml': task('t'),
      ...role,
    })
    expect(faults).toEqual([])
    const inherited = playbook.plays.flatMap(tasksOf).map(one => one.inherited)
    expect(inherited.map(({ tags, become, when }) => [tags, become, when.map(({ expression }) => expression)])).toEqual(
      [
        [['a'], true, []],
        [['b'], undefined, ['x']],
      ],
    )
  })

  it.each([
    ['{ name: r, tasks_form: other }', "3:32 include_role has no 'tasks_form', did you mean 'tasks_from'?"],
    ['{ name: r, tasks_from: othr }', "3:44 the role has no tasks file 'othr', did you mean 'other.yml'?"],
    ['{ name: r, vars_from: nope }', "3:43 the role has no vars file 'nope'"],
    ['{ name: r, vars: { a: 1 } }', "3:32 include_role has no 'vars'"],
    ['{ tasks_from: other }', "3:21 include_role needs 'name'"],
    ['{ name: r, apply: { tgas: x } }', "3:41 apply of include_role has no 'tgas', did you mean 'tags'?"],
    ['[r]', "3:21 include_role takes a role's name"],
  ])('import_role and include_role refuse %s', async (map, fault) => {
    expect((await loaded({ 'p.yml': play(`- include_role: ${map}\n`), ...role })).faults).toEqual([fault])
  })

  it('apply on import_role is an error', async () => {
    const { faults } = await loaded({ 'p.yml': play('- import_role: { name: r, apply: {} }\n'), ...role })
    expect(faults).toEqual(["3:31 import_role has no 'apply'"])
  })
})

describe('a misspelt folder of a role is an error', () => {
  it.each<[string, Files, string]>([
    [
      'misspelt',
      { 'roles/r/task/main.yml': task('t') },
      "2:11 the role's folder 'task' is read by nothing, did you mean 'tasks'?",
    ],
    [
      'misspelt beside others',
      { 'roles/r/tasks/main.yml': task('t'), 'roles/r/handler/main.yml': task('h') },
      "2:11 the role's folder 'handler' is read by nothing, did you mean 'handlers'?",
    ],
    ['empty', { 'roles/r/README.md': 'x' }, '2:11 this role is empty'],
    [
      'without main.yml',
      { 'roles/r/tasks/mian.yml': task('t') },
      '2:11 this role has no tasks/main.yml, its tasks/ holds mian.yml',
    ],
    [
      'with a misspelt key in meta',
      { 'roles/r/tasks/main.yml': task('t'), 'roles/r/meta/main.yml': 'dependancies: [x]\n' },
      "roles/r/meta/main.yml:1:1 a role's meta has no 'dependancies', did you mean 'dependencies'?",
    ],
  ])('%s', async (_, files, fault) => {
    expect((await loaded({ 'p.yml': '- hosts: all\n  roles: [r]\n', ...files })).faults).toEqual([fault])
  })

  it('a role with only handlers or variables is valid', async () => {
    expect(
      await namesOf({
        'p.yml': '- hosts: all\n  roles: [r, s]\n',
        'roles/r/handlers/main.yml': task('h'),
        'roles/s/defaults/main.yml': 'a: 1\n',
      }),
    ).toEqual([])
  })
})

describe('imports', () => {
  it('an import is searched beside the importing file first, then in the role and beside the playbook', async () => {
    expect(
      await namesOf({
        'p.yml': '- hosts: all\n  roles: [r]\n  tasks:\n    - import_tasks: sub/one.yml\n',
        'sub/one.yml': '- import_tasks: two.yml\n- include_tasks: three.yml\n',
        'sub/two.yml': task('sub two'),
        'two.yml': task('two'),
        'three.yml': task('three'),
        'roles/r/tasks/main.yml': '- import_tasks: sub/a.yml\n',
        'roles/r/tasks/sub/a.yml':
          '- import_tasks: b.yml\n- import_tasks: c.yml\n- include_tasks: { file: sub/d.yml }\n',
        'roles/r/tasks/sub/b.yml': task('role sub b'),
        'roles/r/tasks/b.yml': task('role b'),
        'roles/r/tasks/c.yml': task('role c'),
        'roles/r/tasks/sub/d.yml': task('role sub d'),
      }),
    ).toEqual(['role sub b', 'role c', 'role sub d', 'sub two', 'three'])
  })

  it('circular imports are an error, whatever their when says', async () => {
    const { faults, hints } = await loaded({
      'p.yml': play('- include_tasks: a.yml\n  when: n | default(0) < 3\n'),
      'a.yml': '- include_tasks: b.yml\n  when: x\n',
      'b.yml': '- import_tasks: a.yml\n  when: y\n',
    })
    expect(faults).toEqual(["b.yml:1:17 'a.yml' imports itself"])
    expect(hints[0]).toMatch(/files are read before the run, so that no when: can end this/)
  })

  it('import_playbook gives its when and tags to all tasks, and to handlers only its tags', async () => {
    const { playbook, faults } = await loaded({
      'p.yml': '- import_playbook: q.yml\n  when: [go, now]\n  tags: [outer]\n  vars: { a: 1 }\n',
      'q.yml': '- import_playbook: deep/r.yml\n  when: deep\n',
      'deep/r.yml':
        '- hosts: all\n  tags: inner\n  pre_tasks: [debug: a]\n  roles: [x]\n  tasks: [{ debug: b, when: own }]\n  handlers: [{ name: h, debug: c }]\n',
      'deep/roles/x/tasks/main.yml': task('of role'),
    })
    expect(faults).toEqual([])
    const [only] = playbook.plays
    expect(only?.vars).toEqual({ a: 1 })
    expect(
      tasksOf(only as never).map(({ inherited }) => [
        inherited.tags,
        inherited.when.map(({ expression }) => expression),
      ]),
    ).toEqual([
      [
        ['outer', 'inner'],
        ['go', 'now', 'deep'],
      ],
      [
        ['outer', 'inner'],
        ['go', 'now', 'deep'],
      ],
      [
        ['outer', 'inner'],
        ['go', 'now', 'deep', 'own'],
      ],
    ])
    expect(only?.handlers.map(({ inherited }) => [inherited.tags, inherited.when])).toEqual([[['outer', 'inner'], []]])
  })
})

describe('handlers', () => {
  const handlersOf = async (handlers: string, files: Files = {}) => {
    const { playbook, faults } = await loaded({
      'p.yml': `- hosts: all\n  tasks: []\n  handlers:\n${handlers.replace(/^(?=.)/gm, '    ')}`,
      ...files,
    })
    return { faults, handlers: playbook.plays[0]?.handlers ?? [] }
  }

  it('handlers may be imports, includes, blocks and noop', async () => {
    const { faults, handlers } = await handlersOf(
      '- import_tasks: a.yml\n- { name: inc, include_tasks: b.yml, listen: topic, become: true }\n- name: blk\n  block:\n    - { name: in block, debug: x }\n- { name: none, meta: noop }\n',
      { 'a.yml': task('from a'), 'b.yml': task('from b') },
    )
    expect(faults).toEqual([])
    expect(handlers.map(({ name, listen, type, inherited }) => [name, listen, type, inherited.become])).toEqual([
      ['from a', [], 'debug', undefined],
      ['from b', ['inc', 'topic'], 'debug', true],
      ['in block', ['blk'], 'debug', undefined],
      ['none', [], 'meta', undefined],
    ])
  })

  it.each([
    ['- { name: x, include_role: { name: r } }\n', '4:18 a handler cannot be an include_role'],
    ['- { name: x, meta: end_play }\n', '4:24 a handler cannot be meta: end_play'],
    ['- { name: x, block: [debug: a], rescue: [debug: b] }\n', "4:37 a block of handlers has no 'rescue'"],
    ['- import_tasks: gone.yml\n', "4:21 there is no file 'gone.yml'"],
    ['- { name: a, debug: x }\n- block: [{ name: a, debug: y }]\n', "5:23 there are two handlers 'a'"],
  ])('handlers refuse %j', async (text, fault) => {
    expect((await handlersOf(text)).faults).toEqual([fault])
  })
})

describe('a missing file is an error that suggests the closest existing name', () => {
  it.each<[string, Files, string]>([
    [
      'an import',
      { 'p.yml': play('- import_tasks: setpu.yml\n'), 'setup.yml': task('t') },
      "3:21 there is no file 'setpu.yml', did you mean 'setup.yml'?",
    ],
    [
      'another ending',
      { 'p.yml': play('- import_tasks: setup.yaml\n'), 'setup.yml': task('t') },
      "3:21 there is no file 'setup.yaml', did you mean 'setup.yml'?",
    ],
    [
      'a folder on the way',
      { 'p.yml': play('- import_tasks: taks/setup.yml\n'), 'task/setup.yml': task('t') },
      "3:21 there is no file 'taks/setup.yml', did you mean 'task/setup.yml'?",
    ],
    [
      'a playbook',
      { 'p.yml': '- import_playbook: sit.yml\n', 'site.yml': '[]' },
      "1:20 there is no playbook 'sit.yml', did you mean 'site.yml'?",
    ],
    [
      'a file of variables',
      { 'p.yml': '- hosts: all\n  vars_files: vra.yml\n', 'var.yml': '' },
      "2:15 there is no file 'vra.yml', did you mean 'var.yml'?",
    ],
    [
      'a template',
      { 'p.yml': play('- template-file: { src: ste.j2, dest: /x }\n'), 'templates/site.j2': '' },
      "3:29 there is no file 'ste.j2', did you mean 'site.j2'?",
    ],
    [
      'a file',
      { 'p.yml': play('- copy-file: { src: key.pme, dest: /x }\n'), 'files/key.pem': '' },
      "3:25 there is no file 'key.pme', did you mean 'key.pem'?",
    ],
    [
      'a role',
      { 'p.yml': '- hosts: all\n  roles: [ngnix]\n', 'roles/nginx/tasks/main.yml': '' },
      "2:11 there is no role 'ngnix', did you mean 'nginx'?",
    ],
    [
      'a role by its path',
      { 'p.yml': '- hosts: all\n  roles: [./mine/ngnix]\n', 'mine/nginx/tasks/main.yml': '' },
      "2:11 there is no role './mine/ngnix', did you mean 'mine/nginx'?",
    ],
    [
      'nothing near',
      { 'p.yml': play('- import_tasks: setup.yml\n'), 'other.yml': '' },
      "3:21 there is no file 'setup.yml'",
    ],
  ])('%s', async (_, files, fault) => {
    expect((await loaded(files)).faults).toEqual([fault])
  })
})

describe('a file that is not a playbook is an error that says what it is', () => {
  it.each([
    [
      'a list of tasks',
      '- debug: x\n- name: y\n  command: ls\n',
      ['1:3 this is a list of tasks, a playbook is a list of plays'],
    ],
    [
      'a list of named tasks',
      '- name: y\n  include_role: { name: r }\n',
      ['1:3 this is a list of tasks, a playbook is a list of plays'],
    ],
    [
      'an encrypted file of variables',
      '- hosts: all\n  vars_files: v.yml\n',
      ['v.yml:1:1 this file is encrypted with ansible-vault, which cannot be read here'],
    ],
  ])('%s', async (_, text, faults) => {
    expect((await loaded({ 'p.yml': text, 'v.yml': '$ANSIBLE_VAULT;1.1;AES256\n6162\n' })).faults).toEqual(faults)
  })
})

it('a task name may be empty or a number', async () => {
  expect(await namesOf({ 'p.yml': play('- { name: , debug: x }\n- { name: 5, debug: x }\n') })).toEqual(['debug', '5'])
})

it('a role accepts the keywords of blocks', async () => {
  const { playbook, faults } = await loaded({
    'p.yml':
      '- hosts: all\n  roles: [{ role: r, ignore_errors: true, no_log: true, delegate_to: h, check_mode: false }]\n',
    'roles/r/tasks/main.yml': task('t'),
  })
  expect(faults).toEqual([])
  const [inherited] = playbook.plays.flatMap(tasksOf).map(one => one.inherited)
  expect(inherited).toMatchObject({ ignore_errors: true, no_log: true, delegate_to: 'h', check_mode: false })
})
