// Real apt-get and dpkg, with a repository of a few packages of our own, in a view of this machine that is thrown away.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/model/task-type.ts'
import type { Shell } from '../../src/shell/shell.ts'
import aptInstall from '../../src/tasks/packages/apt-install.ts'
import { userScript } from '../../src/text/sh.ts'
import { answered, decided, look, question } from '../tasks/stages.ts'
import { openView, viewFolder } from './private-view.ts'

const wanted = process.env['MLPLAY_E2E'] === '1' && process.getuid?.() === 0
const { path: folder, remove } = viewFolder('apt')

/** A package with nothing in it but what it says of itself. */
const build = (name: string, version: string, more: { readonly control?: string; readonly postinst?: string } = {}) => {
  const root = join(folder, 'build', `${name}_${version}`)
  mkdirSync(join(root, 'DEBIAN'), { recursive: true })
  mkdirSync(join(root, 'etc'), { recursive: true })
  writeFileSync(join(root, 'etc', `${name}.conf`), 'as shipped\n')
  writeFileSync(join(root, 'DEBIAN/conffiles'), `/etc/${name}.conf\n`)
  writeFileSync(
    join(root, 'DEBIAN/control'),
    `Package: ${name}\nVersion: ${version}\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: a test\n${more.control ?? ''}`,
  )
  if (more.postinst !== undefined) {
    writeFileSync(join(root, 'DEBIAN/postinst'), `#!/bin/sh\n${more.postinst}\n`)
    chmodSync(join(root, 'DEBIAN/postinst'), 0o755)
  }
  execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-b', root, join(folder, 'repository')], {
    stdio: 'ignore',
  })
}

const setup = `rm -rf /etc/apt/sources.list /etc/apt/sources.list.d /var/lib/apt/lists; mkdir -p /etc/apt/sources.list.d
echo 'deb [trusted=yes] file:${folder}/repository ./' > /etc/apt/sources.list; echo 'APT::Sandbox::User "root";' > /etc/apt/apt.conf.d/zz-test
apt-get update -qq`

interface Turn {
  readonly what: readonly string[]
  readonly problem: string | undefined
  readonly code: number
  readonly stderr: string
  /** What is left to do afterwards. */
  readonly left: readonly string[]
}

const plan = async (shell: Shell, given: JsonObject): Promise<Plan> =>
  decided(aptInstall, given, { state: await look(shell, aptInstall, given) })

/** The same, where programs of the host complain on stderr meanwhile. */
const planDespiteComplaints = async (shell: Shell, given: JsonObject): Promise<Plan> =>
  decided(aptInstall, given, { state: answered(aptInstall, await shell.run(question(aptInstall, given))) })

const turn = async (shell: Shell, given: JsonObject): Promise<Turn> => {
  const first = await plan(shell, given)
  const outputs = []
  for (const change of first.changes) outputs.push(await shell.run(change.sh))
  const left = first.changes.length === 0 ? [] : (await plan(shell, given)).changes.map(({ what }) => what)
  return {
    what: first.changes.map(({ what }) => what),
    problem: first.problem,
    code: outputs.find(({ code }) => code !== 0)?.code ?? 0,
    stderr: outputs.map(({ stderr }) => Buffer.from(stderr).toString()).join(''),
    left,
  }
}

describe.skipIf(!wanted)('packages with a real apt-get', { timeout: 120_000 }, () => {
  beforeAll(() => {
    mkdirSync(join(folder, 'repository'))
    build('mlone', '1.0')
    build('mlone', '1.1')
    build('mltwo', '2.0', { control: 'Provides: ml-virtual\n' })
    build('ml++', '1.0')
    build('mlplus', '1.0')
    build('mlslow', '1.0', { postinst: 'touch /var/tmp/mlslow-begun; sleep 3' })
    build('mlfails', '1.0', { postinst: 'test -e /var/tmp/mlfails-may' })
    build('mlneeds', '1.0', { control: 'Depends: mlone, mlfails\n' })
    execFileSync('sh', ['-c', 'dpkg-scanpackages -m . > Packages 2>/dev/null'], { cwd: join(folder, 'repository') })
  })
  afterAll(remove)

  const inView = async (
    use: (shell: Shell, run: (script: string) => Promise<string>) => Promise<void>,
    name = 'dash',
  ) => {
    const shell = openView(folder, { shell: name, setup })
    try {
      await use(shell, async script => {
        const { stdout, stderr } = await shell.run(userScript(script))
        return Buffer.concat([stdout, stderr]).toString()
      })
    } finally {
      await shell.close()
    }
  }
  const statusOf = (name: string) => `dpkg-query -W -f='\${db:Status-Abbrev}' '${name}' 2>/dev/null`

  it.each(['dash', 'bash --posix', 'busybox sh'])('are installed, changed and taken away by %s', async name => {
    await inView(async (shell, run) => {
      const of = (given: JsonObject) => turn(shell, given)
      const done = { code: 0, stderr: '', left: [], problem: undefined }
      expect(await of({ name: ['mlone=1.0', 'ml++'] })).toEqual({ ...done, what: ['install mlone=1.0, ml++'] })
      expect(await of({ name: 'mlone, ml++' })).toMatchObject({ what: [] })
      expect(await of({ name: 'mlone', state: 'latest' })).toEqual({ ...done, what: ['install mlone'] })
      expect(await of({ name: 'mlone=1.*' })).toMatchObject({ what: [] })
      expect(await of({ name: 'ml-virtual' })).toEqual({ ...done, what: ['install ml-virtual'] })
      expect(await of({ name: 'ml-virtual' })).toMatchObject({ what: [] })
      expect(await of({ name: 'mltwo:all' })).toMatchObject({ what: [] })
      expect(await of({ name: 'mlone=1.0', state: 'absent' })).toMatchObject({ what: [] })
      expect(await of({ name: 'mlone', state: 'absent' })).toEqual({ ...done, what: ['remove mlone'] })
      expect(await run(statusOf('mlone'))).toBe('rc ')
      expect(await of({ name: 'mlone', state: 'absent' })).toMatchObject({ what: [] })
      expect(await of({ name: 'mlone' })).toEqual({ ...done, what: ['install mlone'] })
      expect(await of({ name: 'mlone', state: 'absent' })).toEqual({ ...done, what: ['remove mlone'] })
      expect(await of({ name: 'mlone', state: 'absent', purge: true })).toEqual({ ...done, what: ['purge mlone'] })
      expect(await run(statusOf('mlone'))).not.toBe('rc ')
    }, name)
  })

  it('a name that is no package is not taken for a pattern or a removal by apt-get', async () => {
    await inView(async (shell, run) => {
      const { code, stderr } = await turn(shell, { name: 'mlplus+' })
      expect([code, stderr]).toEqual([100, expect.stringContaining("there is no package 'mlplus+'")])
      expect(await run(statusOf('mlplus'))).not.toContain('ii')
    })
  })

  it('packages that are unpacked or half configured are repaired', async () => {
    await inView(async (shell, run) => {
      await run(`dpkg --unpack ${folder}/repository/mlone_1.1_all.deb`)
      expect(await run(statusOf('mlone'))).toBe('iU ')
      expect(await turn(shell, { name: 'mlone' })).toMatchObject({ what: ['install mlone'], code: 0, left: [] })
      const failed = await turn(shell, { name: 'mlneeds' })
      expect(failed).toMatchObject({ code: 100, left: ['install mlneeds'] })
      expect(await run(statusOf('mlfails'))).toBe('iF ')
      // Another package than the broken one is asked for, too: apt-get wants to have the rest finished first.
      await run('touch /var/tmp/mlfails-may')
      expect(await turn(shell, { name: 'mltwo' })).toMatchObject({ code: 0, left: [] })
      expect(await turn(shell, { name: 'mlneeds' })).toMatchObject({ code: 0, left: [] })
      expect(await run('dpkg --audit')).toBe('')
    })
  })

  it('an interrupted dpkg is finished first', async () => {
    await inView(async (shell, run) => {
      await run('cp /var/lib/dpkg/status /tmp/.mlplay-status; printf "" > /var/lib/dpkg/updates/0001')
      const { code, stderr } = await turn(shell, { name: 'mlone' })
      expect([code, stderr]).toEqual([0, expect.stringContaining('an earlier installation was interrupted')])
      await run('rm -f /tmp/.mlplay-status')
    })
  })

  it('an installation finishes although the task is cancelled', async () => {
    await inView(async (shell, run) => {
      const { changes } = await plan(shell, { name: 'mlslow' })
      const begun = run('sleep 60 & echo "$!"')
      await begun
      const pid = Number((await run('echo $$')).trim())
      const stop = new AbortController()
      const watching = setInterval(() => {
        try {
          execFileSync('test', ['-e', `/proc/${pid}/root/var/tmp/mlslow-begun`])
          stop.abort()
        } catch {}
      }, 50)
      const other = execFileSync('nsenter', ['-t', String(pid), '-m', 'true'])
      expect(other.length).toBe(0)
      // Another shell in the same view lives on.
      const ended = shell.run(changes[0]?.sh ?? userScript('false'), { signal: stop.signal })
      const keeper = execFileSync('sh', ['-c', `nsenter -t ${pid} -m sleep 30 >/dev/null 2>&1 & echo $!`])
        .toString()
        .trim()
      await ended
      clearInterval(watching)
      const look = (script: string) => execFileSync('nsenter', ['-t', keeper, '-m', 'sh', '-c', script]).toString()
      expect(look(statusOf('mlslow'))).toBe('iF ')
      for (let i = 0; i < 60 && look(statusOf('mlslow')) !== 'ii '; i++)
        await new Promise(done => setTimeout(done, 200))
      expect([look(statusOf('mlslow')), look('dpkg --audit')]).toEqual(['ii ', ''])
      await new Promise(done => setTimeout(done, 300))
      expect(look('ls /tmp/mlplay-apt.* 2>/dev/null || true')).toBe('')
      process.kill(Number(keeper))
    })
  })

  it.each([
    ['/var/lib/dpkg/lock-frontend', { name: 'mlone' }],
    ['/var/lib/apt/lists/lock', { name: 'mlone', cache_valid_time: 0 }],
    ['/var/cache/apt/archives/lock', { name: 'mlone' }],
    ['/var/lib/dpkg/lock-frontend', { name: 'mltwo', state: 'absent' }],
  ])('a lock %s held by another process is waited for until lock_timeout', async (lock, given) => {
    await inView(async (shell, run) => {
      await turn(shell, { name: 'mltwo' })
      // A lock of the kind that apt-get and dpkg take, which flock's is not.
      await run(
        `python3 -c "import fcntl,time; f=open('${lock}','w'); fcntl.lockf(f, fcntl.LOCK_EX); open('/run/locked','w'); time.sleep(30)" >/dev/null 2>&1 & while [ ! -e /run/locked ]; do sleep 0.1; done`,
      )
      const start = performance.now()
      const { code, stderr } = await turn(shell, { ...given, lock_timeout: 4 })
      const seconds = (performance.now() - start) / 1000
      expect([code !== 0, stderr]).toEqual([true, expect.stringContaining('held its lock for 4 s')])
      expect(seconds).toBeGreaterThan(3)
      expect(seconds).toBeLessThan(9)
    })
  })

  it('a broken dpkg-query fails the task', async () => {
    await inView(async (shell, run) => {
      for (const broken of ['exit 2', 'exit 1', 'exit 0', 'echo "cannot open shared object" >&2; exit 127']) {
        await run(
          `rm -f /usr/bin/dpkg-query; printf '#!/bin/sh\\n%s\\n' '${broken}' > /usr/bin/dpkg-query; chmod 755 /usr/bin/dpkg-query`,
        )
        for (const state of ['present', 'absent', 'latest'])
          expect((await planDespiteComplaints(shell, { name: 'dpkg', state })).problem).toContain(
            'dpkg-query cannot say',
          )
      }
    })
  })

  it('the probe creates no file', async () => {
    await inView(async (shell, run) => {
      const tree = () =>
        run(
          "find /var/cache/apt /var/lib/apt /var/lib/dpkg -exec stat -c '%n %s %Y' {} + | sort | grep -v '^/var/lib/apt/lists '",
        )
      await run('rm -f /var/cache/apt/*.bin')
      const before = await tree()
      await plan(shell, { name: ['mlone', 'curl'], state: 'latest' })
      expect(await tree()).toBe(before)
    })
  })

  it('an update of a held package is reported', async () => {
    await inView(async (shell, run) => {
      await turn(shell, { name: 'mlone=1.0' })
      await run('apt-mark hold mlone')
      expect(await turn(shell, { name: 'mlone' })).toMatchObject({ what: [], problem: undefined })
      expect((await plan(shell, { name: 'mlone', state: 'latest' })).problem).toContain('apt-mark unhold mlone')
    })
  })
})
