import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

/** Two hosts with the same tasks: `good` has a sane value, `odd` the one under test. */
const twoHosts = (good: string, odd: string) =>
  `all:\n  vars: { ansible_connection: local }\n  hosts:\n    good: { v: ${good} }\n    odd: { v: ${odd} }\n`

describe('an odd value of one host fails its task on that host', () => {
  it('the other host goes on, the handler of the failed one is pending, and the run ends with a summary', async () => {
    const { exit, lines, summary } = await run(
      play(
        `- copy-file: { dest: "@/{{ inventory_hostname }}", content: x }\n  notify: told\n- symlink: { src: "{{ v }}", dest: "@/l-{{ inventory_hostname }}", force: true }\n- { name: after, command: "true" }\n`,
        '- { name: told, command: "true" }\n',
      ),
      { inventoryText: twoHosts('/srv/r1', '[1, 2]') },
    )
    expect(lines.filter(line => line.startsWith('good'))).toEqual([
      'good: changed copy-file',
      'good: changed symlink',
      'good: changed after',
      'good: changed told',
    ])
    expect(lines.filter(line => line.startsWith('odd'))).toEqual(['odd: changed copy-file', 'odd: failed symlink'])
    expect(summary.pending_handlers).toEqual({ odd: ['told'] })
    expect(exit).toBe(2)
  })

  it('a number is converted to its text', async () => {
    const { exit, lines } = await run(
      play('- symlink: { src: "{{ v }}", dest: "@/l-{{ inventory_hostname }}", force: true }\n'),
      {
        inventoryText: twoHosts('/srv/r1', '20260101'),
      },
    )
    expect(lines.toSorted()).toEqual(['good: changed symlink', 'odd: changed symlink'])
    expect(exit).toBe(0)
  })

  it('a number among the arguments of a command keeps its spelling', async () => {
    const { messages } = await run(
      play(
        '- { command: { argv: [echo, "{{ 1.0 }}", 2.0, 3, 12345678901234567890, 0.5] }, register: r }\n- debug: { msg: "{{ r.stdout }}" }\n',
      ),
    )
    expect(messages.at(-1)).toBe('1.0 2.0 3 12345678901234567890 0.5')
  })

  it.each(['copy-file', 'template-file'])(
    'a pipe or a device as the source of %s fails only that host, at once',
    async type => {
      const task = `- ${type}: { src: "{{ v }}", dest: "@/to-{{ inventory_hostname }}" }\n`
      const { lines, exit } = await run(play(task), {
        inventoryText: twoHosts('/etc/hostname', '/dev/zero'),
      })
      expect(lines).toContain(`odd: failed ${type}`)
      expect(lines).toContain(`good: changed ${type}`)
      expect(exit).toBe(2)
    },
  )

  it.each([
    ['ensure-dir: "{{ v }}"', '/tmp', '5', "'path' of ensure-dir cannot be the text '5'"],
    ['ensure-dir: "{{ v }}"', '/tmp', '"rel{{ \'{{\' }}x"', "'path' of ensure-dir cannot be the text 'rel{{x'"],
    ['service: { name: "{{ v }}", state: started }', 'x', 'null', "'name' of service takes a text, this is nothing"],
    ['apt-install: { name: "{{ v }}" }', 'sh', 'null', "'name' of apt-install takes"],
    ['wait-for: { path: "{{ v }}" }', '/tmp', 'null', 'wait-for needs'],
    ['wait-for: { path: "{{ v }}" }', '/tmp', '[1]', "'path' of wait-for takes a text, this is a list"],
    ['copy-file: { dest: "@/x", content: x, owner: "{{ v }}" }', 'root', '[a]', "'owner' of copy-file takes a text"],
    [
      'http-check: { url: "http://127.0.0.1:1/", method: POST, body: "{{ v }}" }',
      'x',
      '{ a: 1 }',
      "'body' of http-check",
    ],
    ['shell: "echo {{ v }}"', 'x', '"a\\0b"', "'cmd' of shell holds a NUL byte"],
    ['ensure-dir: "/tmp/{{ v }}"', 'x', '"a\\0b"', "'path' of ensure-dir holds a NUL byte"],
    ['{ command: "true", environment: { A: "{{ v }}" } }', 'x', '"a\\0b"', 'a value of command holds a NUL byte'],
  ])('%s with %s and %s', async (task, good, odd, message) => {
    const { lines, messages, summary, events } = await run(play(`- ${task}\n- { name: after, command: "true" }\n`), {
      inventoryText: twoHosts(good, odd),
    })
    expect(messages.join('\n')).toContain(message)
    const failed = events.find(event => event.event === 'task' && event.host === 'odd')
    expect(failed).toMatchObject({ status: 'failed', at: { line: expect.any(Number) } })
    expect(summary.event).toBe('summary')
    expect(lines.filter(line => line.startsWith('odd'))).toHaveLength(1)
  })

  it('null for an optional param counts as not given', async () => {
    const { lines } = await run(play('- command: { cmd: pwd, chdir: "{{ v }}" }\n'), {
      inventoryText: twoHosts('/tmp', 'null'),
    })
    expect(lines.toSorted()).toEqual(['good: changed command', 'odd: changed command'])
  })

  it('an omitted param does not count among exclusive params', async () => {
    const task = (src: string, content: string) =>
      play(`- copy-file: { dest: "@/f", src: '{{ ${src} | d(omit) }}', content: '{{ ${content} | d(omit) }}' }\n`)
    const files = { 'files/x': 'from a file', x: 'from a file' }
    expect((await run({ 'p.yml': task('"x"', 'nope.a'), ...files }, { extraVars: { nope: {} } })).tasks).toEqual([
      'changed copy-file',
    ])
    const both = await run({ 'p.yml': task('"x"', '"y"'), ...files })
    expect(both.messages.join()).toContain("copy-file takes 'src' or 'content', not both")
    const none = await run({ 'p.yml': task('nope.a', 'nope.a'), ...files }, { extraVars: { nope: {} } })
    expect(none.messages.join()).toContain("copy-file needs 'src' or 'content'")
  })

  it('texts are converted alike in the playbook and after rendering', async () => {
    const tasks = (port: string, timeout: string) =>
      play(
        `- wait-for: { port: ${port}, timeout: ${timeout}, state: "stopped" }\n- copy-file: { dest: "@/f", content: x, backup: "yes" }\n`,
      )
    for (const text of [tasks('"1"', '"5"'), tasks('"{{ \'1\' }}"', '"{{ \'5.0\' }}"')])
      expect((await run(text)).tasks).toEqual(['ok wait-for', 'changed copy-file'])
  })
})

const broken = (code: string) =>
  `export default { name: 'broken-type', summary: 'x', params: { type: 'object', properties: {} }, ${code} }\n`
const aChange = "{ what: 'do it', before: null, after: null, sh: { text: ':' } }"

describe("a user's task type that throws is named with its file, and only its host fails", () => {
  it.each([
    ["probe: () => {\n throw new Error('boom') }, plan: () => []", 'probe', 'Error: boom'],
    ["plan: () => { throw new Error('boom') }", 'plan', 'Error: boom'],
    ["plan: () => { throw 'a text' }", 'plan', 'a text'],
    ['plan: () => { throw null }', 'plan', 'null'],
    ['plan: () => undefined', 'plan', 'a list of changes, or a plan'],
    ['plan: () => 5', 'plan', 'the number 5'],
    ['plan: async () => []', 'plan', 'a promise'],
    ['plan: () => [{}]', 'plan', 'changes of the form'],
    ["plan: () => [{ what: 'x', before: 5, after: null, sh: { text: ':' } }]", 'plan', 'changes of the form'],
    ['plan: () => ({ changes: [], problem: 5 })', 'plan', 'a text as problem'],
    ["probe: () => 'echo', plan: () => []", 'probe', 'a script made by sh'],
    ['probe: () => undefined, plan: () => []', 'probe', 'a script made by sh'],
    [
      `probe: () => ({ text: 'fact a 1' }), plan: () => [${aChange}], verify: () => { throw new Error('boom') }`,
      'verify',
      'boom',
    ],
    [`probe: () => ({ text: 'fact a 1' }), plan: () => [${aChange}], verify: () => 5`, 'verify', 'a text or undefined'],
    ['plan: () => { const f = () => f(); return f() }', 'plan', 'call stack'],
  ])('%s', async (code, stage, said) => {
    const { exit, lines, messages, summary } = await run(
      {
        'p.yml': play('- { broken-type: , when: inventory_hostname == "b" }\n- { name: after, command: "true" }\n'),
        'tasks/broken-type.js': broken(code),
      },
      { hosts: 'a,b' },
    )
    expect(lines.filter(line => line.startsWith('a:'))).toEqual(['a: skipped broken-type', 'a: changed after'])
    expect(lines.filter(line => line.startsWith('b:'))).toEqual(['b: failed broken-type'])
    expect(messages.join('\n')).toMatch(
      new RegExp(`'broken-type' \\(.*tasks/broken-type\\.js.*\\) failed in its ${stage}`),
    )
    expect(messages.join('\n')).toContain(said)
    expect(summary.hosts['b']).toMatchObject({ failed: 1 })
    expect(exit).toBe(2)
  })

  it("an error in a user's task type has its position in the file", async () => {
    const { messages } = await run({
      'p.yml': play('- broken-type:\n'),
      'tasks/broken-type.js': broken("\n\n  plan: () => {\n    throw new Error('boom')\n  },\n"),
    })
    expect(messages.join('\n')).toMatch(/broken-type\.js:4:\d+\) failed in its plan: Error: boom/)
  })

  it('a rescue takes over, and the handlers of the host run', async () => {
    const { exit, tasks } = await run({
      'p.yml': play(
        '- block: [{ command: "true", notify: told }, { broken-type: }]\n  rescue: [{ name: rescue, command: "true" }]\n',
        '- { name: told, command: "true" }\n',
      ),
      'tasks/broken-type.js': broken("plan: () => { throw new Error('boom') }"),
    })
    expect(tasks).toEqual(['changed command', 'rescued broken-type', 'changed rescue', 'changed told'])
    expect(exit).toBe(0)
  })
})

describe('an event listener that throws does not end the run', () => {
  it('a report that throws at each event of one host gives a warning, and all tasks run', async () => {
    const { exit, lines, warnings, summary } = await run(
      play('- { name: one, command: "true" }\n- { name: two, command: "true" }\n'),
      {
        hosts: 'a,b',
      },
    )
    expect([exit, warnings]).toEqual([0, []])
    const seen: string[] = []
    const told = await run(play('- { name: one, command: "true" }\n- { name: two, command: "true" }\n'), {
      hosts: 'a,b',
      emit: event => {
        seen.push(event.event)
        if ('host' in event && event.host === 'b') throw new Error('no room')
      },
    })
    expect(told.exit).toBe(1)
    expect(seen.filter(one => one === 'task')).toHaveLength(lines.length)
    expect(seen.at(-1)).toBe('summary')
    expect(seen.filter(one => one === 'warning')).toHaveLength(1)
    expect(summary.event).toBe('summary')
  })

  it('a report that always throws does not keep the run from finishing', async () => {
    let count = 0
    const { exit } = await run(play('- { name: one, command: "true" }\n'), {
      emit: () => {
        count++
        throw new Error('no')
      },
    })
    expect(exit).toBe(1)
    expect(count).toBeGreaterThan(3)
  })
})
