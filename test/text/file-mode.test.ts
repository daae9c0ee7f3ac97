import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { MODE_PATTERN, octalMode } from '../../src/text/file-mode.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-mode-'))
afterAll(() => rmSync(root, { recursive: true }))
const file = join(root, 'f')
const folder = join(root, 'd')
writeFileSync(file, '')
mkdirSync(folder)

const modes = [
  ...['u=rw', 'u=rwX,g=rX,o=', 'a+x', 'go-w', 'u+s', 'g+s', 'a+t', 'ug=rwx,o=rx', 'a=', 'u=g', 'o=u', 'a+X', 'go-rwx'],
  ...[
    'u-x+w',
    'a=rX',
    'u=rwx,g-w,o+r',
    'ugo+t',
    'ug-s',
    'a-t',
    'o+s',
    'u+t',
    'o+t',
    'go=t',
    'o-t',
    '0640',
    '755',
    '2770',
    '1777',
    '02775',
    '00644',
    'a=rx,u+ws',
    'u=rwx,g=rxs,o=',
  ],
]

describe.each([
  ['a file', file, false],
  ['a folder', folder, true],
] as const)('what chmod makes of %s', (_, path, isFolder) => {
  it.each(modes)('%s', mode => {
    for (const from of ['0644', '0755', '0600', '4755', '2750', '1777', '0000']) {
      chmodSync(path, Number.parseInt(from, 8))
      execFileSync('chmod', ['--', mode, path])
      const real = (statSync(path).mode & 0o7777).toString(8).padStart(4, '0')
      // An octal mode of four digits says it all here; GNU's chmod alone keeps the set-id bits of folders.
      if (isFolder && /^\d+$/.test(mode)) expect(octalMode(mode, from, isFolder)).toBe(mode.slice(-4).padStart(4, '0'))
      else expect([from, octalMode(mode, from, isFolder)]).toEqual([from, real])
    }
  })
})

describe('the pattern of modes', () => {
  it.each(modes)('%s', mode => {
    expect(mode).toMatch(new RegExp(MODE_PATTERN))
  })

  it.each(['', '64', '0888', 'rwx', '+x', 'u', 'u=rw,', 'u=q', '10644', '000644', 'u=rw g=r', '0o755', '-x'])(
    'not %j',
    mode => {
      expect(mode).not.toMatch(new RegExp(MODE_PATTERN))
    },
  )
})
