// What a dry run says: only what it knows.
import { expect, test } from 'vitest'
import type { TaskEvent } from '../../src/model/event.ts'
import { play, type Ran, run } from './played.ts'

const dry = (tasks: string, handlers = ''): Promise<Ran> => run(play(tasks, handlers), { check: true })

const pending = '- { name: first, copy-file: { dest: "@/f", content: x } }\n'

test.each<[string, string, readonly string[]]>([
  [
    'what a command would have said is not known, that it would run is',
    `- { name: a, command: echo, register: r }
- { name: rc, debug: "{{ r.rc }}" }
- { name: whole, debug: "{{ r }}" }
- { name: default, debug: "{{ r.stdout | default('') }}" }
- { name: length, debug: "{{ r.stdout_lines | length }}" }
- { name: failed, debug: x, when: r is failed }
- { name: succeeded, debug: x, when: r is succeeded }
- { name: loop, debug: "{{ item }}", loop: "{{ r.stdout_lines }}" }
- { name: changed, assert: { that: r is changed } }
- { name: not changed, assert: { that: r is not changed }, when: r is not changed }`,
    [
      ...['changed a', 'unknown rc', 'unknown whole', 'unknown default', 'unknown length', 'unknown failed'],
      ...['unknown succeeded', 'unknown loop', 'ok changed', 'skipped not changed'],
    ],
  ],
  [
    'what is made from something unknown is unknown itself, and not what it was before',
    `- { name: before, set_fact: { v: 1 } }
- { name: a, command: echo, register: r }
- { name: set, set_fact: { v: "{{ r.stdout }}" } }
- { name: use, copy-file: { dest: "@/{{ v }}", content: x } }
- { name: defined, debug: x, when: v is defined and v == 1 }
- { name: again, set_fact: { v: 2 } }
- { name: known, assert: { that: v == 2 } }`,
    ['ok before', 'changed a', 'unknown set', 'unknown use', 'unknown defined', 'ok again', 'ok known'],
  ],
  [
    'a file that would be written registers what its plan says',
    `${pending.replace(' }\n', ', register: r }\n')}- { name: changed, assert: { that: r is changed } }
- { name: skipped, assert: { that: r is not skipped } }
- { name: stdout, debug: "{{ r.stdout | default('none') }}" }`,
    ['changed first', 'ok changed', 'ok skipped', 'unknown stdout'],
  ],
  [
    'a look that finds all well before a pending change is not ok',
    `${pending}- { name: there, wait-for: { path: "/" } }\n- { name: free, port-check: { port: 1 }, register: p }
- { name: use, debug: "{{ p.listening }}" }`,
    ['changed first', 'unknown there', 'unknown free', 'unknown use'],
  ],
  [
    'an answer of a web server before a pending change is not ok',
    `${pending}- { name: get, http-check: "http://127.0.0.1:1/" }`,
    ['changed first', 'unknown get'],
  ],
  [
    'a file may go into a folder that an earlier step would make, and into no other that is not there',
    `- { name: folder, ensure-dir: "@/new" }
- { name: inside, copy-file: { dest: "@/new/f", content: x } }
- { name: elsewhere, copy-file: { dest: "@/other/f", content: x }, ignore_errors: true }`,
    ['changed folder', 'changed inside', 'ignored elsewhere'],
  ],
  ['a look without anything pending is ok', '- { name: there, wait-for: { path: / } }', ['ok there']],
  [
    'an assertion about what is known is made',
    `${pending}- { name: sum, assert: { that: 1 + 1 == 2 } }`,
    ['changed first', 'ok sum'],
  ],
  [
    'a command that never changes anything is not ok, as it was not run',
    '- { name: look, command: uname, changed_when: false, register: r }\n- { name: use, debug: "{{ r.stdout }}" }',
    ['unknown look', 'unknown use'],
  ],
  [
    'verdicts and repetitions are about what was not done',
    `- { name: cmd, command: uname, register: r, until: r.rc == 0, retries: 1, delay: 0 }
- { name: judged, command: uname, register: r, failed_when: r.rc != 0, changed_when: r.stdout == 'x' }
- { name: file, copy-file: { dest: "@/f", content: x }, register: f, failed_when: f.nothing == 1 }
- { name: look, wait-for: { path: / }, register: w, failed_when: w.elapsed > 9, until: w.elapsed < 9 }
- { name: loop, command: uname, loop: [1, 2], register: l, loop_control: { break_when: l.rc == 0 } }`,
    ['changed cmd', 'changed judged', 'changed file', 'unknown look', 'changed loop [1]', 'changed loop [2]'],
  ],
  [
    'a loop of commands is known to run, and no more',
    `- { name: a, command: "echo {{ item }}", loop: [1, 2], register: r }
- { name: changed, assert: { that: r is changed } }
- { name: results, debug: "{{ r.results | length }}" }`,
    ['changed a [1]', 'changed a [2]', 'ok changed', 'unknown results'],
  ],
])('%s', async (_title, tasks, expected) => expect((await dry(tasks)).tasks).toEqual(expected))

test('a debug after a pending change shows what it would say', async () => {
  const ran = await dry(`${pending}- debug: "the site is up"\n`)
  expect(ran.messages).toEqual(['would say: the site is up'])
  expect(ran.summary.hosts['localhost']).toMatchObject({ ok: 0, changed: 1, unknown: 1 })
})

test.each<[string, string, number]>([
  ['nothing to change', '- debug: hello', 0],
  ['a command that is known to change nothing was not run', '- { command: uname, changed_when: false }', 0],
  [
    'a file depends on what a command would say',
    `- { command: uname, changed_when: false, register: r }
- { copy-file: { dest: "@/{{ r.stdout }}", content: x } }`,
    5,
  ],
  ['a file would be written', pending, 5],
])('--detailed-exitcode: %s', async (_title, tasks, code) => {
  const ran = await run(play(tasks), { check: true, detailedExitcode: true })
  expect(ran.exit).toBe(code)
})

test('two tasks of one name have two addresses, and a task has the same address on every host', async () => {
  const ran = await run(play('- { name: a, debug: x }\n- { name: a, debug: y }'), { hosts: 'h1,h2' })
  const ids = ran.events.filter((event): event is TaskEvent => event.event === 'task').map(({ id }) => id)
  expect(new Set(ids).size).toBe(2)
  expect(ran.events.filter(event => event.event === 'start' && !ids.includes(event.id))).toEqual([])
})

test.each<[string, string, readonly string[], Record<string, number>]>([
  [
    'a failure that a rescue takes over is told and counted as that',
    `- block: [{ name: a, command: "false" }]
  rescue: [{ name: b, debug: x }]`,
    ['rescued a', 'ok b'],
    { failed: 0, rescued: 1, ok: 1 },
  ],
  [
    'a loop that fails twice is one rescue',
    `- block: [{ name: a, command: "false", loop: [1, 2] }]
  rescue: [{ name: b, debug: x }]`,
    ['rescued a [1]', 'rescued a [2]', 'ok b'],
    { failed: 0, rescued: 1, ok: 1 },
  ],
  [
    'a rescue that fails is a failure',
    `- block: [{ name: a, command: "false" }]
  rescue: [{ name: b, command: "false" }]`,
    ['rescued a', 'failed b'],
    { failed: 1, rescued: 1 },
  ],
  [
    'an ignored failure is told and counted once',
    '- { name: a, command: "false", ignore_errors: true }',
    ['ignored a'],
    { failed: 0, ignored: 1, rescued: 0 },
  ],
])('%s', async (_title, tasks, expected, counts) => {
  const ran = await run(play(tasks))
  expect(ran.tasks).toEqual(expected)
  expect(ran.summary.hosts['localhost']).toMatchObject(counts)
  // JUnit's and the JSON events' failures agree with the exit code.
  expect(ran.exit).toBe(expected.some(line => line.startsWith('failed')) ? 2 : 0)
})
