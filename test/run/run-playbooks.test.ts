// Whole plays on this machine's own shell, in folders of their own.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { play, type Ran, run } from './played.ts'

describe('a play', () => {
  const files = play(
    '- { name: d, ensure-dir: "@/d" }\n- { name: f, copy-file: { dest: "@/d/f", content: "a\\n" }, notify: told }\n- { name: l, symlink: { src: f, dest: "@/d/l" } }\n',
    '- { name: told, copy-file: { dest: "@/d/told", content: "x" } }\n',
  )

  it('a dry run reports what the real run then does, and touches nothing', async () => {
    const dry = await run(files, { check: true })
    expect(existsSync(join(dry.folder, 'd'))).toBe(false)
    expect(dry.summary.hosts['localhost']?.round_trips).toBe(2) // the handler's own probe
    const real = await run(files, { folder: dry.folder })
    const whats = (ran: Ran) => ran.events.flatMap(event => (event.event === 'task' ? event.changes : []))
    expect(whats(real)).toEqual(whats(dry))
    expect(real.summary.hosts['localhost']).toMatchObject({ changed: 4, verified: 4, failed: 0, round_trips: 5 })
    expect(real.exit).toBe(0)
    const again = await run(files, { folder: dry.folder })
    expect(again.summary.hosts['localhost']).toMatchObject({ ok: 3, changed: 0, round_trips: 1 })
    expect((await run(files, { folder: dry.folder, check: true, detailedExitcode: true })).exit).toBe(0)
    writeFileSync(join(dry.folder, 'd/f'), 'drifted')
    expect((await run(files, { folder: dry.folder, check: true, detailedExitcode: true })).exit).toBe(5)
  })

  it('facts, templates that use them and read-only registers take one round trip', async () => {
    const text = play(
      '- { name: f, copy-file: { dest: "@/f", content: "{{ ansible_system }} {{ w.elapsed }}" } }\n',
    ).replace('  tasks:\n', '  pre_tasks:\n    - { name: w, wait-for: { path: "/" }, register: w }\n  tasks:\n')
    const first = await run(text)
    expect(readFileSync(join(first.folder, 'f'), 'utf8')).toBe('Linux 0')
    expect((await run(text, { folder: first.folder })).summary.hosts['localhost']).toMatchObject({
      changed: 0,
      round_trips: 1,
    })
  })
})

describe('a dry run of commands', () => {
  it('a dry run executes no command, and reports what depends on one as unknown', async () => {
    const text = play(
      '- { name: a, shell: "touch @/a", register: r }\n- { name: b, debug: "{{ r.stdout }}" }\n- { name: c, shell: "touch @/c", changed_when: false }\n- { name: d, shell: "echo {{ r.stdout }}", when: r.rc == 0 }\n',
    )
    const dry = await run(text, { check: true })
    expect(dry.tasks).toEqual(['changed a', 'unknown b', 'unknown c', 'unknown d'])
    expect(dry.messages).toContain("not known in a dry run: it depends on 'r', which only a real run gives")
    expect([existsSync(join(dry.folder, 'a')), existsSync(join(dry.folder, 'c')), dry.exit]).toEqual([false, false, 0])
    expect((await run(text)).tasks).toEqual(['changed a', 'ok b', 'ok c', 'changed d'])
  })
})

describe('keywords', () => {
  it.each([
    [
      'when',
      '- { debug: a, when: x == 1, vars: { x: 2 } }\n- { debug: b, when: [x > 1, "true"], vars: { x: 2 } }\n',
      ['skipped debug', 'ok debug'],
    ],
    [
      'loop, item and label',
      '- { name: n, debug: "{{ item.a }}", loop: [{ a: 1 }, { a: 2 }], loop_control: { label: "no {{ item.a }}" } }\n',
      ['ok n [no 1]', 'ok n [no 2]'],
    ],
    [
      'a loop that is skipped needs no list',
      '- { name: n, debug: x, loop: "{{ nope }}", when: false }\n',
      ['skipped n'],
    ],
    [
      'register and failed_when',
      '- { name: n, shell: "echo out; exit 3", register: r, failed_when: r.rc != 3, changed_when: "\'out\' in r.stdout" }\n- { name: m, assert: "r.stdout_lines == [\'out\'] and r is changed" }\n',
      ['changed n', 'ok m'],
    ],
    [
      'ignore_errors',
      '- { name: n, fail: x, ignore_errors: true, register: r }\n- { name: m, assert: r is failed }\n',
      ['ignored n', 'ok m'],
    ],
    [
      'until',
      '- { name: n, shell: "echo x >> @/n; wc -l < @/n", register: r, until: r.stdout | int >= 3, retries: 5, delay: 0 }\n- { name: m, assert: r.stdout | int == 3 }\n',
      ['changed n', 'ok m'],
    ],
    [
      'rescue and always',
      '- block: [{ name: a, fail: x }, { name: b, debug: x }]\n  rescue: [{ name: c, debug: x }]\n  always: [{ name: d, debug: x }]\n- { name: e, debug: x }\n',
      ['rescued a', 'ok c', 'ok d', 'ok e'],
    ],
    [
      'environment',
      '- { name: n, shell: \'[ "$A" = "it\'\'s" ]\', environment: { A: "it\'s" }, changed_when: false }\n',
      ['ok n'],
    ],
    ['set_fact', '- { name: n, set_fact: { a: [1, 2] } }\n- { name: m, assert: a | sum == 3 }\n', ['ok n', 'ok m']],
    ['meta: end_play', '- { name: n, debug: x }\n- meta: end_play\n- { name: m, debug: x }\n', ['ok n']],
    [
      'creates',
      '- { name: n, shell: { cmd: "echo >> @/x", creates: "@/x" } }\n- { name: m, shell: { cmd: "echo >> @/x", creates: "@/x" } }\n',
      ['changed n', 'ok m'],
    ],
    [
      'retries without until, all of which fail',
      '- { name: n, shell: "echo x >> @/n; false", retries: 2, delay: 0, ignore_errors: true }\n- { name: m, shell: "wc -l < @/n", register: r, changed_when: false }\n- { name: o, assert: r.stdout | int == 3 }\n',
      ['ignored n', 'ok m', 'ok o'],
    ],
    [
      'data is never rendered again',
      '- { name: n, shell: "printf %s \'{{ \'{{\' }} 1 + 1 }}\'", register: r, changed_when: false }\n- { name: m, assert: "r.stdout | length == 11" }\n',
      ['ok n', 'ok m'],
    ],
  ])('%s', async (_, tasks, expected) => {
    const ran = await run(play(tasks))
    expect([ran.tasks, ran.messages.filter(message => message.includes('undefined'))]).toEqual([expected, []])
    expect(ran.exit).toBe(0)
  })

  it('tags select tasks, always runs by default, never only on request', async () => {
    const text = play(
      '- { name: a, debug: x, tags: [one] }\n- { name: b, debug: x, tags: [always] }\n- { name: c, debug: x, tags: [never, two] }\n- { name: d, debug: x }\n',
    )
    expect((await run(text)).tasks).toEqual(['ok a', 'ok b', 'ok d'])
    expect((await run(text, { tags: ['one'] })).tasks).toEqual(['ok a', 'ok b'])
    expect((await run(text, { tags: ['two'] })).tasks).toEqual(['ok b', 'ok c'])
    expect((await run(text, { skipTags: ['one'] })).tasks).toEqual(['ok b', 'ok d'])
  })
})

describe('handlers', () => {
  const write = (name: string) => `copy-file: { dest: "@/${name}", content: "x" }`

  it('handlers run once, in written order, and only after changes', async () => {
    const ran = await run(
      play(
        `- { name: a, ${write('a')}, notify: [h2, h1] }\n- { name: b, ${write('b')}, notify: h2 }\n- { name: c, debug: x, notify: h3 }\n`,
        '- { name: h1, debug: x }\n- { name: h2, debug: x }\n- { name: h3, debug: x }\n',
      ),
    )
    expect(ran.tasks).toEqual(['changed a', 'changed b', 'ok c', 'ok h1', 'ok h2'])
  })

  it('handlers are pending when the host fails first, unless they are forced', async () => {
    const text = play(`- { name: a, ${write('a')}, notify: h }\n- { name: b, fail: x }\n`, '- { name: h, debug: x }\n')
    const ran = await run(text)
    expect([ran.tasks, ran.summary.pending_handlers, ran.exit]).toEqual([
      ['changed a', 'failed b'],
      { localhost: ['h'] },
      2,
    ])
    const forced = await run(text.replace('- hosts: all\n', '- hosts: all\n  force_handlers: true\n'))
    expect([forced.tasks, forced.summary.pending_handlers]).toEqual([['changed a', 'failed b', 'ok h'], {}])
  })

  it('handlers listen to topics and run at flush_handlers', async () => {
    const ran = await run(
      play(
        `- { name: a, ${write('a')}, notify: topic }\n- meta: flush_handlers\n- { name: b, debug: x }\n`,
        '- { name: h, listen: topic, debug: x }\n',
      ),
    )
    expect(ran.tasks).toEqual(['changed a', 'ok h', 'ok b'])
  })
})

describe('when things go wrong', () => {
  it('a change without the expected effect is a failure', async () => {
    const ran = await run(
      play('- { name: n, copy-file: { dest: "@/f", content: "x", validate: "sh -c \'exit 1\' %s" } }\n'),
    )
    expect(ran.exit).toBe(2)
    expect(ran.messages[0]).toContain('could not create')
    expect(existsSync(join(ran.folder, 'f'))).toBe(false)
  })

  it('an undefined variable fails only its task, with its position', async () => {
    const ran = await run(play('- { name: n, debug: "{{ r.nope }}", vars: { r: {} } }\n'))
    expect([ran.exit, ran.tasks]).toEqual([2, ['failed n']])
    expect(ran.messages[0]).toContain("'r.nope' is undefined")
  })

  it('one host that fails does not stop the others', async () => {
    const ran = await run(play('- { name: n, fail: x, when: inventory_hostname == "b" }\n- { name: m, debug: x }\n'), {
      hosts: 'a,b,c',
    })
    expect(ran.exit).toBe(2)
    expect(Object.entries(ran.summary.hosts).map(([name, { ok, failed }]) => [name, ok, failed])).toEqual([
      ['a', 1, 0],
      ['b', 0, 1],
      ['c', 1, 0],
    ])
  })

  it('a failed batch stops the rollout before the next one', async () => {
    const ran = await run(
      play('- { name: n, fail: x, when: inventory_hostname == "b" }\n').replace(
        '- hosts: all\n',
        '- hosts: all\n  serial: [1, 1, 5]\n',
      ),
      { hosts: 'a,b,c,d' },
    )
    expect(Object.keys(ran.summary.hosts)).toEqual(['a', 'b'])
    expect(ran.events.find(event => event.event === 'warning')).toMatchObject({
      message: expect.stringContaining('2 hosts were not touched'),
    })
  })

  it('an interrupted run lets the change finish, names pending handlers, and exits 130', async () => {
    const stop = new AbortController()
    const text = play(
      '- { name: a, copy-file: { dest: "@/a", content: x }, notify: h }\n- { name: b, shell: "sleep 1; echo whole > @/b" }\n- { name: c, debug: x }\n',
      '- { name: h, debug: x }\n',
    )
    const started = run(text, { signal: stop.signal })
    setTimeout(() => stop.abort('SIGINT'), 900)
    const ran = await started
    expect(ran.exit).toBe(130)
    expect(ran.tasks).not.toContain('ok c')
    expect(ran.summary.pending_handlers).toEqual({ localhost: ['h'] })
    if (ran.tasks.includes('changed b')) expect(readFileSync(join(ran.folder, 'b'), 'utf8')).toBe('whole\n')
  })

  it('secrets are masked everywhere', async () => {
    const ran = await run(
      play(
        '- { name: n, htpasswd-user: { path: "@/f", name: ann, password: "{{ pw }}" } }\n- { name: "m {{ pw }}", debug: "it is {{ pw }}" }\n- { name: o, shell: "echo {{ pw }}; exit 1" }\n',
      ),
      { extraVars: { pw: 'S3cret-and-l0ng' } },
    )
    expect(JSON.stringify(ran.events)).not.toContain('S3cret-and-l0ng')
    expect(ran.tasks[0]).toBe('changed n')
  })

  it('no_log hides changes and output', async () => {
    const ran = await run(play('- { name: n, copy-file: { dest: "@/f", content: "hidden words" }, no_log: true }\n'))
    expect(JSON.stringify(ran.events)).not.toContain('hidden words')
  })
})

it('a failed command that changed nothing by its changed_when notifies no handler', async () => {
  const failing = (changed: boolean) =>
    play(
      `- { name: a, command: "true", changed_when: ${changed}, failed_when: true, ignore_errors: true, notify: h }\n`,
      '- { name: h, debug: x }\n',
    )
  expect((await run(failing(false))).tasks).toEqual(['ignored a'])
  expect((await run(failing(true))).tasks).toEqual(['ignored a', 'ok h'])
})
