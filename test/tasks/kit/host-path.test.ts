import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { cksum } from '../../../src/tasks/kit/checksum.ts'
import { nameOf, onHost, parentOf, plainPath } from '../../../src/tasks/kit/host-path.ts'
import { sh } from '../../../src/text/sh.ts'
import { SHELLS } from '../doing.ts'

describe('a path is normalised and split into folder and name', () => {
  it.each([
    ['/a/b', '/a/b', '/a', 'b'],
    ['/a//b///', '/a/b', '/a', 'b'],
    ['/a/./b/.', '/a/b', '/a', 'b'],
    ['/a/../b', '/a/../b', '/a/..', 'b'],
    ['/a', '/a', '/', 'a'],
    ['/', '/', '/', ''],
    ['//', '/', '/', ''],
    ['/...', '/...', '/', '...'],
    ['/a/.b', '/a/.b', '/a', '.b'],
    ['/a/b.', '/a/b.', '/a', 'b.'],
    ['~/x', '~/x', '~', 'x'],
    ['~ann/x/', '~ann/x', '~ann', 'x'],
    ['~', '~', '~', '~'],
  ])('%s', (path, plain, parent, name) => {
    expect([plainPath(path), parentOf(path), nameOf(path)]).toEqual([plain, parent, name])
  })
})

describe.each(SHELLS)('a ~ is expanded by the host: %s', (_, argv) => {
  it.each([
    ['~', '/h o'],
    ['~/x y', '/h o/x y'],
    ['~/$HOME `x` *', '/h o/$HOME `x` *'],
    ['~root/x', '/root/x'],
    ['~/~', '/h o/~'],
    ['~/', '/h o/'],
    ['/a/~/x', '/a/~/x'],
    ['~$(id)/x', '~$(id)/x'],
    ["it's ~", "it's ~"],
  ])('%s', (path, expanded) => {
    const [shell, ...args] = argv
    const script = sh`p=${onHost(path)}; printf '%s|%s' "$p" ${onHost(path)}`
    expect(
      execFileSync(shell, [...args, '-c', script.text], {
        env: { HOME: '/h o', PATH: process.env['PATH'] },
      }).toString(),
    ).toBe(`${expanded}|${expanded}`)
  })
})

it.each([0, 1, 255, 256, 65_536, 100_001])("cksum of %d bytes equals the tool's output", length => {
  const bytes = Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 131 + (i >> 8)) & 0xff))
  expect(cksum(bytes)).toBe(execFileSync('cksum', { input: bytes }).toString().trim())
})
