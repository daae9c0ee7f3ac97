import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'one that is there', params: { name: 'root' }, expect: 'converged' },
  { title: 'absent and not there', params: { name: 'mlplay-no-one', state: 'absent' }, expect: 'converged' },
  {
    title: 'a new one',
    params: { name: 'mlplay-test', home: '/var/lib/mlplay-test' },
    needs: ['root', 'disposable'],
    proof: sh`grep -q '^mlplay-test:.*:/var/lib/mlplay-test:/usr/sbin/nologin$' /etc/passwd`,
  },
]
