import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { done, isRoot, planned, SHELLS, settled, shellIn, undone } from '../doing.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-attributes-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const fresh = (): string => {
  const folder = join(root, `d${folders++}`)
  mkdirSync(folder)
  return folder
}
const stat = (path: string): string => {
  const { uid, gid, mode } = statSync(path)
  return `${uid}:${gid} ${(mode & 0o7777).toString(8)}`
}

describe.each(SHELLS)('owners and modes with %s', (_, argv) => {
  it.skipIf(!isRoot)(
    'a file owned by ids without a name keeps them when its content changes, and undo restores them',
    async () => {
      const folder = fresh()
      const file = join(folder, 'f')
      writeFileSync(file, 'old')
      chownSync(file, 54321, 54322)
      chmodSync(file, 0o4750)
      const shell = shellIn(folder, argv)
      for (const type of ['copy-file', 'remove-path'] as const) {
        const changes = await settled(
          shell,
          type,
          type === 'copy-file' ? { dest: file, content: 'new' } : { path: file },
        )
        if (type === 'copy-file') expect([readFileSync(file, 'utf8'), stat(file)]).toEqual(['new', '54321:54322 4750'])
        await undone(shell, changes)
        expect([readFileSync(file, 'utf8'), stat(file)]).toEqual(['old', '54321:54322 4750'])
      }
      await shell.close()
    },
  )

  it.skipIf(!isRoot).each([
    ['54321', '54322', '54321:54322'],
    ['0', '54322', '0:54322'],
    ['nobody', '0', '65534:0'],
    ['065534', undefined, '65534:54399'],
    [undefined, 'nogroup', '54398:65534'],
  ])('owner %s and group %s are compared by number and converge', async (owner, group, wanted) => {
    const folder = fresh()
    const [file, dir] = [join(folder, 'f'), join(folder, 'd')]
    writeFileSync(file, 'x')
    mkdirSync(dir)
    const shell = shellIn(folder, argv)
    const asked = { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) }
    for (const path of [file, dir]) {
      chownSync(path, 54398, 54399)
      const before = stat(path)
      const changes =
        path === file
          ? await settled(shell, 'copy-file', { dest: path, content: 'x', ...asked })
          : await settled(shell, 'ensure-dir', { path, ...asked })
      expect(stat(path).split(' ')[0]).toBe(wanted)
      await undone(shell, changes)
      expect(stat(path)).toBe(before)
    }
    await shell.close()
  })

  it.each([
    ['2755', '0755', '755'],
    ['3775', '1775', '1775'],
    ['755', '02775', '2775'],
    ['2755', '00755', '755'],
    ['2755', 'g-s', '755'],
    ['2755', 'u=rwx,go=rx', '2755'],
    ['700', 'a+X,g+s', '2711'],
    ['755', 'o+t', '1755'],
  ])('a folder with %s gets mode %s: %s', async (from, mode, to) => {
    const folder = join(fresh(), 'd')
    mkdirSync(folder)
    execFileSync('chmod', [from.padStart(5, '0'), folder])
    const shell = shellIn(root, argv)
    const changes = await settled(shell, 'ensure-dir', { path: folder, mode })
    expect(stat(folder).split(' ')[1]).toBe(to)
    await undone(shell, changes)
    expect(stat(folder).split(' ')[1]).toBe(from)
    await shell.close()
  })

  it('an octal mode of four digits removes a set-id bit of a file', async () => {
    const file = join(fresh(), 'f')
    writeFileSync(file, 'x')
    chmodSync(file, 0o6755)
    const shell = shellIn(root, argv)
    await settled(shell, 'copy-file', { dest: file, content: 'x', mode: '0755' })
    expect(stat(file).split(' ')[1]).toBe('755')
    await shell.close()
  })

  it.each(['copy-file', 'ensure-dir', 'htpasswd-user'])('%s reports unknown accounts before it writes', async type => {
    const folder = fresh()
    const path = join(folder, 'x')
    const shell = shellIn(folder, argv)
    const given: Parameters<typeof done>[2] =
      type === 'copy-file'
        ? { dest: path, content: 'x' }
        : type === 'ensure-dir'
          ? { path }
          : { path, name: 'a', hash: '{SHA}x' }
    await settled(shell, type, given)
    const { said } = await done(shell, type, { ...given, owner: 'no-such-user', group: 'no such group' })
    expect(said).toBe("there is no user 'no-such-user' and no group 'no such group' on this host")
    await shell.close()
  })
})

// A directory service names groups with blanks: here getent and stat stand for it.
it.skipIf(!isRoot)('accounts with blanks in their names converge', async () => {
  const folder = fresh()
  const tools = join(folder, 'tools')
  mkdirSync(tools)
  const tool = (name: string, text: string) => writeFileSync(join(tools, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  tool('getent', `[ "$*" = 'group domain users' ] && echo 'domain users:*:54322:'`)
  tool('id', `case "$*" in *'ann lee') echo 54321 ;; *) exec /usr/bin/id "$@" ;; esac`)
  tool('stat', `/usr/bin/stat "$@" | sed 's/ UNKNOWN:UNKNOWN 54321 54322/ ann lee:domain users 54321 54322/'`)
  const shell = shellIn(folder, ['/bin/sh'], { ...process.env, PATH: `${tools}:${process.env['PATH']}` })
  const file = join(folder, 'f')
  const asked = { dest: file, content: 'x', owner: 'ann lee', group: 'domain users' }
  await settled(shell, 'copy-file', asked)
  expect(stat(file)).toBe('54321:54322 644')
  const plan = await planned(shell, 'copy-file', { ...asked, content: 'y', mode: '0600' })
  expect(plan.changes.map(one => one.what)).toEqual([`write ${file} (mode 0644 → 0600)`])
  await settled(shell, 'copy-file', { ...asked, content: 'y', mode: '0600' })
  expect(stat(file)).toBe('54321:54322 600')
  await shell.close()
})
