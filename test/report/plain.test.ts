import { expect, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { plainReport } from '../../src/report/plain.ts'
import type { ReportOptions } from '../../src/report/report.ts'
import { capture, changes, play, run, summary, task, totals } from './events.ts'

const shown = (events: readonly Event[], options: Partial<ReportOptions> = {}): readonly string[] => {
  const { options: all, text } = capture(options)
  const report = plainReport(all)
  for (const event of events) report.on(event)
  return text().split('\n').slice(0, -1)
}

const FAILED = task({
  status: 'failed',
  message: 'nginx: no such file',
  stdout: 'one\ntwo\n',
  stderr: 'bad\n',
  at: { file: 'site.yml', line: 4, column: 7 },
})

test.each<[string, readonly Event[], readonly string[]]>([
  ['a play', [play('a', 'b', 'c')], ['PLAY web  (3 hosts)']],
  ['a batch', [{ event: 'play', play: 'web', hosts: ['a'], batch: [1, 3] }], ['PLAY web  (1 host, batch 1 of 3)']],
  ['ok', [task()], ['  ok           web1  config']],
  [
    'changed',
    [task({ status: 'changed', item: 'x', changes: changes('create /a', 'set mode') })],
    ['  changed      web1  config [x]  (create /a; set mode)'],
  ],
  [
    'many changes',
    [task({ status: 'changed', changes: changes('1', '2', '3', '4', '5', '6', '7') })],
    ['  changed      web1  config  (1; 2; 3; 4; 5; and 2 more)'],
  ],
  ['handler', [task({ status: 'changed', handler: true })], ['  changed      web1  config (handler)']],
  [
    'check mode',
    [run(true), task({ status: 'changed', changes: changes('create /a') })],
    ['  would change  web1  config  (create /a)'],
  ],
  ['skipped', [task({ status: 'skipped' })], []],
  [
    'failed',
    [FAILED],
    [
      '  failed       web1  config',
      '    nginx: no such file',
      '    at site.yml:4:7',
      '    stdout:',
      '      one',
      '      two',
      '    stderr:',
      '      bad',
    ],
  ],
  [
    'a failure of one of several hosts',
    [play('a', 'long'), task({ host: 'a', status: 'failed' })],
    ['PLAY web  (2 hosts)', '  failed       a  config'],
  ],
  ['output of what went well', [task({ stdout: 'fine' })], ['  ok           web1  config']],
  ['no diff unless asked', [task({ status: 'changed', diff: '--- a\n' })], ['  changed      web1  config']],
  [
    'rollback',
    [
      {
        event: 'rollback',
        play: 'web',
        host: 'web1',
        undone: ['write /a'],
        not_undone: ['run x'],
        failed_task: 'validate',
      },
    ],
    [
      "  rollback     web1  because 'validate' failed: 1 change undone, 1 change could not be undone",
      '    undone: write /a',
      '    not undone: run x',
    ],
  ],
  [
    'warning',
    [{ event: 'warning', message: 'odd', at: { file: 'a.yml', line: 1, column: 2 } }],
    ['warning: odd (a.yml:1:2)'],
  ],
  [
    'interrupted',
    [{ event: 'interrupted', signal: 'SIGINT', grace: 10 }],
    ['interrupted by SIGINT: no new task starts, running tasks have 10 s to finish; Ctrl-C again kills them'],
  ],
  [
    'a handler that did not run',
    [{ event: 'notified', play: 'web', host: 'web1', handler: 'restart', state: 'not_run' }],
    ['  not run      web1  restart  (notified handler)'],
  ],
  ['pending', [{ event: 'notified', play: 'web', host: 'web1', handler: 'restart', state: 'pending' }], []],
])('%s', (_name, events, lines) => expect(shown(events)).toEqual(lines))

test('-v shows skipped tasks and the output of successful ones', () => {
  const lines = shown([task({ status: 'skipped' }), task({ stdout: 'fine' })], { verbosity: 1 })
  expect(lines).toEqual(['  skipped      web1  config', '  ok           web1  config', '    stdout:', '      fine'])
})

test('the end of a long output is shown', () => {
  const stdout = Array.from({ length: 100 }, (_, i) => `line ${i + 1}`).join('\n')
  const lines = shown([task({ status: 'failed', stdout })])
  expect(lines).toHaveLength(32)
  expect(lines[1]).toBe('    stdout: (70 earlier lines left out, -v shows all)')
  expect(lines.at(-1)).toBe('      line 100')
})

test('a diff is shown plain and coloured', () => {
  const changed = task({ status: 'changed', diff: '--- /a\n+++ /a\n@@ -1 +1 @@\n-old\n+new\n' })
  expect(shown([changed], { diff: true }).slice(1)).toEqual(
    ['--- /a', '+++ /a', '@@ -1 +1 @@', '-old', '+new'].map(line => `    ${line}`),
  )
  const coloured = shown([changed], { diff: true, colour: true })
  expect(coloured[0]).toContain('\x1b[33mchanged')
  expect(coloured[4]).toBe('    \x1b[31m-old\x1b[39m')
})

test('ok lines are dim', () => expect(shown([task()], { colour: true })[0]).toMatch(/^\x1b\[2m.*\x1b\[22m$/))

test('data of a host cannot move the cursor', () => {
  const evil = '\x1b[2Jx\x9b1A\u202e'
  const all = { status: 'failed', task: evil, item: evil, host: evil, message: evil, stdout: evil, diff: evil } as const
  const at = { file: evil, line: 1, column: 1 }
  const hosts = { [evil]: totals() }
  const events: readonly Event[] = [
    { event: 'play', play: evil, hosts: [evil] },
    task({ ...all, changes: changes(evil), at }),
    { event: 'rollback', play: evil, host: evil, undone: [evil], not_undone: [evil], failed_task: evil },
    { event: 'warning', message: evil, at },
    summary(hosts, { pending_handlers: { [evil]: [evil] }, hosts: { [evil]: totals({ failed: 1 }) }, exit_code: 2 }),
  ]
  expect(shown(events, { diff: true }).join('\n')).not.toMatch(/[\x1b\x9b\u202e]/)
})
