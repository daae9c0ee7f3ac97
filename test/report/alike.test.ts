// What is alike on several hosts is said once; what differs is never hidden behind it.
import { expect, test, vi } from 'vitest'
import type { Event, TaskEvent } from '../../src/model/event.ts'
import { junitReport } from '../../src/report/junit.ts'
import { plainReport } from '../../src/report/plain.ts'
import { wrap } from '../../src/report/wrap.ts'
import { capture, changes, play, run, start, summary, task, totals } from './events.ts'

const names = (count: number) => Array.from({ length: count }, (_, i) => `h${i + 1}`)
const shown = (events: readonly Event[], options = {}): string => {
  const { options: all, text } = capture(options)
  const report = plainReport(all)
  for (const event of events) report.on(event)
  void report.close()
  return text()
}
const each = (hosts: readonly string[], of: (host: string, i: number) => Partial<TaskEvent>): readonly Event[] =>
  hosts.flatMap((host, i) => [start(host, of(host, i).task), task({ host, ...of(host, i) })])
const all = (hosts: readonly string[], more: Parameters<typeof totals>[0]) =>
  summary(Object.fromEntries(hosts.map(host => [host, totals(more)])), { exit_code: 2 })

test.each([2, 3, 10, 11, 60])('a diff that %i hosts share is printed once', count => {
  const hosts = names(count)
  const events = each(hosts, host => ({ status: 'changed', changes: changes(`write /srv/${host}`), diff: '-a\n+b\n' }))
  const text = shown([run(true), play(...hosts), ...events, all(hosts, { changed: 1 })], { diff: true })
  expect(text.split('+b').length).toBe(2)
  expect(text).toContain('write /srv/<host>')
})

test('two different failures of one task are both shown with the end of their output', () => {
  const hosts = names(12)
  const events = each(hosts, (host, i) => ({
    status: 'failed',
    message: 'exited with code 1',
    stderr:
      i === 10
        ? 'a\nb\nc\nNo space left on device: /var'
        : `10:2${i % 10}:01 pid ${i} ${host}: connection refused by db1`,
  }))
  const text = shown([play(...hosts), ...events, all(hosts, { failed: 1 })])
  const [, end = ''] = text.split('FAILED\n')
  expect(end).toMatch(
    /config: exited with code 1\n {4}\| .*connection refused by db1\n.*on h\[1:10\], h12 \(11 hosts\)/,
  )
  expect(end).toMatch(/config: exited with code 1\n {4}\| b\n {4}\| c\n {4}\| No space left on device: \/var\n.*on h11/)
  expect(end).not.toMatch(/h1: connection/)
})

test.each([12, 60])(
  'failures that %i hosts rescued and ignored are shown once with their reason, and do not count as failures',
  count => {
    const hosts = names(count)
    const events = [
      ...each(hosts, () => ({ task: 'upgrade', status: 'rescued', message: 'exited with code 4' })),
      ...each(hosts, () => ({ task: 'roll back', status: 'changed', changes: changes('run true') })),
      ...each(hosts, () => ({ task: 'optional', status: 'ignored', message: 'exited with code 1' })),
    ]
    const well = summary(Object.fromEntries(hosts.map(host => [host, totals({ changed: 1, rescued: 1, ignored: 1 })])))
    const text = shown([play(...hosts), ...events, well])
    expect(text.match(/exited with code/g)).toHaveLength(2)
    expect(text).toContain(`rescued      upgrade  ${count} rescued\n`)
    expect(text).toContain(`roll back  ${count} changed\n`)
    expect(text).toContain(`ignored      optional  ${count} ignored\n`)
    expect(text).not.toContain('FAILED')
    expect(text).toContain(`${count} failures rescued; ${count} failures ignored`)
  },
)

test('a run with a rescued or ignored failure is not reported as converged', () => {
  const text = shown([play('a'), summary({ a: totals({ ok: 1, rescued: 1 }) })])
  expect(text).toContain('nothing changed; 1 failure rescued')
  expect(text).not.toContain('Converged')
})

test('a run is not reported as unchanged when a task failed after it may have changed something', () => {
  const text = shown([play('a'), summary({ a: totals({ failed: 1, failed_after_change: 1 }) }, { exit_code: 2 })])
  expect(text).toContain('1 failed task may have changed something')
  expect(text).not.toContain('nothing changed')
})

test('JUnit does not count a rescued failure, and reports an unknown outcome as skipped with its reason', async () => {
  const { options, text } = capture()
  const report = junitReport(options)
  report.on(task({ status: 'rescued', message: 'bad' }))
  report.on(task({ status: 'ignored', message: 'bad' }))
  report.on(task({ status: 'unknown', message: 'checked later' }))
  await report.close()
  expect(text()).toMatch(/<testsuites .*tests="3" failures="0" errors="0" skipped="1"/)
  expect(text()).toContain('<skipped message="checked later"/>')
})

test('two tasks with the same name have two lines', () => {
  const hosts = names(3)
  const twice = hosts.flatMap(host => ['1', '2'].map(id => task({ host, id, task: 'same' })))
  const text = shown([play(...hosts), ...twice, all(hosts, { ok: 2 })])
  expect(text.match(/same {2}3 ok/g)).toHaveLength(2)
})

test.each([1, 2, 12])('the plain report says every 15 seconds that %i hosts are still running', count => {
  vi.useFakeTimers()
  try {
    const { options, text } = capture()
    const report = plainReport(options)
    const hosts = names(count)
    for (const event of [play(...hosts), ...hosts.map(host => start(host, 'slow one'))]) report.on(event)
    vi.advanceTimersByTime(14_000)
    expect(text()).not.toContain('slow one')
    vi.advanceTimersByTime(32_000)
    expect(text().match(/\.\.\. .*slow one/g)).toHaveLength(3)
    void report.close()
    vi.advanceTimersByTime(60_000)
    expect(text().match(/\.\.\. .*slow one/g)).toHaveLength(3)
  } finally {
    vi.useRealTimers()
  }
})

const retry = (host: string, attempt: number): Event => ({
  ...{ event: 'retry', play: 'web', host, id: 'config', task: 'config' },
  ...{ attempt, attempts: 5, delay: 3, message: 'exited with code 1' },
})

test('a retry is shown, for many hosts once per attempt', () => {
  const hosts = names(3)
  const text = shown([play(...hosts), ...[1, 2].flatMap(attempt => hosts.map(host => retry(host, attempt)))])
  expect(text.match(/retry/g)).toHaveLength(2)
  expect(text).toContain('attempt 2 of 5: exited with code 1; next attempt in 3 s')
})

test('the recap names tasks that may still run', () => {
  const cut = { event: 'cancelled', play: 'web', id: 'config', task: 'build', confirmed: false } as const
  const text = shown([play('a', 'b'), { ...cut, host: 'a' }, { ...cut, host: 'b' }, all(['a', 'b'], {})])
  expect(text).toContain('may still run a, b : build')
})

test('a dry run shows that a command would run, and counts unknown tasks', () => {
  const events = [
    task({ status: 'changed', type: 'command', changes: changes('run x') }),
    task({ status: 'unknown', task: 'say', message: 'would say: it is up' }),
  ]
  const last = summary({ web1: totals({ changed: 1, unknown: 1 }) }, { check: true })
  const text = shown([run(true), play('web1'), ...events, last])
  expect(text).toContain('  would run     web1  config  (run x)\n')
  expect(text).toContain('  unknown       web1  say\n    would say: it is up\n')
  expect(text).toContain('Dry run: 1 would change, 1 not known yet, nothing was touched.')
})

test('a long diff is cut with a note', () => {
  const diff = Array.from({ length: 2000 }, (_, i) => `+line ${i}`).join('\n')
  const event = task({ status: 'changed', diff })
  expect(shown([play('a'), event], { diff: true }).split('\n').length).toBeLessThan(70)
  expect(shown([play('a'), event], { diff: true })).toContain('1940 more lines of this diff (-v shows all)')
  expect(shown([play('a'), event], { diff: true, verbosity: 1 })).toContain('+line 1999')
})

test.each<[string, string, number, readonly string[]]>([
  ['a line that fits', '  ok  a b', 20, ['  ok  a b']],
  ['a line between words', '  failed  h1  run sleep 1', 20, ['  failed  h1  run', '      sleep 1']],
  [
    'colours have no width',
    `  \x1b[31mfailed\x1b[39m  h1  run sleep 1`,
    20,
    ['  \x1b[31mfailed\x1b[39m  h1  run', '      sleep 1'],
  ],
  ['a word that is too long', `    ${'x'.repeat(30)}`, 20, [`    ${'x'.repeat(30)}`]],
  ['wide characters', '  ok  日本語 日本語 日本語', 18, ['  ok  日本語', '      日本語', '      日本語']],
  ['a line of a diff', `    +${'word '.repeat(10)}`, 20, [`    +${'word '.repeat(10)}`]],
])('a line is wrapped for the terminal: %s', (_title, line, columns, lines) =>
  expect(wrap(line, columns)).toEqual(lines),
)
