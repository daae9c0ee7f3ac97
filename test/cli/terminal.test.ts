// Answering and stopping, in a real terminal.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { repository } from '../e2e/mlplay.ts'
import { type Act, inTerminal } from './pty.ts'

const root = mkdtempSync(join(tmpdir(), 'mlplay-terminal-'))
const program = join(repository, 'bin/mlplay.js')
// A program that starts takes its time where many start at once.
vi.setConfig({ testTimeout: 120_000 })
afterAll(() => rmSync(root, { recursive: true }))

// A number that no other process on this machine sleeps for.
const NAP = `${300 + (process.pid % 600)}.${process.pid}`
const napping = (): boolean => spawnSync('pgrep', ['-f', `sleep ${NAP}`]).status === 0

let cwd = ''
const folder = (name: string, tasks: string, hosts = 'h1,h2') => {
  cwd = join(root, name.replace(/\W/g, '-'))
  mkdirSync(cwd)
  const lines = hosts.split(',').map(host => (host.includes(' ') ? host : `${host} ansible_connection=local`))
  writeFileSync(join(cwd, 'inv'), `${lines.join('\n')}\n`)
  writeFileSync(
    join(cwd, 'p.yml'),
    `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, '    ').replaceAll('@', cwd)}\n  handlers:\n    - { name: h, shell: "echo h >> ${cwd}/done" }\n`,
  )
  return cwd
}
const run = (acts: readonly Act[], ...args: readonly string[]) =>
  inTerminal(['run', 'p.yml', '-i', 'inv', ...args], acts, { cwd })
const record = (): string => {
  const kept = join(cwd, '.mlplay')
  return existsSync(kept)
    ? readdirSync(kept)
        .map(name => readFileSync(join(kept, name), 'utf8'))
        .join('')
    : ''
}
const CTRL_C = '\x03'
const nap = `- { name: nap, shell: "echo x >> @/done; sleep ${NAP}", notify: h }\n- { name: after, debug: x }`

test.each<[string, readonly string[]]>([
  ['the live view', []],
  ['plain lines', ['-o', 'plain']],
  ['JSON', ['-o', 'json']],
  ['JUnit', ['-o', 'junit']],
])('a second Ctrl-C kills at once what runs on the hosts, with %s', async (name, args) => {
  folder(`second ${name}`, nap)
  const waits = name === 'JUnit' ? 3 : 1
  const first = name === 'JUnit' ? '' : name === 'JSON' ? '"start"' : name === 'the live view' ? 'nap' : 'PLAY'
  const seen = await run(
    [
      { after: first, pause: waits + 1, type: CTRL_C },
      { after: '', pause: 0.5, type: CTRL_C },
    ],
    ...args,
  )
  expect(seen.code).toBe(130)
  expect(seen.took).toBeLessThan(4)
  expect(napping()).toBe(false)
  expect(record()).toContain('"stopped": [\n  "h1",\n  "h2"\n ]')
  if (name === 'JUnit') return expect(seen.screen).toContain('</testsuites>')
  expect(seen.screen).toContain(name === 'JSON' ? '"exit_code":130' : 'Interrupted after')
  // It may have changed something: its handler is due.
  expect(seen.screen).toMatch(name === 'JSON' ? /"pending_handlers":\{"h1":\["h"\]/ : /pending handlers .*h1, h2 : h/)
})

test('the first Ctrl-C explains the second one, and after the grace period the task is interrupted, not failed', async () => {
  folder('grace', nap)
  const seen = await run([{ after: 'nap', pause: 1, type: CTRL_C }])
  expect([seen.code, napping()]).toEqual([130, false])
  expect(seen.took).toBeLessThan(13)
  expect(seen.screen).toMatch(/running tasks have 10 s to finish; Ctrl-C again\s+kills\s+them/)
  expect(seen.screen).toMatch(/interrupted.* h1 {2}nap/)
  expect(seen.screen).not.toMatch(/could not run|failed=1|exit code 124/)
})

test.each<[string, readonly string[], string]>([
  ['--step', ['--step'], 'first? '],
  ['--step in plain lines', ['--step', '-o', 'plain'], 'first? '],
  ['the become password', ['-K'], 'become password: '],
  ['the login password', ['-k'], 'login password: '],
])('Ctrl-C, SIGTERM and SIGHUP at the question of %s end the run with 130', async (name, args, question) => {
  folder(`question ${name}`, '- { name: first, shell: "echo x >> @/done" }')
  for (const act of [
    { type: CTRL_C },
    { type: `ab${CTRL_C}` },
    { signal: 'SIGTERM' },
    { signal: 'SIGHUP' },
    { close: true },
  ] as const) {
    const seen = await run([{ after: question, ...act }], ...args)
    expect([JSON.stringify(act), seen.code]).toEqual([JSON.stringify(act), 130])
    expect(seen.took).toBeLessThan(5)
    expect(existsSync(join(cwd, 'done'))).toBe(false)
  }
})

test('--step shows the diff, explains its keys, and asks again after any other key', async () => {
  folder(
    'step',
    '- { name: first, copy-file: { dest: "@/f", content: hello } }\n- { name: second, shell: "echo 2 >> @/done" }\n- { name: third, shell: "echo 3 >> @/done" }',
  )
  const seen = await run(
    [
      { after: 'first? ', type: '\r' },
      { after: 'first? ', type: 'foo\r' },
      { after: 'first? ', type: '?\r' },
      { after: 'first? ', type: 'x\x7fy\r' },
      { after: 'second? ', type: 'n\r' },
      { after: 'third? ', type: 'c\r' },
    ],
    '--step',
  )
  expect(seen.code).toBe(0)
  expect(seen.screen).toContain('+hello')
  expect(seen.screen.split('q: stop the run here').length).toBe(4)
  expect(seen.screen).toMatch(/skipped .*second/)
  expect(seen.screen).toContain('left out by --step')
  expect(readFileSync(join(cwd, 'done'), 'utf8')).toBe('3\n3\n')
})

test('--step: q stops the run', async () => {
  folder('quit', '- { name: first, shell: "echo 1 >> @/done" }\n- { name: second, shell: "echo 2 >> @/done" }')
  const seen = await run(
    [
      { after: 'first? ', type: 'y\r' },
      { after: 'second? ', type: 'q\r' },
    ],
    '--step',
  )
  expect(seen.code).toBe(130)
  expect(readFileSync(join(cwd, 'done'), 'utf8')).toBe('1\n1\n')
  expect(seen.screen).toContain('Interrupted after')
})

test('closing the terminal ends the run cleanly: its outcome is saved and nothing keeps running', async () => {
  folder('closed', nap)
  const stderr = join(cwd, 'stderr')
  const seen = await inTerminal(['run', 'p.yml', '-i', 'inv'], [{ after: 'nap', pause: 1, close: true }], {
    cwd,
    stderr,
  })
  expect([seen.code, napping()]).toEqual([130, false])
  expect(record()).toContain('"h1"')
  expect(readFileSync(stderr, 'utf8')).not.toMatch(/Assertion|Error:/)
})

const steps = `- { name: one, shell: "echo one >> @/done", notify: h }
- { name: two, shell: "sleep 0.5; echo two >> @/done" }
- { name: three, shell: "sleep 0.5; echo three >> @/done; exit CODE" }`

test.each<[string, string, number]>([
  ['| head -1', 'plain', 0],
  ['| head -1', 'json', 0],
  ['| head -1', 'plain', 2],
  ['> /dev/full', 'plain', 0],
  ['> /dev/full', 'json', 2],
  ['> /dev/full', 'junit', 0],
  ['>&-', 'plain', 0],
])('a run goes on when its report cannot be written (%s, %s) and exits with %i', async (where, kind, code) => {
  folder(`${where} ${kind} ${code}`, steps.replace('CODE', String(code)), 'h1')
  const command = `${process.execPath} ${program} run p.yml -i inv -o ${kind} ${where}; echo "\${PIPESTATUS[0]}" >&2`
  const ran = spawnSync('bash', ['-c', command], { cwd, encoding: 'utf8' })
  expect(ran.stderr.trim().split('\n').at(-1)).toBe(String(code))
  expect(ran.stderr).not.toMatch(/at .*chunk|Error:/)
  expect(readFileSync(join(cwd, 'done'), 'utf8').split('\n').slice(0, 3)).toEqual(['one', 'two', 'three'])
  if (code === 0) expect(readFileSync(join(cwd, 'done'), 'utf8')).toContain('h\n')
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops a run that has no terminal', async signal => {
  folder(`without ${signal}`, nap, 'h1')
  const child = spawn(process.execPath, [program, 'run', 'p.yml', '-i', 'inv'], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.resume()
  while (!napping()) await new Promise(resolve => setTimeout(resolve, 100))
  child.kill(signal)
  await new Promise(resolve => setTimeout(resolve, 300))
  child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal)
  const code = await new Promise(resolve => child.once('close', resolve))
  expect([code, napping()]).toEqual([130, false])
})

test('Ctrl-C returns to the prompt at once when hosts do not answer', async () => {
  const server = createServer(() => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const hosts = Array.from({ length: 60 }, (_, i) => `d${i} ansible_host=127.0.0.1 ansible_port=${port}`)
  folder('silent', nap, hosts.join(','))
  const seen = await run([{ after: 'hosts', pause: 2, type: CTRL_C }], '-o', 'plain')
  server.close()
  expect(seen.code).toBe(130)
  expect(seen.took).toBeLessThan(5)
  expect(seen.screen).not.toMatch(/failed \(|unreachable=/)
})
