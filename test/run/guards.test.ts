import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

// JSON strings are YAML: any byte can be written in them.
const json = JSON.stringify

describe('a path that decides whether a command runs', () => {
  it.each([
    ['a b'],
    ['a\nb'],
    ['\n'],
    ["it's"],
    ['"quoted"'],
    ['$HOME'],
    ['`id`'],
    ['-n'],
    ['a\\b'],
    ['a\\'],
    ['ü'],
    ['😀'],
    ['a[1]'],
    ['[a'],
    ['*'],
    ['?'],
    ['a;b&c|d<e>f(g)h'],
    ['#a'],
    ['!a'],
    ['~a'],
    ['a\tb\r'],
    ['%s{x}'],
    ['ü'.repeat(127)],
  ])('creates and removes find a path with any bytes: %j', async name => {
    const { tasks, folder } = await run(
      play(
        [
          `- copy-file: { dest: ${json(`@/${name}`)}, content: x }\n  name: file`,
          `- command: { cmd: "false", creates: ${json(`@/${name}`)} }\n  name: creates`,
          `- command: { cmd: "true", removes: ${json(`@/${name}`)} }\n  name: removes`,
          `- command: { cmd: "true", creates: ${json(`@/not-${name}`)} }\n  name: another`,
        ].join('\n'),
      ),
    )
    expect(folder).toContain('mlplay-run')
    expect(tasks).toEqual(['changed file', 'ok creates', 'changed removes', 'changed another'])
  })

  it.each([
    ['*.done', true],
    ['x?done', true],
    ['x[.,]done', true],
    ['[!y]*', true],
    ['[!x]*', false],
    ['* .done', false],
    ['no*', false],
  ])('the path of creates may be a pattern: %s', async (pattern, matches) => {
    const { tasks } = await run(
      play(
        `- command: touch @/w/x.done\n  name: it\n- command: { cmd: "true", creates: ${json(`@/w/${pattern}`)} }\n  name: it`,
      ),
      { folder: folderWith('w') },
    )
    expect(tasks).toEqual(['changed it', `${matches ? 'ok' : 'changed'} it`])
  })
})

const root = mkdtempSync(join(tmpdir(), 'mlplay-run-guards-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
let count = 0
const folderWith = (inside: string): string => {
  const path = join(root, String(count++))
  mkdirSync(join(path, inside), { recursive: true })
  return path
}

describe('a guard that cannot be evaluated fails the task and its command does not run', () => {
  it.each([
    ['its time runs out', 'sleep 30', 'timed out after 2 s'],
    ['the shell cannot read it', 'if true; then', 'yntax error'],
    ['it is killed', "sh -c 'kill -9 $$'", 'ended by signal 9'],
    ['its program cannot be run', '@/plain', 'cannot be run (exit code 126)'],
  ])('the guard fails the task when %s', async (_, unless, message) => {
    const folder = folderWith('.')
    writeFileSync(join(folder, 'plain'), 'true\n', { mode: 0o644 })
    const { tasks, messages } = await run(
      play(
        `- shell: { cmd: "touch @/ran", unless: ${json(unless)} }\n  name: it\n  timeout: 2\n  ignore_errors: true\n- command: { cmd: "false", removes: "@/ran" }\n  name: then`,
      ),
      { folder },
    )
    expect(tasks).toEqual(['ignored it', 'ok then'])
    expect(messages[0]).toContain(message)
  })

  it.each([
    ['exits 1', 'false', 'changed'],
    ['exits 2', 'grep -q x /no/such/file', 'changed'],
    ['asks for a program that is not there', 'no-such-program --version', 'changed'],
    ['holds', 'true', 'ok'],
  ])('the command runs where the guard %s as it should', async (_, unless, status) => {
    const { tasks } = await run(play(`- shell: { cmd: "true", unless: ${json(unless)} }\n  name: it`))
    expect(tasks).toEqual([`${status} it`])
  })

  it('a guard is evaluated only in the folder of its command', async () => {
    const { tasks, messages } = await run(
      play(`- command: { cmd: touch ran, chdir: @/nowhere, creates: p.yml }\n  name: it\n  ignore_errors: true`),
    )
    expect(tasks).toEqual(['ignored it'])
    expect(messages[0]).toContain('nowhere does not exist')
  })

  it('a dry run accepts a guard in a folder that an earlier step would create', async () => {
    const { tasks } = await run(
      play(
        `- ensure-dir: @/new\n  name: folder\n- command: { cmd: touch ran, chdir: @/new, creates: ran }\n  name: it`,
      ),
      { check: true },
    )
    expect(tasks).toEqual(['changed folder', 'changed it'])
  })
})

describe('the stdin of a command', () => {
  it.each([
    ['nothing', 'cat', '', ''],
    ['a text, and a line break', 'cat', ', stdin: "a b\\n\\nc %s \\\\ $HOME"', 'a b\n\nc %s \\ $HOME\n'],
    ['no line break that was not asked for', 'cat', ', stdin: abc, stdin_add_newline: false', 'abc'],
    ['what it does not read ends nothing', 'true', ', stdin: abc', ''],
  ])('the stdin of a command is %s', async (_, cmd, more, read) => {
    for (const type of ['command', 'shell']) {
      const out = type === 'shell' ? `${cmd} > @/out` : `sh -c '${cmd} > @/out'`
      const { folder, exit } = await run(play(`- ${type}: { cmd: "${out}"${more} }\n  name: it`))
      expect([exit, readFileSync(join(folder, 'out'), 'utf8')]).toEqual([0, read])
    }
  })

  it('stdin that a command does not read has no effect on its exit code', async () => {
    const { messages, exit } = await run(play('- shell: { cmd: "read x; exit 7", stdin: abc }\n  name: it'))
    expect([exit, messages[0]]).toEqual([2, expect.stringContaining('7')])
  })
})

describe('a script that decides whether a command runs, by unless', () => {
  it.each([
    ['ends its own shell', 'kill $$; exit 1', 'it was ended by signal 15'],
    ['kills its own shell', 'kill -9 $$; exit 1', 'it was ended by signal 9'],
    ['kills its parent', 'kill -9 $PPID; exit 1', 'it was ended by signal 9'],
    ['cannot be read', 'exit(', 'could not look at the host'],
  ])('an unless script that %s fails the task, and the host goes on', async (_, unless, message) => {
    const task = `- shell: ${json({ cmd: 'touch @/ran', unless })}\n  name: guarded\n  ignore_errors: true\n`
    const { tasks, messages, exit } = await run(play(`${task}- { name: next, command: "true" }\n`))
    expect([exit, ...tasks]).toEqual([0, 'ignored guarded', 'changed next'])
    expect(messages[0]).toContain(message)
  })

  it.each([
    ['reads nothing', 'cat | grep -q .', '', 'changed'],
    ['sees the locale of the environment', '[ "$LC_ALL" = tr_TR.UTF-8 ]', 'LC_ALL: tr_TR.UTF-8', 'ok'],
    ['sees the environment', '[ "$A" = b ]', 'A: b', 'ok'],
    ['is read where PATH is empty', 'exit 1', 'PATH: /nowhere', 'changed'],
    ['holds where PATH is empty', 'exit 0', 'PATH: /nowhere', 'ok'],
    ['is a comment in front of a script', '# look\nexit 1', '', 'changed'],
    ['has a document', 'cat <<E | grep -q x\nx\nE', '', 'ok'],
  ])('an unless script runs in its own shell: it %s', async (_, unless, environment, status) => {
    const task = `- shell: ${json({ cmd: ':', unless })}\n  name: guarded\n  environment: { ${environment} }\n`
    expect((await run(play(task))).tasks).toEqual([`${status} guarded`])
  })
})
