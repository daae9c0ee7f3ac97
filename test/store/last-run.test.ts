import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HostTotals, SummaryEvent } from '../../src/model/event.ts'
import { afterRun, lastRunFile, namedAfter, readLastRun, writeLastRun } from '../../src/store/last-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'mlplay-last-'))
afterAll(() => rmSync(folder, { recursive: true }))

const none: HostTotals = {
  ...{ ok: 1, changed: 0, unknown: 0, skipped: 0, failed: 0, unreachable: 0, ignored: 0, rescued: 0 },
  ...{ round_trips: 1, verified: 0, failed_after_change: 0 },
}
const summary = (hosts: Readonly<Record<string, Partial<HostTotals>>>, more: Partial<SummaryEvent> = {}) => ({
  event: 'summary' as const,
  check: false,
  hosts: Object.fromEntries(Object.entries(hosts).map(([name, its]) => [name, { ...none, ...its }])),
  pending_handlers: {},
  exit_code: 0,
  ms: 1,
  ...more,
})
const nobody = { failed: [], unreachable: [], stopped: [], untouched: [] }

describe('afterRun', () => {
  it.each([
    ['all well', undefined, summary({ a: {} }), nobody],
    [
      'each in its own way',
      undefined,
      summary({ a: { failed: 1 }, b: { unreachable: 1 }, c: {}, d: {} }, { stopped: ['d'], untouched: ['e'] }),
      { failed: ['a'], unreachable: ['b'], stopped: ['d'], untouched: ['e'] },
    ],
    [
      'failed, and lost after that',
      undefined,
      summary({ a: { failed: 1, unreachable: 1 } }),
      { ...nobody, failed: ['a'] },
    ],
    ['who took no part stays', { ...nobody, failed: ['a', 'b'] }, summary({ a: {} }), { ...nobody, failed: ['b'] }],
    [
      'who took part is as it is now',
      { ...nobody, unreachable: ['a'] },
      summary({ a: { failed: 1 } }),
      { ...nobody, failed: ['a'] },
    ],
  ])('%s', (_, before, event, expected) => {
    expect(afterRun(before, event)).toEqual(expected)
  })
})

describe('the file', () => {
  it('the file belongs to the playbooks and the inventory', () => {
    const files = [
      lastRunFile(['/x/p.yml'], ['/x/inv']),
      lastRunFile(['/x/p.yml'], ['/x/other']),
      lastRunFile(['/x/q.yml'], ['/x/inv']),
    ]
    expect(new Set(files).size).toBe(3)
    expect(files[0]).toMatch(/^\/x\/\.mlplay\/last-run-p-[0-9a-f]{12}\.json$/)
  })

  it('the file is private, written atomically and read again', () => {
    const file = join(folder, '.mlplay', 'x.json')
    expect(readLastRun(file)).toBeUndefined()
    writeLastRun(file, { ...nobody, failed: ['a'], untouched: ['b'] })
    expect(readLastRun(file)).toEqual({ ...nobody, failed: ['a'], untouched: ['b'] })
    expect([readdirSync(join(folder, '.mlplay')), statSync(file).mode & 0o777]).toEqual([['x.json'], 0o600])
    expect([namedAfter(file).failed(), namedAfter(file).rest()]).toEqual([['a'], ['a', 'b']])
  })

  it('a corrupt file counts as empty', () => {
    const file = join(folder, 'broken.json')
    for (const text of ['', '{', '[1]', '{"failed": "a", "unreachable": [1, "b"]}']) {
      writeFileSync(file, text)
      expect(namedAfter(file).failed()).toEqual(text.includes('b') ? ['b'] : [])
    }
  })
})
