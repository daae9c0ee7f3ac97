import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { openLocal } from '../../../src/shell/local.ts'
import { sh } from '../../../src/text/sh.ts'
import { asNobody, change, done, isRoot, planned, SHELLS, settled, shellIn, undone } from '../doing.ts'
import { mountExt4, mountTmpfs, remount, unmountAll } from '../mounts.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-whole-'))
chmodSync(root, 0o755)
afterAll(() => unmountAll(root))
// Some of these do hundreds of changes, and the machine has other work.
vi.setConfig({ testTimeout: 180_000 })
let folders = 0
const fresh = (): string => {
  const folder = join(root, `d${folders++}`)
  mkdirSync(folder)
  return folder
}
type Params = Parameters<typeof done>[2]
const bytes = (n: number, first = 'a'): string => `${first}${'0123456789abcdef'.repeat(Math.ceil(n / 16))}`.slice(0, n)
/** Leaves so many bytes of a file system free. */
const fill = (at: string, free: number): void => {
  execFileSync('sh', ['-c', `dd if=/dev/zero of="$1/fill" bs=4k 2>/dev/null; truncate -s -${free} "$1/fill"`, 'sh', at])
}

describe.skipIf(!isRoot).each(SHELLS)('disks with %s', (_, argv) => {
  it.each([40_500, 200_000])(
    'a payload of %d bytes that does not fit into /tmp is an error and leaves the old file',
    async size => {
      const folder = fresh()
      const small = mountTmpfs(join(folder, 'tmp'), 'size=16k')
      const file = join(folder, 'f')
      writeFileSync(file, 'old')
      const shell = shellIn(folder, argv, { ...process.env, TMPDIR: small })
      const { code, said } = await done(shell, 'copy-file', { dest: file, content: bytes(size) })
      expect([code, readFileSync(file, 'utf8'), readdirSync(folder), readdirSync(small)]).toEqual([
        1,
        'old',
        ['f', 'tmp'],
        [],
      ])
      expect(said).toMatch(/is it full|No space left/)
      await shell.close()
    },
  )

  it('an undo works although /tmp is full', async () => {
    const folder = fresh()
    const small = mountTmpfs(join(folder, 'tmp'), 'size=64k')
    const file = join(folder, 'f')
    writeFileSync(file, bytes(40_500))
    const shell = shellIn(folder, argv, { ...process.env, TMPDIR: small })
    const [made] = await settled(shell, 'copy-file', { dest: file, content: 'new' })
    fill(small, 16_384)
    const { code } = await change(shell, made?.undo ?? { sh: sh`:` })
    expect([code, readFileSync(file, 'utf8')]).toEqual([1, 'new'])
    await shell.close()
  })

  it.each([
    ['copy-file', {}],
    ['copy-file', { backup: true }],
    ['htpasswd-user', {}],
  ])('%s on a full disk (%j) fails with that reason, keeps the file, and leaves nothing', async (type, more) => {
    const folder = mountTmpfs(join(fresh(), 'm'), 'size=96k')
    const file = join(folder, 'f')
    writeFileSync(file, '')
    writeFileSync(file, type === 'htpasswd-user' ? `# ${bytes(30_000)}\n` : bytes(30_000))
    const old = readFileSync(file, 'utf8')
    fill(folder, 8192)
    const shell = shellIn(folder, argv)
    const given: Params =
      type === 'htpasswd-user'
        ? { path: file, name: 'a', hash: '{SHA}x' }
        : { dest: file, content: bytes(30_000, 'b'), ...more }
    const { code, said } = await done(shell, type, given)
    expect(code).toBe(1)
    expect(said).toMatch(/No space left on device/)
    expect([readFileSync(file, 'utf8') === old, readdirSync(folder).sort()]).toEqual([true, ['f', 'fill']])
    await shell.close()
  })

  it('a read-only file system is reported as such, also to root', async () => {
    const folder = mountTmpfs(join(fresh(), 'm'), 'size=96k')
    writeFileSync(join(folder, 'f'), 'old')
    symlinkSync('f', join(folder, 'l'))
    remount(folder, 'ro')
    const shell = shellIn(root, argv)
    for (const [type, params] of [
      ['copy-file', { dest: join(folder, 'f'), content: 'new' }],
      ['copy-file', { dest: join(folder, 'g'), content: 'new' }],
      ['ensure-dir', { path: join(folder, 'd/e') }],
      ['symlink', { src: 'g', dest: join(folder, 'l'), force: true }],
      ['remove-path', { path: join(folder, 'f') }],
    ] as const)
      expect((await done(shell, type, params)).said, type).toMatch(/read-only/i)
    expect((await done(shell, 'copy-file', { dest: join(folder, 'f'), content: 'old', mode: '0600' })).said).toMatch(
      /[Rr]ead-only/,
    )
    await shell.close()
  })
})

describe.each(SHELLS)('whole files with %s', (name, argv) => {
  const applets = execFileSync('busybox', ['--list']).toString().split('\n')
  // A disk that loses bytes without a word, and tools that are not there.
  const tools = (
    folder: string,
    scripts: Readonly<Record<string, string>>,
    without: readonly string[] = [],
  ): string => {
    const bin = join(folder, 'bin')
    mkdirSync(bin)
    const needed =
      'cat chmod chown cksum cp cut date dd env find getent grep head id ln ls mkdir mktemp mv printf pwd readlink rm rmdir sed sh sha256sum sleep stat tail truncate wc'
    for (const tool of needed.split(' ').filter(one => !without.includes(one) && !(one in scripts)))
      try {
        const where =
          name === 'busybox' && applets.includes(tool)
            ? '/bin/busybox'
            : execFileSync('sh', ['-c', `PATH=/usr/bin:/bin; ls /usr/bin/${tool} || ls /bin/${tool}`])
                .toString()
                .trim()
        symlinkSync(where, join(bin, tool))
      } catch {
        // A builtin.
      }
    for (const [tool, text] of Object.entries(scripts))
      writeFileSync(join(bin, tool), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
    return bin
  }

  it.each([
    ['dd stops early without a word', { dd: 'exec head -c 100 "${1#if=}"' }, []],
    ['dd changes a byte', { dd: 'head -c 39999 "${1#if=}"; printf x' }, []],
    ['dd stops early, and there is no sha256sum', { dd: 'exec head -c 100 "${1#if=}"' }, ['sha256sum']],
    ['dd changes a byte, and there is no sha256sum', { dd: 'head -c 39999 "${1#if=}"; printf x' }, ['sha256sum']],
    ['there is no checksum at all', {}, ['sha256sum', 'cksum']],
  ])('%s: the old file stays and the change fails', async (_, scripts, without) => {
    const folder = fresh()
    const file = join(folder, 'f')
    writeFileSync(file, 'old')
    const shell = shellIn(folder, argv, { PATH: tools(folder, scripts, without) })
    const { code, said } = await done(shell, 'copy-file', { dest: file, content: bytes(40_000) })
    expect(code, said).toBe(1)
    expect(said).toMatch(/not written whole|neither sha256sum nor cksum/)
    expect([readFileSync(file, 'utf8'), readdirSync(folder).sort()]).toEqual(['old', ['bin', 'f']])
    await shell.close()
  })

  it('without sha256sum, files of any size are written, compared and restored with cksum', async () => {
    const folder = fresh()
    const file = join(folder, 'f')
    writeFileSync(file, 'old')
    const shell = shellIn(folder, argv, { PATH: tools(folder, {}, ['sha256sum']) })
    const changes = await settled(shell, 'copy-file', { dest: file, content: bytes(700_000) })
    await undone(shell, changes)
    expect(readFileSync(file, 'utf8')).toBe('old')
    await shell.close()
  })

  it('a file that cannot be read whole is neither compared nor kept for undo', async () => {
    const folder = fresh()
    const file = join(folder, 'f')
    writeFileSync(file, 'old content')
    const shell = shellIn(folder, argv, { PATH: tools(folder, { cat: 'head -c 3 "$@"' }) })
    expect((await done(shell, 'copy-file', { dest: file, content: 'new' })).said).toContain(
      'could not be read whole (3 of 11 bytes)',
    )
    expect((await done(shell, 'remove-path', { path: file })).said).toContain('could not be read whole (3 of 11 bytes)')
    await shell.close()
  })

  it('two changes within a second keep two backups, also with a name of 255 bytes and a planted link', async () => {
    const folder = fresh()
    for (const base of ['f', `${'ü'.repeat(127)}x`]) {
      const shell = shellIn(folder, argv)
      const victim = join(folder, 'victim')
      writeFileSync(victim, 'mine')
      writeFileSync(join(folder, base), '0')
      const clock = tools(folder, { date: 'echo 20260101T000000' })
      const stopped = shellIn(folder, argv, { ...process.env, PATH: `${clock}:${process.env['PATH']}` })
      const start = base === 'f' ? 'f' : 'ü'.repeat(115)
      symlinkSync(victim, join(folder, `${start}.20260101T000000~`))
      for (const content of ['1', '2', '3'])
        await settled(stopped, 'copy-file', { dest: join(folder, base), content, backup: true })
      const kept = readdirSync(folder).filter(
        one => one.startsWith(`${start}.2026`) && one !== `${start}.20260101T000000~`,
      )
      expect(kept.map(one => readFileSync(join(folder, one), 'utf8')).sort()).toEqual(['0', '1', '2'])
      expect([readFileSync(victim, 'utf8'), readFileSync(join(folder, base), 'utf8')]).toEqual(['mine', '3'])
      execFileSync('rm', ['-rf', join(folder, 'bin')])
      await shell.close()
      await stopped.close()
    }
  })

  it('a backup of a hard-linked file is a copy that later writes do not change', async () => {
    const folder = fresh()
    writeFileSync(join(folder, 'f'), 'old')
    linkSync(join(folder, 'f'), join(folder, 'other'))
    const shell = shellIn(folder, argv)
    await settled(shell, 'copy-file', { dest: join(folder, 'f'), content: 'new', backup: true })
    writeFileSync(join(folder, 'other'), 'later')
    const [backup = ''] = readdirSync(folder).filter(one => one.endsWith('~'))
    expect([readFileSync(join(folder, backup), 'utf8'), readFileSync(join(folder, 'f'), 'utf8')]).toEqual([
      'old',
      'new',
    ])
    await shell.close()
  })

  it('a link to a folder is replaced, nothing is written to the folder, and undo restores the link', async () => {
    const folder = fresh()
    mkdirSync(join(folder, 'other'))
    for (const type of ['copy-file', 'symlink'] as const) {
      symlinkSync('other', join(folder, type))
      const shell = shellIn(folder, argv)
      const changes = await settled(shell, type, {
        dest: join(folder, type),
        ...(type === 'symlink' ? { src: 'nowhere', force: true } : { content: 'x' }),
      })
      expect(readdirSync(join(folder, 'other'))).toEqual([])
      await undone(shell, changes)
      expect([readlinkSync(join(folder, type)), readdirSync(join(folder, 'other'))]).toEqual(['other', []])
      await shell.close()
    }
  })

  it.each(['validate', 'TERM'])('a change that is cut off (%s) leaves no temporary file', async how => {
    const folder = fresh()
    const file = join(folder, 'f')
    writeFileSync(file, 'old')
    const shell = openLocal({ argv, cwd: folder })
    const { changes } = await planned(shell, 'copy-file', {
      dest: file,
      content: 'new',
      validate: 'grep -q new %s && sleep 60',
    })
    const [one] = changes
    const output = await shell.run(one?.sh ?? sh`:`, {
      payload: one?.payload,
      ...(how === 'validate' ? { timeout: 700 } : { signal: AbortSignal.timeout(700) }),
    })
    expect([output.code, readFileSync(file, 'utf8'), readdirSync(folder)]).toEqual([124, 'old', ['f']])
    await shell.close()
  })

  it('files with the longest and odd names are written, changed, linked, restored and removed', async () => {
    const folder = fresh()
    const shell = shellIn(folder, argv)
    const names = [
      'x'.repeat(255),
      `${'ü'.repeat(127)}y`,
      '😀'.repeat(63),
      '-rf',
      'o',
      'd',
      'none',
      'a\nb',
      'c\n',
      '*',
      'it\'s $HOME `x` \\ "q" %s',
      ' ',
    ]
    for (const one of names) {
      const path = join(folder, one)
      const first = await settled(shell, 'copy-file', { dest: path, content: '1', mode: '0600' })
      const second = await settled(shell, 'copy-file', {
        dest: path,
        content: '2',
        mode: 'a+r',
        backup: one.length < 200,
      })
      await settled(shell, 'copy-file', { dest: path, content: '2', mode: '0640' })
      const gone = await settled(shell, 'remove-path', { path })
      await undone(shell, gone)
      await undone(shell, second)
      expect([readFileSync(path, 'utf8'), (statSync(path).mode & 0o777).toString(8)], one).toEqual(['1', '600'])
      await undone(shell, first)
      await undone(shell, await settled(shell, 'symlink', { dest: path, src: '/nowhere', force: true }))
      await undone(shell, await settled(shell, 'ensure-dir', { path: join(path, one), mode: '0711' }))
    }
    expect(readdirSync(folder).filter(one => !one.endsWith('~'))).toEqual([])
    await shell.close()
  })

  it('a file that validate refuses leaves the old one with its ctime, by which services know what is new', async () => {
    const folder = fresh()
    const file = join(folder, 'f')
    writeFileSync(file, 'old')
    const { ctimeMs } = statSync(file)
    const shell = shellIn(folder, argv)
    const refused = await done(shell, 'copy-file', { dest: file, content: 'new', validate: 'grep -q old %s' })
    expect(refused.said).toMatch(/validate refused the new file/)
    expect([readFileSync(file, 'utf8'), statSync(file).ctimeMs, readdirSync(folder)]).toEqual(['old', ctimeMs, ['f']])
    await shell.close()
  })

  it('a path that ends in a slash is refused, and double slashes are normalised', async () => {
    const folder = fresh()
    mkdirSync(join(folder, 'there'))
    symlinkSync('there', join(folder, 'l'))
    const shell = shellIn(folder, argv)
    for (const dest of ['new/', 'there/'])
      expect((await done(shell, 'copy-file', { dest: join(folder, dest, '/'), content: 'x' })).said).toMatch(
        /folder: name the file itself$/,
      )
    await settled(shell, 'copy-file', { dest: `${folder}//there/.//f`, content: 'x' })
    await settled(shell, 'remove-path', { path: `${folder}//l/` })
    await settled(shell, 'ensure-dir', { path: `${folder}//n//m/` })
    expect([readdirSync(folder).sort(), readdirSync(join(folder, 'there'))]).toEqual([['n', 'there'], ['f']])
    await shell.close()
  })

  it.skipIf(!isRoot)('an account without privileges writes, protects and removes its own files', async () => {
    const folder = fresh()
    chownSync(folder, 65534, 65534)
    const shell = shellIn(folder, [...asNobody, ...argv])
    const file = join(folder, 'f')
    await undone(shell, await settled(shell, 'copy-file', { dest: file, content: 'x', mode: '0400' }))
    await settled(shell, 'copy-file', { dest: file, content: 'x', mode: '0400' })
    await settled(shell, 'copy-file', { dest: file, content: 'y', backup: true })
    await settled(shell, 'ensure-dir', { path: join(folder, 'a/b'), mode: '0555' })
    await settled(shell, 'ensure-dir', { path: join(folder, 'c'), mode: '0555' })
    await settled(shell, 'symlink', { src: 'f', dest: join(folder, 'l') })
    await settled(shell, 'remove-path', { path: file })
    expect(statSync(join(folder, 'c')).mode & 0o777).toBe(0o555)
    const mine = join(fresh(), 'mine')
    writeFileSync(mine, 'x')
    chownSync(mine, 65534, 65534)
    await settled(shell, 'copy-file', { dest: mine, content: 'x', mode: '0600' })
    await shell.close()
  })

  // bash tries again for a quarter of a minute, for each process.
  it.skipIf(!isRoot || name === 'bash')(
    'a full process table is reported as such, and nothing is left behind',
    async () => {
      const folder = fresh()
      chownSync(folder, 65532, 65532)
      const file = join(folder, 'f')
      writeFileSync(file, 'old')
      chownSync(file, 65532, 65532)
      const said: string[] = []
      for (const limit of [1, 2, 3, 4]) {
        const shell = shellIn(folder, [
          'prlimit',
          `--nproc=${limit}`,
          'setpriv',
          '--reuid=65532',
          '--regid=65532',
          '--clear-groups',
          ...argv,
        ])
        try {
          const { code, said: why } = await done(shell, 'copy-file', { dest: file, content: 'new' })
          if (code === 0) writeFileSync(file, 'old')
          else said.push(why)
        } catch (error) {
          said.push(String(error))
        }
        expect([['old', 'new'].includes(readFileSync(file, 'utf8')), readdirSync(folder)]).toEqual([true, ['f']])
        await shell.close()
      }
      expect(said.length).toBeGreaterThan(0)
      for (const why of said) expect(why).not.toMatch(/does not exist|no user|become/)
    },
  )
})

describe.skipIf(!isRoot)('attributes of a file that stay when its contents change', () => {
  const ext4 = isRoot ? mountExt4(join(root, 'ext4')) : undefined
  const python = (code: string, ...args: string[]) =>
    execFileSync('python3', ['-c', `import os,sys\n${code}`, ...args])
      .toString()
      .trim()
  const xattrs = (path: string) =>
    python('print(sorted((k, os.getxattr(sys.argv[1], k)) for k in os.listxattr(sys.argv[1])))', path)

  it.skipIf(ext4 === undefined).each(['/bin/dash', '/bin/bash'])(
    'extended attributes and access lists are kept by a change and its undo (%s)',
    async argv => {
      const folder = ext4 ?? ''
      const file = join(folder, `f${argv.length}`)
      writeFileSync(file, 'old')
      // user::rw- user:1234:rw- group::r-- mask::rw- other::---, as the kernel keeps it
      const list =
        '02000000010006 00ffffffff020006 00d2040000040004 00ffffffff100006 00ffffffff200000 00ffffffff'.replaceAll(
          ' ',
          '',
        )
      python(
        "os.setxattr(sys.argv[1], 'user.note', b'kept'); os.setxattr(sys.argv[1], 'system.posix_acl_access', bytes.fromhex(sys.argv[2]))",
        file,
        list,
      )
      const before = xattrs(file)
      expect(before).toContain('user.note')
      expect(before).toContain('posix_acl_access')
      const shell = shellIn(folder, [argv])
      const changes = await settled(shell, 'copy-file', { dest: file, content: 'new', backup: true })
      expect([readFileSync(file, 'utf8'), xattrs(file)]).toEqual(['new', before])
      expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000)
      const [backup = ''] = readdirSync(folder).filter(one => one.startsWith(`f${argv.length}.`))
      expect([readFileSync(join(folder, backup), 'utf8'), xattrs(join(folder, backup))]).toEqual(['old', before])
      await undone(shell, changes)
      expect([readFileSync(file, 'utf8'), xattrs(file)]).toEqual(['old', before])
      await shell.close()
    },
  )
})

it('with busybox only, files, folders and links are made, changed, kept, restored and removed', async () => {
  const folder = fresh()
  const tools = join(folder, 'tools')
  mkdirSync(tools)
  execFileSync('/bin/busybox', ['--install', '-s', tools])
  const shell = shellIn(folder, ['/bin/busybox', 'sh'], { PATH: tools })
  const at = (name: string) => join(folder, name)
  mkdirSync(at('other'))
  symlinkSync('other', at('l'))
  const made = [
    ...(await settled(shell, 'copy-file', { dest: at('f'), content: '1', mode: '0600' })),
    ...(await settled(shell, 'copy-file', {
      dest: at('f'),
      content: bytes(700_000),
      backup: true,
      validate: 'test -s %s',
    })),
  ]
  await undone(shell, made.slice(1))
  made.splice(1)
  made.push(...(await settled(shell, 'copy-file', { dest: at('f'), content: '1', mode: 'a+r' })))
  made.push(...(await settled(shell, 'ensure-dir', { path: at('a/b'), mode: '2750' })))
  made.push(...(await settled(shell, 'ensure-dir', { path: at('a/b'), mode: '0755' })))
  made.push(...(await settled(shell, 'copy-file', { dest: at('l'), content: 'x' })))
  await undone(shell, made.slice(-1))
  made.pop()
  made.push(...(await settled(shell, 'symlink', { dest: at('l'), src: 'f' })))
  made.push(...(await settled(shell, 'htpasswd-user', { path: at('p'), name: 'a', hash: '{SHA}x' })))
  made.push(...(await settled(shell, 'remove-path', { path: at('p') })))
  await undone(shell, made)
  expect((await done(shell, 'copy-file', { dest: at('f'), content: 'x', validate: 'false %s' })).said).toMatch(
    /validate refused/,
  )
  expect(
    readdirSync(folder)
      .filter(one => !one.endsWith('~'))
      .sort(),
  ).toEqual(['l', 'other', 'tools'])
  expect([readlinkSync(at('l')), readdirSync(at('other'))]).toEqual(['other', []])
  await shell.close()
})

it('a change cleans up although the controller was killed', async () => {
  const folder = fresh()
  const file = join(folder, 'f')
  writeFileSync(file, 'old')
  const shell = shellIn(folder)
  const { changes } = await planned(shell, 'copy-file', {
    dest: file,
    content: 'new',
    validate: 'sleep 0.5; grep -q new %s',
  })
  await shell.close()
  writeFileSync(join(folder, 'payload'), 'new')
  const child = spawn(
    '/bin/sh',
    ['-c', `payload=${join(folder, 'payload')}; ( eval "$1" )`, 'sh', changes[0]?.sh.text ?? ''],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  child.stdout?.destroy()
  child.stderr?.destroy()
  await new Promise(resolve => child.once('exit', resolve))
  expect([readFileSync(file, 'utf8'), readdirSync(folder).sort()]).toEqual(['new', ['f', 'payload']])
})
