import { expect, it } from 'vitest'
import { placesIn } from '../../../src/load/yaml/places.ts'
import { sectionsOf, tasksIn } from '../../../src/model/steps.ts'
import { loaded } from '../loaded.ts'

const files = {
  'p.yml': `
- hosts: all
  vars: { v: 1 }
  roles: [{ role: r, x: "{{ v }}" }]
  tasks:
    - name: n
      copy-file: { dest: /tmp/x, content: "{{ v }}" }
      when: v == 1
      loop: [a, b]
      notify: h
  handlers: [{ name: h, debug: x }]
`,
  'roles/r/meta/main.yml': 'dependencies: [s]\n',
  'roles/r/tasks/main.yml': '- block: [{ debug: r }]\n  rescue: [{ debug: s }]\n',
  'roles/s/tasks/main.yml': '- debug: s\n',
}

it('the plays of a playbook are plain data: they can be copied to another process, and know their places there', async () => {
  const { playbook, faults } = await loaded(files)
  expect(faults).toEqual([])
  const { plays, sources } = structuredClone({ plays: playbook.plays, sources: playbook.sources })
  expect(plays).toEqual(playbook.plays)
  const task = plays.flatMap(play => tasksIn(sectionsOf(play))).find(({ name }) => name === 'n')
  const place = placesIn(sources)(task?.source ?? { file: '', path: [] })(['copy-file', 'content'])
  expect(place).toMatchObject({ line: 7, column: 44 })
})
