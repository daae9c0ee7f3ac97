import { userInfo } from 'node:os'
import { expect, it } from 'vitest'
import { play, run } from './played.ts'

const shown = (of: string) => `- debug: { msg: "{{ ${of} | to_json }}" }\n`

it('the registered results of files, folders and links have Ansible’s keys', async () => {
  const tasks = `- { name: d, ensure-dir: { path: "@/d", mode: "0750" }, register: d }
${shown('[d.path | basename, d.mode, d.state, d.uid, d.owner is defined, d.group is defined, d.gid is defined, d.size is defined]')}- { name: f, copy-file: { dest: "@/d/f", content: ab, mode: "0640" }, register: f }
${shown('[f.dest | basename, f.mode, f.state, f.size, f.checksum, f.changed]')}- { name: g, copy-file: { dest: "@/d/f", content: ab, mode: "0640" }, register: g }
${shown('[g.dest | basename, g.mode, g.state, g.size, g.checksum, g.changed]')}- { name: l, symlink: { src: "@/d/f", dest: "@/l" }, register: l }
${shown('[l.dest | basename, l.src | basename, l.state]')}- { name: r, remove-path: "@/l", register: r }
${shown('[r.path | basename, r.state, r.changed]')}`
  const { exit, messages } = await run({ 'p.yml': play(tasks) })
  const sum = 'da23614e02469a0d7c7bd1bdab5c9c474b1904dc'
  expect([exit, messages.filter(message => message.startsWith('['))]).toEqual([
    0,
    [
      `["d", "0750", "directory", ${userInfo().uid}, true, true, true, true]`,
      `["f", "0640", "file", 2, "${sum}", true]`,
      `["f", "0640", "file", 2, "${sum}", false]`,
      '["l", "f", "link"]',
      '["l", "absent", true]',
    ],
  ])
})

it('loop_control.pause waits between items', async () => {
  const began = Date.now()
  const ran = await run(
    play('- { name: n, debug: "{{ item }}", loop: [1, 2, 3], loop_control: { pause: "{{ 0.2 }}" } }\n'),
  )
  expect([ran.exit, Date.now() - began >= 400]).toEqual([0, true])
})
