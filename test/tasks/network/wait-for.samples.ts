import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'a path that is there', params: { path: '@DIR@/f' }, given: sh`: > f`, expect: 'converged' },
  {
    title: 'a text in a file',
    params: { path: '@DIR@/f', contains: 'ready' },
    given: sh`echo now ready > f`,
    expect: 'converged',
  },
  { title: 'a port that nobody has', params: { port: 1, state: 'stopped' }, expect: 'converged' },
  { title: 'too long', params: { path: '@DIR@/f', timeout: 1 }, expect: { problem: 'not there' } },
]
