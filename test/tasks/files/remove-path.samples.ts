import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'a file', params: { path: '@DIR@/f' }, given: sh`echo a > f; chmod 640 f`, proof: sh`[ ! -e f ]` },
  {
    title: 'a link, not what it points to',
    params: { path: '@DIR@/l' },
    given: sh`echo a > f; ln -s f l`,
    proof: sh`[ -f f ] && [ ! -L l ]`,
  },
  { title: 'a folder', params: { path: '@DIR@/d' }, given: sh`mkdir -p d/e; : > d/e/f`, proof: sh`[ ! -e d ]` },
  { title: 'nothing there', params: { path: '@DIR@/f' }, expect: 'converged' },
  { title: 'a whole system', params: { path: '/etc' }, expect: { problem: 'not removed' } },
]
