import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'one that every Debian has', params: { name: 'dpkg' }, needs: ['debian'], expect: 'converged' },
  {
    title: 'several at once, a version among them',
    params: { name: ['dpkg', 'base-files=*'] },
    needs: ['debian'],
    expect: 'converged',
  },
  {
    title: 'absent and never there',
    params: { name: 'no-such-package-at-all', state: 'absent' },
    needs: ['debian'],
    expect: 'converged',
  },
  {
    title: 'a small one',
    params: { name: 'hello-traditional' },
    needs: ['debian', 'root', 'disposable'],
    given: sh`apt-get purge -y hello-traditional`,
    proof: sh`[ "$(dpkg-query -W -f='\${db:Status-Abbrev}' hello-traditional)" = 'ii ' ]`,
  },
  {
    title: 'taken away',
    params: { name: 'hello-traditional', state: 'absent', purge: true },
    needs: ['debian', 'root', 'disposable'],
    given: sh`apt-get install -y hello-traditional`,
    proof: sh`! dpkg-query -W hello-traditional 2>/dev/null`,
  },
]
