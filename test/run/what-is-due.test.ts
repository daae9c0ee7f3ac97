// What a person is told of handlers when a change was cut off, or was taken back.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const write = (file: string, notify: string) =>
  `- { name: write ${file}, copy-file: { dest: "@/${file}", content: new }, notify: ${notify} }\n`
const guard = '- { name: guard, command: "false", guards: true, changed_when: false }\n'
const handlers = '- { name: h, debug: told h }\n- { name: i, debug: told i }\n'

describe('a connection lost during a change', () => {
  it('a connection lost during a change leaves the handler pending', async () => {
    const text = play('- { name: c, command: x, notify: h }\n', handlers)
    const ran = await run(text, { hosts: 'a', answers: () => 'lost' })
    expect([ran.exit, ran.summary.pending_handlers]).toEqual([4, { a: ['h'] }])
  })

  it('the handler runs if the host may go on under ignore_unreachable', async () => {
    const text = play('- { name: c, command: x, notify: h, ignore_unreachable: true }\n', handlers)
    let asked = 0
    const ran = await run(text, { hosts: 'a', answers: () => (asked++ === 0 ? 'lost' : {}) })
    expect(ran.tasks).toEqual(['ignored c', 'ok h'])
  })
})

describe('after a rollback', () => {
  it('handlers of undone changes do not run', async () => {
    const ran = await run({ 'p.yml': play(`${write('x', 'h')}${guard}`, handlers, 'force_handlers: true') })
    expect(ran.tasks).toEqual(['changed write x', 'failed guard'])
    expect(ran.summary.pending_handlers).toEqual({})
  })

  it('the handler of a change that could not be undone runs, or is pending', async () => {
    const tasks = `- { name: set, shell: ": > @/set", notify: i }\n${write('x', 'h')}${guard}`
    expect((await run({ 'p.yml': play(tasks, handlers) })).summary.pending_handlers).toEqual({ localhost: ['i'] })
    const forced = await run({ 'p.yml': play(tasks, handlers, 'force_handlers: true') })
    expect(forced.tasks.at(-1)).toBe('ok i')
  })

  it('a handler that had run is pending again when its change is undone', async () => {
    const tasks = `${write('x', 'h')}- { meta: flush_handlers }\n${guard}`
    const ran = await run({ 'p.yml': play(tasks, handlers, 'force_handlers: true') })
    expect(ran.tasks).toEqual(['changed write x', 'ok h', 'failed guard', 'ok h'])
    const named = await run({ 'p.yml': play(tasks, handlers) })
    expect(named.summary.pending_handlers).toEqual({ localhost: ['h'] })
  })

  it('changes are undone newest first', async () => {
    const tasks = `- { name: one, copy-file: { dest: "@/x", content: one } }\n- { name: two, copy-file: { dest: "@/x", content: two } }\n${guard}`
    const before = await run({ 'p.yml': play('- debug: x\n') })
    writeFileSync(join(before.folder, 'x'), 'old')
    const ran = await run({ 'p.yml': play(tasks) }, { folder: before.folder })
    expect([ran.exit, readFileSync(join(ran.folder, 'x'), 'utf8')]).toEqual([2, 'old'])
  })
})
