import { expect, test } from 'vitest'
import type { HostTotals, SummaryEvent } from '../../src/model/event.ts'
import { recap } from '../../src/report/recap.ts'
import { unpainted } from '../../src/text/colour.ts'
import { summary, totals } from './events.ts'

const last = (event: SummaryEvent): string | undefined => recap(event, { paint: unpainted }).split('\n').at(-1)
const DONE = totals({ ok: 9, changed: 3, verified: 3, skipped: 1, round_trips: 5 })

test('the recap has a line for each host, the pending handlers, and the outcome of the run', () => {
  const event = summary(
    { web1: DONE, 'db-long': totals({ ok: 2 }) },
    { pending_handlers: { web1: ['restart', 'reload'] } },
  )
  expect(recap(event, { paint: unpainted }).split('\n')).toEqual([
    'RECAP',
    'web1    : ok=9 changed=3 verified=3 skipped=1 failed=0 round trips=5',
    'db-long : ok=2 changed=0 failed=0 round trips=1',
    'pending handlers web1 : restart, reload (notified, not run)',
    '',
    'Done in 3.2 s: 3 changed, all verified.',
  ])
})

test.each<[string, Readonly<Record<string, HostTotals>>, Partial<SummaryEvent>, string]>([
  ['some verified', { a: totals({ changed: 3, verified: 2 }) }, {}, 'Done in 3.2 s: 3 changed, 2 of them verified.'],
  ['none verified', { a: totals({ changed: 3 }) }, {}, 'Done in 3.2 s: 3 changed, none verified.'],
  ['dry run', { a: DONE }, { check: true, exit_code: 5 }, 'Dry run: 3 would change, nothing was touched.'],
  ['dry run of nothing', { a: totals() }, { check: true }, 'Dry run: nothing would change, nothing was touched.'],
  ['converged', { a: totals({ ok: 3 }) }, {}, 'Converged: nothing to change (1 round trip).'],
  [
    'several converged',
    { a: totals({ ok: 3 }), b: totals({ round_trips: 2 }) },
    {},
    'Converged: nothing to change (1 to 2 round trips each).',
  ],
  [
    'failed',
    { a: totals({ failed: 1 }), b: totals({ unreachable: 1 }), c: DONE },
    { exit_code: 2 },
    'Failed: 1 of 3 hosts failed (a), 1 of 3 hosts unreachable (b); 3 changed, all verified (3.2 s).',
  ],
  ['refused', { a: totals() }, { exit_code: 6 }, 'Failed: exit code 6; nothing changed (3.2 s).'],
  ['interrupted', { a: DONE }, { exit_code: 130 }, 'Interrupted after 3.2 s: 3 changed, all verified.'],
  ['nobody', {}, {}, 'Nothing done: no host took part.'],
])('the result line: %s', (_name, hosts, more, line) => expect(last(summary(hosts, more))).toBe(line))

const many = (count: number, of: (i: number) => HostTotals) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`h${i + 1}`, of(i)]))

test('up to ten hosts have a line each', () => {
  expect(recap(summary(many(10, () => DONE)), { paint: unpainted }).split('\n')).toHaveLength(13)
})

test('more than ten hosts are grouped by outcome, not by round trips', () => {
  const hosts = many(16, i =>
    i === 15 ? totals({ failed: 1 }) : i >= 12 ? totals() : { ...DONE, round_trips: 2 + (i % 3) },
  )
  const lines = recap(summary(hosts, { exit_code: 2 }), { paint: unpainted }).split('\n')
  expect(lines.slice(1, 4)).toEqual([
    'h16                : ok=0 changed=0 failed=1 round trips=1',
    'h[1:12] (12 hosts) : ok=9 changed=3 verified=3 skipped=1 failed=0 round trips=2..4',
    'h[13:15] (3 hosts) : ok=0 changed=0 failed=0 round trips=1',
  ])
})

test('a narrow terminal breaks lines before the counts, and equal pending handlers share a line', () => {
  const hosts = many(20, i => (i < 15 ? DONE : totals()))
  const lines = recap(
    summary(hosts, { pending_handlers: { h1: ['restart'], h2: ['restart'], h3: ['restart'], h9: [] } }),
    {
      paint: unpainted,
      columns: 60,
    },
  ).split('\n')
  expect(lines.slice(1, 5)).toEqual([
    'h[1:15] (15 hosts) :',
    '    ok=9 changed=3 verified=3 skipped=1 failed=0 round trips=5',
    'h[16:20] (5 hosts) : ok=0 changed=0 failed=0 round trips=1',
    'pending handlers h[1:3] : restart (notified, not run)',
  ])
})

test('untouched and stopped hosts are listed, with the command to continue', () => {
  const more = {
    untouched: ['h4', 'h5', 'h6'],
    stopped: ['h2'],
    rerun_hint: '-l @failed runs again on 1 failed or unreachable host',
    exit_code: 2,
  }
  expect(
    recap(summary({ h1: totals({ failed: 1 }) }, more), { paint: unpainted })
      .split('\n')
      .slice(2),
  ).toEqual([
    'stopped h2 (1 host) : did not finish',
    'not touched h[4:6] (3 hosts) : the run ended before their turn',
    '',
    'Failed: 1 of 1 host failed (h1); nothing changed (3.2 s).',
    '-l @failed runs again on 1 failed or unreachable host',
  ])
})
