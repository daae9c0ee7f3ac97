import { expect, test } from 'vitest'
import type { Event } from '../../src/model/event.ts'
import { chooseReport, type ReportKind } from '../../src/report/choose-report.ts'
import { duration } from '../../src/report/duration.ts'
import { capture, changes, run, summary, task, totals } from './events.ts'

const written = async (kind: ReportKind, events: readonly Event[], diff = false): Promise<string> => {
  const { options, text } = capture({ diff })
  const report = await chooseReport(kind, options)
  for (const event of events) report.on(event)
  await report.close()
  return text()
}

test('the JSON report prints each event on a line, without terminal control characters', async () => {
  const events = [run(), task({ message: 'a\x9b2J\u202eb\n', stderr: undefined }), summary({ web1: totals() })]
  const text = await written('json', events)
  expect(text).not.toMatch(/[\x9b\u202e]/)
  const parsed = text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(parsed).toEqual(events)
  expect('stderr' in parsed[1]).toBe(false)
})

test('the JUnit report has a suite for each host and a case for each task', async () => {
  const text = await written('junit', [
    task({ status: 'changed', changes: changes('write /a') }),
    task({ status: 'failed', task: 'a <"b"> & c', message: 'x\ny', at: { file: 'site.yml', line: 2, column: 3 } }),
    task({ host: 'web2', status: 'unreachable', message: 'no route' }),
    task({ host: 'web2', status: 'skipped' }),
    { event: 'rollback', play: 'web', host: 'web1', undone: ['write /a'], not_undone: [], failed_task: 'validate' },
    summary({ web1: totals(), web2: totals(), web3: totals() }),
  ])
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mlplay" tests="4" failures="1" errors="1" skipped="1" time="3.200">
  <testsuite name="web1" tests="2" failures="1" errors="0" skipped="0" time="0.024">
    <testcase name="config" classname="web.copy" time="0.012">
      <system-out>write /a</system-out>
    </testcase>
    <testcase name="a &lt;&quot;b&quot;&gt; &amp; c" classname="web.copy" time="0.012" file="site.yml" line="2">
      <failure message="x&#10;y" type="copy">x
y
at site.yml:2:3</failure>
    </testcase>
    <system-out>undone because of validate: write /a</system-out>
  </testsuite>
  <testsuite name="web2" tests="2" failures="0" errors="1" skipped="1" time="0.024">
    <testcase name="config" classname="web.copy" time="0.012">
      <error message="no route" type="copy">no route</error>
    </testcase>
    <testcase name="config" classname="web.copy" time="0.012">
      <skipped/>
    </testcase>
  </testsuite>
  <testsuite name="web3" tests="0" failures="0" errors="0" skipped="0" time="0.000"/>
</testsuites>
`)
})

test('the JUnit report omits characters that XML cannot represent', async () => {
  const text = await written('junit', [
    task({ status: 'failed', stdout: 'a\x00\x1b[31mred\x1b[0m\x07\ud800 ]]>\ufffe é😀' }),
  ])
  expect(text).toContain('<system-out>ared ]]&gt; é😀</system-out>')
})

test('the JUnit report of many hosts is written in pieces and keeps a few bytes per event', async () => {
  const { options, text, writes } = capture()
  const report = await chooseReport('junit', options)
  for (let i = 0; i < 20; i++)
    for (let host = 0; host < 500; host++) report.on(task({ host: `h${host}`, diff: 'not asked for'.repeat(10) }))
  expect(writes()).toBe(0)
  await report.close()
  expect(writes()).toBe(502)
  expect(text().match(/<testcase /g)).toHaveLength(10_000)
  expect(text()).not.toContain('not asked for')
  expect(text()).toMatch(/<testsuites name="mlplay" tests="10000" failures="0" errors="0" skipped="0" time="120.000">/)
})

test('the JUnit report without events is valid', async () => {
  expect(await written('junit', [])).toContain('tests="0"')
})

test.each<[number, string]>([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [3249, '3.2 s'],
  [59_960, '1 min 0 s'],
  [245_000, '4 min 5 s'],
])('the duration of %d ms', (ms, text) => expect(duration(ms)).toBe(text))
