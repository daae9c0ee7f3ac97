import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderString, type Scope } from '../../src/template/template.ts'
import { play, run } from '../run/played.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-controller-'))
beforeAll(() => {
  mkdirSync(join(folder, 'sub'))
  writeFileSync(join(folder, 'file.conf'), 'x')
  symlinkSync('file.conf', join(folder, 'link'))
  symlinkSync('nowhere', join(folder, 'dangling'))
})
afterAll(() => rmSync(folder, { recursive: true }))

it('filters and tests read files of the controller', async () => {
  const rows: readonly (readonly [string, boolean])[] = [
    ["f ~ '/file.conf' is file", true],
    ["f ~ '/sub' is file", false],
    ["f ~ '/sub' is directory", true],
    ["f ~ '/link' is link", true],
    ["f ~ '/file.conf' is link", false],
    ["f ~ '/link' is exists", true],
    ["f ~ '/dangling' is exists", false],
    ["f ~ '/dangling' is link_exists", true],
    ["f ~ '/nope' is exists", false],
    ["[f ~ '/link', f ~ '/file.conf'] | map('realpath') | unique | length == 1", true],
    ["f ~ '/link' is same_file(f ~ '/file.conf')", true],
    ["f ~ '/sub' is same_file(f ~ '/file.conf')", false],
    ["(f ~ '/*.conf') | fileglob == [f ~ '/file.conf']", true],
    ["(f ~ '/*.nope') | fileglob == []", true],
    ["'/' is mount", true],
    ["f ~ '/sub' is mount", false],
    [`'~/x' | expanduser == '${homedir()}/x'`, true],
    ["'a' is abs", false],
  ]
  const tasks = rows.map(
    ([test]) =>
      `- assert: { that: ${JSON.stringify(`(${test.replace(/^f ~ ('[^']*') is/, '(f ~ $1) is')})`)} }\n  ignore_errors: true\n`,
  )
  const ran = await run(play(`- set_fact: { f: ${JSON.stringify(folder)} }\n${tasks.join('')}`))
  expect(rows.map(([test], i) => [test, ran.tasks[i + 1]?.startsWith('ok')])).toEqual(rows)
})

const scope: Scope = { get: () => undefined, has: () => false }

describe('the address tests', () => {
  it.each<[string, boolean]>([
    ["'10.0.0.1' is ansible.utils.ipv4", true],
    ["'10.0.0.0/24' is ansible.utils.ipv4", true],
    ["'10.0.0.0/24' is ansible.utils.ipv4_address", false],
    ["'fe80::1' is ansible.utils.ipv6", true],
    ["'fe80::1' is ansible.utils.ipv4", false],
    ["'fe80::1' is ansible.utils.ip_address", true],
    ["'10.0.0.256' is ansible.utils.ip", false],
    ["'host' is ipv4", false],
    ["'' is ip", false],
    ['none is ansible.utils.ip', false],
    ["['10.0.0.1', 'x', '::1'] | select('ansible.utils.ipv6') | list == ['::1']", true],
  ])('%s is %s', (expression, expected) => {
    expect(renderString(`{{ ${expression} }}`, scope)).toBe(expected)
  })
})
