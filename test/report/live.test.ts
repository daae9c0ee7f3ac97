import { setTimeout as pause } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { liveReport } from '../../src/report/live.ts'
import type { ReportOptions } from '../../src/report/report.ts'
import { capture, changes, play, run, start, summary, task, totals } from './events.ts'

const hostsOf = (count: number) => Array.from({ length: count }, (_, i) => `h${i + 1}`)
const live = (more: Partial<ReportOptions> = {}) => {
  const { options, text, writes } = capture(more)
  return { report: liveReport(options), raw: text, writes, text: () => stripVTControlCharacters(text()) }
}

/** What a terminal shows in the end: it knows only what the report uses, and refuses the rest. */
function screenAfter(raw: string): readonly string[] {
  const rows = ['']
  for (const part of raw.split(/(\x1b\[\??\d*[A-Za-z]|\n|\r)/)) {
    const up = /^\x1b\[(\d+)A$/.exec(part)
    if (up) rows.splice(rows.length - 1 - Number(up[1]), Number(up[1]) + 1, '')
    else if (part === '\n') rows.push('')
    else if (['\r', '\x1b[0J', '\x1b[?7l', '\x1b[?7h'].includes(part)) continue
    else {
      expect(part).not.toContain('\x1b')
      rows[rows.length - 1] += part
    }
  }
  return rows
}

test('with more events than redraws, permanent lines are printed in order and no row stays', async () => {
  const { report, raw } = live()
  for (const event of [
    run(),
    play('web1', 'web2'),
    start('web1'),
    task(),
    start('web1', 'install'),
    task({ task: 'install', status: 'failed', message: 'no such package' }),
    { event: 'warning', message: 'odd' } as const,
    summary({ web1: totals({ failed: 1 }) }, { exit_code: 2 }),
  ])
    report.on(event)
  await report.close()
  expect(screenAfter(raw())).toEqual([
    'PLAY web  (2 hosts)',
    '  failed       web1  install',
    '    no such package',
    'warning: odd',
    '',
    'RECAP',
    'web1 : ok=0 changed=0 failed=1 round trips=1',
    '',
    'Failed: 1 of 1 host failed (web1); nothing changed (3.2 s).',
    '',
  ])
})

test('each host has a row with its task, which is removed at the end', async () => {
  const { report, raw, text } = live()
  for (const event of [run(), play('web1', 'db')]) report.on(event)
  for (const event of [start('web1'), start('db', 'install'), task({ status: 'changed' })]) report.on(event)
  report.on(task({ host: 'db', task: 'install', status: 'failed' }))
  report.on(start('web1', 'wait'))
  await expect.poll(text).toMatch(/ web1 {2}ok 0 {2}changed 1 {2}wait/)
  expect(text()).toMatch(/✖ db {4}ok 0 {2}changed 0 {2}failed 1/)
  expect(screenAfter(raw()).slice(1, 3)).toEqual(['  failed       db  install', '  changed      config  1 changed'])
  report.on(summary({ web1: totals() }))
  await report.close()
  expect(screenAfter(raw()).join('\n')).not.toMatch(/✖|✔|wait/)
})

test('many hosts have one row for all, one for each task and the slowest hosts, within the screen', async () => {
  const { report, text, raw } = live({ stream: { columns: 62, rows: 14 } as NodeJS.WriteStream })
  report.on(run(true))
  report.on({ event: 'play', play: 'web', hosts: hostsOf(200), batch: [1, 2] })
  for (const host of hostsOf(50)) report.on(start(host, `a task whose name is longer than the screen is wide`))
  for (const host of hostsOf(20)) report.on(task({ host, task: 'a task whose name is longer than the screen is wide' }))
  report.on(task({ host: 'h1', task: 'config', status: 'failed', message: 'no space left' }))
  await expect
    .poll(text, { timeout: 5000 })
    .toMatch(/web \(batch 1 of 2\) {2}20\/200 hosts {2}1 failed {2}30 running {2}1 s/)
  const rows = screenAfter(raw())
  expect(rows.slice(1, 3)).toEqual(['  failed        h1  config', '    no space left'])
  expect(rows[4]).toBe('    a task whose name is longer th…  ok 20  running 30')
  expect(rows[5]).toBe('    config                           failed 1')
  expect(rows[6]).toMatch(/^ {4}1 s {4}h21 {2}a task whose name is longer than/)
  expect(rows.length - 4).toBeLessThanOrEqual(13)
  expect(rows.slice(3).every(row => row.length <= 62)).toBe(true)
  report.on(summary({ h1: totals({ failed: 1 }) }, { check: true }))
  await report.close()
  expect(screenAfter(raw()).join('\n')).not.toMatch(/running/)
})

test('a terminal that does not report its size gets a default size', async () => {
  const { report, text } = live({ stream: { columns: 0, rows: 0 } as NodeJS.WriteStream })
  report.on(run())
  report.on(play('web1', 'db'))
  report.on(start('db'))
  await expect.poll(text).toMatch(/web1 {2}ok 0[\s\S]*db {4}ok 0/)
  report.on(task({ host: 'db', task: 'config', status: 'failed', message: 'no space left on the disk' }))
  await expect.poll(text).toMatch(/^ {4}no space left on the disk$/m)
  await report.close()
})

test('wide characters in a host name are counted as two columns', async () => {
  const { report, text } = live({ stream: { columns: 40, rows: 24 } as NodeJS.WriteStream })
  report.on(run())
  report.on(play('服务器', 'db'))
  report.on(start('db'))
  await expect.poll(text).toMatch(/服务器 {2}ok 0[\s\S]*db {6}ok 0/)
  await report.close()
})

test('a flood of events causes about ten redraws a second', async () => {
  const { report, writes, text } = live()
  report.on(run())
  report.on(play(...hostsOf(200)))
  await expect.poll(text).toContain('0/200 hosts')
  const before = writes()
  const began = Date.now()
  while (Date.now() - began < 500) {
    for (const host of hostsOf(200)) {
      report.on(start(host))
      report.on(task({ host, status: 'changed', changes: changes('write /a') }))
    }
    await pause(1)
  }
  expect(writes() - before).toBeLessThanOrEqual(8)
  await report.close()
})

test('the view is replaced for each play and batch', async () => {
  const { report, raw } = live()
  report.on(run())
  for (const name of ['one', 'two', 'three']) {
    report.on({ event: 'play', play: name, hosts: ['web1'] })
    report.on(task({ status: 'changed', task: name }))
  }
  await report.close()
  expect(
    screenAfter(raw())
      .filter(row => row !== '')
      .map(row => row.trim().split(/\s+/)[0]),
  ).toEqual(['PLAY', 'changed', 'PLAY', 'changed', 'PLAY', 'changed'])
})

test('a report that is closed before any event writes nothing', async () => {
  const { report, raw } = live()
  await report.close()
  expect(raw()).toBe('')
})
