import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'quotes and dollars stay',
    params: { cmd: `touch 'a b' "c d" $HOME`, chdir: '@DIR@' },
    proof: sh`[ -f 'a b' ] && [ -f 'c d' ] && [ -f '$HOME' ]`,
  },
  {
    title: 'what it creates is there',
    params: { argv: ['touch', '@DIR@/x'], creates: '@DIR@/x' },
    given: sh`: > x`,
    expect: 'converged',
  },
  { title: 'an open quote', params: { cmd: "echo 'x" }, expect: { problem: 'quote' } },
]
