// Many hosts: what the plain report says of them, and that it keeps no more than it needs.
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import type { Event, TaskEvent } from '../../src/model/event.ts'
import { plainReport } from '../../src/report/plain.ts'
import { PlayTally } from '../../src/report/play-tally.ts'
import type { ReportOptions } from '../../src/report/report.ts'
import { Transcript } from '../../src/report/transcript.ts'
import { capture, changes, play, run, start, summary, task, totals } from './events.ts'

const hosts = Array.from({ length: 12 }, (_, i) => `web${String(i + 1).padStart(2, '0')}`)
const shown = (events: readonly Event[], options: Partial<ReportOptions> = {}): readonly string[] => {
  const { options: all, text } = capture(options)
  const report = plainReport(all)
  for (const event of events) report.on(event)
  return text().split('\n').slice(0, -1)
}
/** Each host does one task after the other. */
const does = (of: (host: string, i: number) => readonly Partial<TaskEvent>[]): readonly Event[] =>
  hosts.flatMap((host, i) => of(host, i).flatMap(more => [start(host, more.task), task({ host, ...more })]))

describe('a line stands for a task', () => {
  it('a task has one line with counts, and each distinct change once with its hosts', () => {
    const events = does((_, i) => [
      { task: 'install' },
      i < 5
        ? { task: 'config', status: 'changed', changes: changes('write /a'), diff: '-old\n+new\n' }
        : i === 7
          ? { task: 'config', status: 'changed', changes: changes('write /b') }
          : { task: 'config' },
      { task: 'say', message: 'hello' },
      { task: 'never', status: 'skipped' },
    ])
    expect(shown([run(), play(...hosts), ...events, play('one')], { diff: true })).toEqual([
      'PLAY web  (12 hosts)',
      '  ok           install  12 ok',
      '  changed      config  6 ok, 6 changed',
      '    web[01:05] (5 hosts): write /a',
      '      -old',
      '      +new',
      '    web08: write /b',
      '  ok           say  12 ok',
      '    web[01:12] (12 hosts)',
      '      hello',
      '',
      'PLAY web  (1 host)',
    ])
  })

  it('without --diff, hosts with different diffs are grouped', () => {
    const events = does((_, i) => [
      { status: 'changed', changes: changes('create /a'), diff: `+address 10.0.0.${i}\n` },
    ])
    expect(shown([play(...hosts), ...events, play()]).slice(1, 3)).toEqual([
      '  changed      config  12 changed',
      '    web[01:12] (12 hosts): create /a',
    ])
    expect(shown([play(...hosts), ...events, play()], { diff: true })).toContain(
      '    and 2 outcomes more like these (-v shows all)',
    )
  })

  it('changes that differ only in the host name are grouped', () => {
    const events = does(host => [
      { status: 'changed', changes: changes(`create /srv/${host}`), diff: `+++ /srv/a\n${host}\n` },
    ])
    expect(shown([play(...hosts), ...events, play()], { diff: true }).slice(1, 5)).toEqual([
      '  changed      config  12 changed',
      '    web[01:12] (12 hosts): create /srv/<host>',
      '      +++ /srv/a',
      '      <host>',
    ])
  })

  it('a dry run shows what would change', () => {
    const events = does(() => [{ status: 'changed', changes: changes('write /a') }])
    expect(shown([run(true), play(...hosts), ...events, play()]).slice(1, 3)).toEqual([
      '  would change  config  12 would change',
      '    web[01:12] (12 hosts): write /a',
    ])
  })

  it('a host counts once, with the strongest status of its items', () => {
    const items = (host: string) => [
      start(host),
      task({ host, item: 'a' }),
      task({ host, item: 'b', status: 'changed', changes: changes('x') }),
      task({ host, item: 'c', status: 'skipped' }),
    ]
    expect(shown([play(...hosts), ...hosts.flatMap(items), play()]).slice(1, 3)).toEqual([
      '  changed      config  12 changed',
      '    web[01:12] (12 hosts) [b]: x',
    ])
  })

  it('the line of a task appears when every host has finished it, not earlier', () => {
    const transcript = new Transcript({ colour: false, diff: false, verbosity: 0 })
    transcript.lines(play(...hosts))
    const said = hosts.map(host => {
      transcript.lines(start(host, 'one'))
      transcript.lines(task({ host, task: 'one' }))
      return transcript.lines(start(host, 'two')).length
    })
    expect(said).toEqual([...Array.from({ length: 11 }, () => 0), 1])
  })

  it('only a few outcomes are kept when all differ', () => {
    const events = does((_, i) => [{ status: 'changed', changes: changes(`write ${i}`) }])
    const lines = shown([play(...hosts), ...events, play()])
    expect(lines.filter(line => line.includes('write'))).toHaveLength(10)
    expect(lines.at(-3)).toBe('    and 2 outcomes more like these (-v shows all)')
  })

  it('with -v each host has its own lines', () => {
    const lines = shown([play(...hosts), ...does(() => [{}])], { verbosity: 1 })
    expect(lines.slice(1)).toEqual(hosts.map(host => `  ok           ${host}  config`))
  })
})

describe('failures', () => {
  const refused = (host: string, i: number) => ({
    status: 'unreachable' as const,
    message: `connect to ${host} (10.0.0.${i}) port 22: refused`,
  })

  it('failures are shown at once: the first of a kind in full, some more as lines, and all at the end', () => {
    const at = { file: 'site.yml', line: 4, column: 7 }
    const events = does((host, i) =>
      i === 11 ? [{}] : i < 8 ? [{ status: 'failed', message: 'no space\nleft', at }] : [refused(host, i)],
    )
    const all = Object.fromEntries(
      hosts.map((host, i) => [host, totals(i === 11 ? { ok: 1 } : i < 8 ? { failed: 1 } : { unreachable: 1 })]),
    )
    expect(
      shown([play(...hosts), ...events, summary(all, { exit_code: 2 })]).filter(line => !line.startsWith('slowest')),
    ).toEqual([
      'PLAY web  (12 hosts)',
      '  failed       web01  config',
      '    no space',
      '    left',
      '    at site.yml:4:7',
      '  failed       web02  config',
      '  failed       web03  config',
      '  failed       web04  config',
      '  failed       web05  config',
      '    more of these are listed at the end',
      '  unreachable  web09  config',
      '    connect to web09 (10.0.0.8) port 22: refused',
      '  unreachable  web10  config',
      '  unreachable  web11  config',
      '  unreachable  config  1 ok, 8 failed, 3 unreachable',
      '',
      'FAILED',
      '  config: no space',
      '    left',
      '    at site.yml:4:7',
      '    on web[01:08] (8 hosts)',
      '',
      'UNREACHABLE',
      '  connect to <host> (10.0.0.8) port 22: refused',
      '    on web[09:11] (3 hosts)',
      '',
      '',
      'RECAP',
      'web[01:08] (8 hosts) : ok=0 changed=0 failed=1 round trips=1',
      'web[09:11] (3 hosts) : ok=0 changed=0 failed=0 unreachable=1 round trips=1',
      'web12                : ok=1 changed=0 failed=0 round trips=1',
      '',
      'Failed: 8 of 12 hosts failed (web[01:08]), 3 of 12 hosts unreachable (web[09:11]); nothing changed (3.2 s).',
    ])
  })

  it('a failed host does not delay the lines of later tasks', () => {
    const events = does((host, i) => (i === 3 ? [refused(host, i)] : [{ task: 'one' }, { task: 'two' }]))
    const lines = shown([play(...hosts), ...events])
    expect(lines).toContain('  ok           one  11 ok')
  })

  it('the memory for failures that all differ is bounded', () => {
    const transcript = new Transcript({ colour: false, diff: false, verbosity: 0 })
    const many = Array.from({ length: 500 }, (_, i) => `h${i}`)
    transcript.lines(play(...many))
    for (const [i, host] of many.entries())
      transcript.lines(task({ host, status: 'failed', message: 'x'.repeat(i + 1) }))
    const last = transcript.lines(summary(Object.fromEntries(many.map(host => [host, totals({ failed: 1 })]))))
    expect(last.length).toBeLessThan(320)
    expect(last).toContain('  and h[100:499] (400 hosts), with other messages')
  })
})

test('the progress is printed when nothing else was printed for a while', () => {
  let now = 0
  const transcript = new Transcript({ colour: false, diff: false, verbosity: 0, now: () => now })
  transcript.lines(play(...hosts))
  transcript.lines(start('web01', 'slow one'))
  now = 14_000
  expect(transcript.lines(start('web02'))).toEqual([])
  now = 16_000
  expect(transcript.lines(task({ host: 'web02' }))).toEqual([
    '  ...          1/12 hosts, 1 running, longest web01 (slow one, 16.0 s)',
  ])
  expect(transcript.lines(start('web03'))).toEqual([])
})

test('each task has one line with every host, in whatever order the hosts run', () => {
  const names = ['a', 'b', 'c']
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: hosts.length - 1 }), { maxLength: 200 }),
      fc.array(fc.nat({ max: 4 }), { minLength: hosts.length, maxLength: hosts.length }),
      (order, failsAt) => {
        const tally = new PlayTally({ event: 'play', play: 'web', hosts }, () => 0)
        const next = hosts.map(() => 0)
        const lost = hosts.map(() => false)
        const done: string[] = []
        let events = 0
        for (const i of order) {
          const [host, at] = [hosts[i] ?? '', next[i] ?? 0]
          const name = names[at]
          if (name === undefined || lost[i]) continue
          next[i] = at + 1
          const failed = failsAt[i] === at
          lost[i] = failed
          events++
          for (const event of [start(host, name), task({ host, task: name, status: failed ? 'failed' : 'ok' })])
            done.push(...tally.on(event).map(one => one.name))
        }
        done.push(...tally.end().map(one => one.name))
        expect(done.toSorted()).toEqual(tally.tasks.map(one => one.name).toSorted())
        expect(new Set(done).size).toBe(done.length)
        expect(tally.tasks.reduce((all, { counts }) => all + counts.ok + counts.failed, 0)).toBe(events)
        expect(tally.running).toBe(0)
      },
    ),
  )
})

test('a report handles ten thousand hosts with little memory and time', async () => {
  const many = Array.from({ length: 10_000 }, (_, i) => `h${i}`)
  const report = plainReport(capture().options)
  const before = process.memoryUsage().heapUsed
  const began = process.cpuUsage()
  report.on(play(...many))
  for (let i = 0; i < 10; i++)
    for (const host of many) {
      report.on(start(host, `task ${i}`))
      report.on(task({ host, task: `task ${i}`, diff: 'x'.repeat(100) }))
    }
  // 200,000 events took 0.15 s on a quiet machine; holding them would take 60 MB.
  expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000)
  globalThis.gc?.()
  expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(globalThis.gc === undefined ? 120 : 10)
  await report.close()
})
