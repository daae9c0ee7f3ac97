import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Change } from '../../../src/model/change.ts'
import type { JsonObject } from '../../../src/model/json.ts'
import { change, done, isRoot, planned, SHELLS, shellIn } from '../doing.ts'

const NOBODY = 65534
const root = mkdtempSync(join(tmpdir(), 'mlplay-swapped-'))
chmodSync(root, 0o755)
const swapper = join(root, 'swap')
const attackers: ChildProcess[] = []
// Without a compiler a shell does it, more slowly.
const IN_SHELL = `#!/bin/sh
cd "$1" || exit 1
victims=$2
shift 2
while :; do
  for one in .mlplay.??????; do mv "$one" "away$$" && ln -s "$victims" "$one"; done
  for one in "$@"; do rm -f "$one"; rmdir "$one"; ln -s "$victims" "$one"; rm -f "$one"; ln -s "$victims/secret" "$one"; rm -f "$one"; mkdir "$one"; done
done 2>/dev/null
`
beforeAll(() => {
  try {
    execFileSync('gcc', ['-O1', '-w', '-o', swapper, join(import.meta.dirname, 'swap.c')], { stdio: 'ignore' })
  } catch {
    writeFileSync(swapper, IN_SHELL, { mode: 0o755 })
  }
})
afterAll(() => {
  for (const one of attackers) one.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

vi.setConfig({ testTimeout: 180_000 })

let folders = 0
/** A folder of an attacker's, and beside it what is root's alone. */
const scene = () => {
  const place = join(root, `s${folders++}`)
  const [home, victims] = [join(place, 'home'), join(place, 'victims')]
  for (const folder of [place, home, victims]) mkdirSync(folder)
  chownSync(home, NOBODY, NOBODY)
  writeFileSync(join(victims, 'secret'), 'root only', { mode: 0o600 })
  return { home, victims }
}
const looks = (victims: string) =>
  [victims, ...readdirSync(victims).map(one => join(victims, one))].map(path => {
    const { uid, gid, mode, nlink } = lstatSync(path)
    return `${path} ${uid}:${gid} ${mode.toString(8)} ${path === victims ? '' : `${nlink} ${readFileSync(path, 'utf8')}`}`
  })
const attack = (home: string, victims: string, ...names: string[]): void => {
  attackers.push(spawn(swapper, [home, victims, ...names], { uid: NOBODY, gid: NOBODY, stdio: 'ignore' }))
}
const rest = () => {
  for (const one of attackers.splice(0)) one.kill('SIGKILL')
}

const owned = { owner: 'nobody', group: 'nogroup', mode: '0666' }

// The plan is made in peace, when the folder is as it should be; the attacker is at work while the change is made.
describe.skipIf(!isRoot).each(SHELLS)(
  'a folder whose owner replaces its entries during a change, with %s',
  (name, argv) => {
    const TRIES = name === 'dash' ? 24 : 6
    it.each([
      ['a new file', 'copy-file', { content: 'evil', ...owned }, () => {}],
      [
        'a file that changes',
        'copy-file',
        { content: 'evil', backup: true, ...owned },
        (at: string) => writeFileSync(at, 'old'),
      ],
      [
        'the attributes of a file',
        'copy-file',
        { content: 'same', ...owned },
        (at: string) => writeFileSync(at, 'same', { mode: 0o600 }),
      ],
      ['a new folder', 'ensure-dir', owned, () => {}],
      ['a new folder in a new folder', 'ensure-dir', { ...owned, deep: true }, () => {}],
      ['the attributes of a folder', 'ensure-dir', { ...owned, mode: '0777' }, (at: string) => mkdirSync(at)],
      ['a new link', 'symlink', { src: '/nowhere', force: true }, () => {}],
      ['a path that goes', 'remove-path', {}, (at: string) => writeFileSync(at, 'x')],
    ] as const)('%s leads root nowhere else', async (_, type, given, before) => {
      const { home, victims } = scene()
      const at = join(home, 'target')
      const { deep, ...params } = { deep: false, ...given }
      const path = deep ? join(at, 'below') : at
      const was = looks(victims)
      before(at)
      const shell = shellIn(root, argv)
      const named: JsonObject = type === 'ensure-dir' || type === 'remove-path' ? { path } : { dest: path }
      const { changes } = await planned(shell, type, { ...named, ...(params as JsonObject) })
      const [one] = changes as readonly Change[]
      if (one === undefined) throw new Error('nothing to do')
      attack(home, victims, 'target', 'target.20260101T000000~')
      for (let i = 0; i < TRIES; i++) {
        await change(shell, one)
        if (i % 4 === 0 && one.undo !== undefined) await change(shell, one.undo)
        expect(looks(victims), `try ${i}`).toEqual(was)
      }
      rest()
      await shell.close()
    })

    it('a parent that was replaced by a link is not followed', async () => {
      const { home, victims } = scene()
      const was = looks(victims)
      const shell = shellIn(root, argv)
      mkdirSync(join(home, 'app'))
      const plans = [
        await planned(shell, 'copy-file', { dest: join(home, 'app/f'), content: 'evil', ...owned }),
        await planned(shell, 'ensure-dir', { path: join(home, 'app/d'), ...owned }),
        await planned(shell, 'symlink', { dest: join(home, 'app/l'), src: '/nowhere', force: true }),
      ]
      const gone = await planned(shell, 'copy-file', { dest: join(home, 'app/secret'), content: 'x' })
      attack(home, victims, 'app')
      for (let i = 0; i < TRIES; i++) {
        for (const { changes } of plans) for (const one of changes) await change(shell, one)
        for (const { undo } of gone.changes) if (undo !== undefined) await change(shell, undo)
        expect(looks(victims), `try ${i}`).toEqual(was)
      }
      rest()
      await shell.close()
    })

    it('planted links expose nothing, and links of root or of the same owner are followed', async () => {
      const { home, victims } = scene()
      const was = looks(victims)
      symlinkSync(victims, join(home, 'theirs'))
      mkdirSync(join(home, 'own'))
      symlinkSync('own', join(home, 'fine'))
      symlinkSync('../victims', join(home, 'by-root'))
      for (const one of ['own']) chownSync(join(home, one), NOBODY, NOBODY)
      for (const one of ['theirs', 'fine']) execFileSync('chown', ['-h', 'nobody:nogroup', join(home, one)])
      const shell = shellIn(root, argv)
      const foreign = /is not its owner's|leads through the link/
      expect((await done(shell, 'ensure-dir', { path: join(home, 'theirs'), ...owned })).said).toMatch(foreign)
      expect((await done(shell, 'copy-file', { dest: join(home, 'theirs/f'), content: 'x' })).said).toMatch(foreign)
      expect((await done(shell, 'ensure-dir', { path: join(home, 'theirs/d') })).said).toMatch(foreign)
      expect((await done(shell, 'remove-path', { path: join(home, 'theirs/secret') })).said).toMatch(foreign)
      expect(looks(victims)).toEqual(was)
      for (const [type, params] of [
        ['ensure-dir', { path: join(home, 'theirs') }],
        ['ensure-dir', { path: join(home, 'fine'), mode: '0711' }],
        ['copy-file', { dest: join(home, 'fine/f'), content: 'x' }],
        ['copy-file', { dest: join(home, 'by-root/f'), content: 'x' }],
      ] as const)
        expect((await done(shell, type, params)).said, type).toBe('')
      expect([lstatSync(join(home, 'own')).mode & 0o777, readdirSync(victims).sort()]).toEqual([0o711, ['f', 'secret']])
      await shell.close()
    })
  },
)
