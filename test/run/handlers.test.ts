// Where Ansible loses a handler for good, as the next run finds nothing to change.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const handlers = '- { name: h, debug: x }\n- { name: h a, debug: x }\n- { name: h b, debug: x }\n'
const forced = 'force_handlers: true'

describe('a notification is kept', () => {
  it('a changed item notifies although a later item fails', async () => {
    const loop = '- { name: n, shell: "test {{ item }} != bad", loop: [good, bad], notify: h }\n'
    expect((await run(play(loop, handlers))).summary.pending_handlers).toEqual({ localhost: ['h'] })
    expect((await run(play(loop, handlers, forced))).tasks).toContain('ok h')
  })

  it('a task that changed something and failed notifies, also if the failure was ignored', async () => {
    const fails = '- { name: n, shell: "true", failed_when: true, notify: h }\n'
    expect((await run(play(fails, handlers))).summary.pending_handlers).toEqual({ localhost: ['h'] })
    const ignored = await run(play(fails.replace(' }', ', ignore_errors: true }'), handlers))
    expect([ignored.tasks, ignored.exit]).toEqual([['ignored n', 'ok h'], 0])
  })

  it('the handlers of a host that another host stopped are pending', async () => {
    const text = play(
      '- { name: c, command: "true", notify: h }\n- { name: n, fail: x, when: inventory_hostname == "a", any_errors_fatal: true }\n- { name: m, debug: x }\n',
      handlers,
      'strategy: linear',
    )
    const ran = await run(text, { hosts: 'a,b' })
    expect(ran.summary.pending_handlers).toEqual({ a: ['h'], b: ['h'] })
  })

  it('the handlers of a host that became unreachable are pending', async () => {
    let asked = 0
    const text = play('- { name: c, command: x, notify: h }\n- { name: d, command: y }\n', handlers)
    const ran = await run(text, { hosts: 'a', answers: () => (asked++ === 0 ? {} : 'lost') })
    expect([ran.exit, ran.summary.pending_handlers]).toEqual([4, { a: ['h'] }])
  })

  it('a failed task with changed_when: false notifies nothing', async () => {
    const fails = '- { name: n, shell: "false", changed_when: false, ignore_errors: true, notify: h }\n'
    expect((await run(play(fails, handlers))).tasks).toEqual(['ignored n'])
  })
})

describe('notify', () => {
  it('notify applies to the items that changed, each with its own name', async () => {
    const loop = '- { name: n, shell: "true", loop: [a, b], changed_when: item == "b", notify: "h {{ item }}" }\n'
    expect((await run(play(loop, handlers))).tasks).toEqual(['ok n [a]', 'changed n [b]', 'ok h b'])
  })

  it('a handler can notify a later one for the same flush and an earlier one for the next', async () => {
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

  it('notify of an unknown handler fails the task', async () => {
    const ran = await run(play('- { name: n, shell: "true", notify: "{{ inventory_hostname }}" }\n', handlers))
    expect([ran.exit, ran.tasks, ran.messages]).toEqual([2, ['failed n'], ["there is no handler 'localhost'"]])
  })

  it('a failed handler fails only its host', async () => {
    const text = play(
      '- { name: n, shell: "true", notify: h }\n',
      '- { name: h, fail: x, when: inventory_hostname == "a" }\n',
    )
    const ran = await run(`${text}  post_tasks: [{ name: p, debug: x }]\n`, { hosts: 'a,b' })
    expect([ran.exit, ran.lines.filter(line => line.endsWith(' p'))]).toEqual([2, ['b: ok p']])
  })
})
