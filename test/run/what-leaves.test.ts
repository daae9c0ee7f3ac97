// What is secret leaves a run by no way: events, errors, questions.
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../src/model/fault.ts'
import { play, run } from './played.ts'

const PW = 'hush-4711'
const vars = `vars: { pw: ${PW}, list: [${PW}, other] }`

const all = (ran: { readonly events: readonly unknown[] }): string => JSON.stringify(ran.events)

test.each<[string, string]>([
  ['a command', '- { command: "true -p{{ pw }}", no_log: true }'],
  ['a command that fails', '- { command: "false -p{{ pw }}", no_log: true, ignore_errors: true }'],
  ['a script', '- { shell: "echo {{ pw }}", no_log: true }'],
  ['items', '- { debug: "x", loop: "{{ list }}", no_log: true }'],
  ['labels', '- { debug: "x", loop: [1], loop_control: { label: "{{ pw }}" }, no_log: true }'],
  ['a path', '- { copy-file: { dest: "@/{{ pw }}", content: x }, no_log: true }'],
  ['a name', '- { name: "set {{ pw }}", debug: x, no_log: true }'],
  ['a message', '- { debug: "{{ pw }}", no_log: true }'],
  ['an assertion', '- { assert: { that: "pw == 1", fail_msg: "{{ pw }}" }, no_log: true, ignore_errors: true }'],
  [
    'a template that fails',
    `- { debug: "{{ pw.nothing }} {{ '${PW}' | int + 'x' }}", no_log: true, ignore_errors: true }`,
  ],
  [
    'what is put back',
    `- { copy-file: { dest: "@/{{ pw }}", content: x }, no_log: true }
- { assert: { that: 1 == 2 }, guards: true }`,
  ],
  ['a retry', `- { command: "false {{ pw }}", retries: 1, delay: 0, until: false, no_log: true, ignore_errors: true }`],
])('no_log hides %s', async (_title, tasks) => {
  for (const check of [false, true]) {
    const ran = await run(play(tasks, '', vars), { check })
    expect(all(ran)).not.toContain(PW)
  }
})

test('a known password is masked in the names of plays', async () => {
  const first = { connection: { becomePassword: PW }, extraVars: { pw: PW } }
  const said = run(play('- debug: x', '', 'serial: "{{ pw }}"'), first)
  await expect(said).rejects.toThrow(Fault)
  await said.catch((error: Fault) => expect(error.describe()).not.toContain(PW))
  const ran = await run(`${play('- debug: x')}\n- hosts: all\n  serial: "{{ pw }}"\n  tasks: [{ debug: y }]\n`, first)
  expect(ran.exit).toBe(2)
  expect(all(ran)).not.toContain(PW)
})

test('a password in a URL is masked everywhere', async () => {
  const ran = await run(
    play(`- { shell: "echo http://ann:Secret-in-url{{ at }}127.0.0.1:9/ >&2; exit 3", ignore_errors: true }
- { debug: "postgresql://ml:Secret-in-url{{ at }}db/ml" }
- { copy-file: { dest: "@/f", content: "url=postgresql://ml:Secret-in-url{{ at }}db/ml" } }`),
    // In the files of these tests the sign itself stands for their folder.
    { extraVars: { at: '@' } },
  )
  expect(all(ran)).not.toContain('Secret-in-url')
  expect(all(ran)).toContain('postgresql://ml:********@db/ml')
})

const contents = async (tasks: string, mode: number) => {
  const before = await run(play('- debug: x'))
  const file = join(before.folder, 's.env')
  writeFileSync(file, 'DB_PASSWORD=hunter2\n')
  chmodSync(file, mode)
  return await run(play(tasks.replaceAll('FILE', file)), { check: true })
}

test.each<[string, string, number, boolean]>([
  ['a removed file that only its owner may read', '- remove-path: FILE', 0o600, false],
  ['a removed file that only a group may read too', '- remove-path: FILE', 0o640, false],
  ['a removed file that all may read', '- remove-path: FILE', 0o644, true],
  ['a written file that only its owner may read', '- copy-file: { dest: FILE, content: hunter2 }', 0o600, false],
  ['a new mode for the owner alone', '- copy-file: { dest: FILE, content: x, mode: "0600" }', 0o644, false],
  ['a written file that all may read', '- copy-file: { dest: FILE, content: x }', 0o644, true],
  ['diff: true', '- { copy-file: { dest: FILE, content: x }, diff: true }', 0o600, true],
  ['diff: false', '- { copy-file: { dest: FILE, content: x }, diff: false }', 0o644, false],
])('contents in events, %s', async (_title, tasks, mode, shown) => {
  const ran = await contents(tasks, mode)
  expect(ran.tasks[0]).toMatch(/^changed/)
  expect(all(ran).includes('hunter2')).toBe(shown)
  if (!shown) expect(all(ran)).toContain('contents not shown')
})
