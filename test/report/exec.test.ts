import { expect, test } from 'vitest'
import { execReport } from '../../src/report/exec.ts'
import { capture, play, summary, task, totals } from './events.ts'

const shown = (events: Parameters<ReturnType<typeof execReport>['on']>[0][]): string => {
  const { options, text } = capture()
  const report = execReport(options)
  for (const event of events) report.on(event)
  void report.close()
  return text()
}

test('equal outputs are shown once with their hosts, the most frequent first and failures last', () => {
  const hosts = ['h1', 'h2', 'h3', 'h4', 'h5']
  const text = shown([
    play(...hosts),
    task({ host: 'h1', status: 'failed', message: 'exited with code 4', stdout: 'half', stderr: 'bad\n' }),
    task({ host: 'h2', status: 'changed', stdout: '6.1\n' }),
    ...['h3', 'h4'].map(host => task({ host, status: 'changed', stdout: '6.2\n' })),
    task({ host: 'h5', status: 'unreachable', message: 'cannot reach h5' }),
    summary({ h1: totals({ failed: 1 }) }, { ms: 400 }),
  ])
  expect(text).toBe(
    [
      ...['h3, h4 (2 hosts)', '  6.2', '', 'h2', '  6.1', ''],
      ...['h1: exited with code 4', '  half', '  stderr: bad', '', 'h5: cannot reach h5', ''],
      '3 hosts answered, 1 failed, 1 unreachable (400 ms)\n',
    ].join('\n'),
  )
})

test('the output of a host cannot move the cursor', () => {
  const evil = '\x1b[2Jx\x9b1A'
  const all = { host: evil, stdout: evil, stderr: evil, message: evil } as const
  const text = shown([play(evil), task({ ...all, status: 'failed' }), summary({ [evil]: totals({ failed: 1 }) })])
  expect(text).not.toMatch(/[\x1b\x9b]/)
})
