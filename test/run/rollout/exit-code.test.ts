import { expect, it } from 'vitest'
import { exitCode } from '../../../src/run/rollout/exit-code.ts'

const host = (more: object = {}) =>
  ({ bug: false, lost: undefined, counts: { changed: 0 }, mayChange: false, ...more }) as never
const request = (more: object = {}, aborted = false) =>
  ({ signal: { aborted }, check: false, detailedExitcode: false, ...more }) as never
const detailed = { check: true, detailedExitcode: true }

it.each([
  ['0 where all went well', [host(), host({ counts: { changed: 1 } })], request(), false, 0],
  ['2 where a host failed', [host({ lost: 'unreachable' }), host({ lost: 'failed' })], request(), false, 2],
  ['4 where a host was unreachable and none failed', [host(), host({ lost: 'unreachable' })], request(), false, 4],
  ['2 where the run broke', [host()], request(), true, 2],
  [
    '1 where a host met with a bug, whatever else failed',
    [host({ lost: 'failed' }), host({ bug: true })],
    request(),
    false,
    1,
  ],
  ['130 where it was interrupted', [host({ bug: true })], request({}, true), false, 130],
  ['5 where a dry run would change something', [host({ counts: { changed: 1 } })], request(detailed), false, 5],
  ['5 where a dry run may change something', [host({ mayChange: true })], request(detailed), false, 5],
  ['0 where a dry run would change nothing', [host()], request(detailed), false, 0],
  [
    '0 where a dry run is not asked for details',
    [host({ counts: { changed: 1 } })],
    request({ check: true }),
    false,
    0,
  ],
  [
    '0 where a real run changed something',
    [host({ counts: { changed: 1 } })],
    request({ detailedExitcode: true }),
    false,
    0,
  ],
] as const)('the exit code is %s', (_, hosts, asked, broken, code) => {
  expect(exitCode(hosts, asked, broken)).toBe(code)
})
