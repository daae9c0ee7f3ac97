import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'a pipe', params: { cmd: 'echo abc | tr a x > f', chdir: '@DIR@' }, proof: sh`[ "$(cat f)" = xbc ]` },
  { title: 'unless holds', params: { cmd: 'exit 1', unless: 'true' }, expect: 'converged' },
  {
    title: 'removes what is there',
    params: { cmd: 'rm f', chdir: '@DIR@', removes: '@DIR@/f' },
    given: sh`: > f`,
    proof: sh`[ ! -e f ]`,
  },
]
