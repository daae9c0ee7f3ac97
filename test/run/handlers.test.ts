// Where Ansible loses a handler for good, as the next run finds nothing to change.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const handlers = '- { name: h, debug: x }\n- { name: h a, debug: x }\n- { name: h b, debug: x }\n'
const forced = 'force_handlers: true'

describe('a notification is not lost', () => {
  it('when a later item of the loop fails', async () => {
    const loop = '- { name: n, shell: "test {{ item }} != bad", loop: [good, bad], notify: h }\n'
    expect((await run(play(loop, handlers))).summary.pending_handlers).toEqual({ localhost: ['h'] })
    expect((await run(play(loop, handlers, forced))).tasks).toContain('ok h')
  })

  it('when the task that changed something failed, or that failure was ignored', async () => {
    const fails = '- { name: n, shell: "true", failed_when: true, notify: h }\n'
    expect((await run(play(fails, handlers))).summary.pending_handlers).toEqual({ localhost: ['h'] })
    const ignored = await run(play(fails.replace(' }', ', ignore_errors: true }'), handlers))
    expect([ignored.tasks, ignored.exit]).toEqual([['ignored n', 'ok h'], 0])
  })

  it('when another host is what stops this one', async () => {
    const text = play(
      '- { name: c, command: "true", notify: h }\n- { name: n, fail: x, when: inventory_hostname == "a", any_errors_fatal: true }\n- { name: m, debug: x }\n',
      handlers,
      'strategy: linear',
    )
    const ran = await run(text, { hosts: 'a,b' })
    expect(ran.summary.pending_handlers).toEqual({ a: ['h'], b: ['h'] })
  })

  it('when the host cannot be reached any more', async () => {
    let asked = 0
    const text = play('- { name: c, command: x, notify: h }\n- { name: d, command: y }\n', handlers)
    const ran = await run(text, { hosts: 'a', answers: () => (asked++ === 0 ? {} : 'lost') })
    expect([ran.exit, ran.summary.pending_handlers]).toEqual([4, { a: ['h'] }])
  })

  it('is not made up where a failed task is said never to change anything', async () => {
    const fails = '- { name: n, shell: "false", changed_when: false, ignore_errors: true, notify: h }\n'
    expect((await run(play(fails, handlers))).tasks).toEqual(['ignored n'])
  })
})

describe('notify', () => {
  it('is for the items that changed, each by its own name', async () => {
    const loop = '- { name: n, shell: "true", loop: [a, b], changed_when: item == "b", notify: "h {{ item }}" }\n'
    expect((await run(play(loop, handlers))).tasks).toEqual(['ok n [a]', 'changed n [b]', 'ok h b'])
  })

  it('by a handler: a later one runs in the same flush, an earlier one in the next', async () => {
    const text = `- hosts: all
  tasks: [{ name: n, shell: "true", notify: two }]
  post_tasks: [{ name: p, debug: x }]
  handlers:
    - { name: one, debug: x }
    - { name: two, shell: "true", notify: [one, three] }
    - { name: three, debug: x }
`
    expect((await run(text)).tasks).toEqual(['changed n', 'changed two', 'ok three', 'ok p', 'ok one'])
  })

  it('of a handler that does not exist fails that task, not the program', async () => {
    const ran = await run(play('- { name: n, shell: "true", notify: "{{ inventory_hostname }}" }\n', handlers))
    expect([ran.exit, ran.tasks, ran.messages]).toEqual([2, ['failed n'], ["there is no handler 'localhost'"]])
  })

  it('a failed handler fails its host alone', async () => {
    const text = play(
      '- { name: n, shell: "true", notify: h }\n',
      '- { name: h, fail: x, when: inventory_hostname == "a" }\n',
    )
    const ran = await run(`${text}  post_tasks: [{ name: p, debug: x }]\n`, { hosts: 'a,b' })
    expect([ran.exit, ran.lines.filter(line => line.endsWith(' p'))]).toEqual([2, ['b: ok p']])
  })
})
