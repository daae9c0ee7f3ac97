import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadPlaybook } from '../../src/load/playbook/load-playbook.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { play, run } from './played.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-two-'))
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  ['does not run where the first one lost a host', "inventory_hostname == 'a'", 2, ['b: ok one']],
  ['runs where all is well', 'false', 0, ['a: ok one', 'a: ok two', 'b: ok one', 'b: ok two']],
])('a second playbook %s', async (_, when, exit, fine) => {
  const keywords = 'max_fail_percentage: 60'
  writeFileSync(
    join(folder, '1.yml'),
    play(`- { name: one, fail: x, when: "${when}" }\n- { name: one, debug: x }\n`, '', keywords),
  )
  writeFileSync(join(folder, '2.yml'), play('- { name: two, debug: x }\n'))
  const options = { cwd: folder, types: taskTypes, packageUrl: '' }
  const playbooks = [await loadPlaybook('1.yml', options), await loadPlaybook('2.yml', options)]
  const ran = await run(play('- debug: x\n'), { hosts: 'a,b', playbooks })
  expect([ran.exit, ran.lines.filter(line => line.includes(' ok ')).toSorted()]).toEqual([exit, fine])
  expect(ran.warnings.join()).toMatch(exit === 0 ? /^$/ : /1 host failed or was unreachable in 1\.yml \(a\)/)
})
