import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

const given = sh`useradd --system --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin mlplay-test`

export const samples: readonly Sample[] = [
  { title: 'one that is there', params: { name: 'root' }, expect: 'converged' },
  { title: 'absent and not there', params: { name: 'mlplay-no-one', state: 'absent' }, expect: 'converged' },
  { title: 'an unknown group', params: { name: 'root', groups: ['no-such-group'] }, expect: { problem: 'no group' } },
  {
    title: 'a new one',
    params: { name: 'mlplay-test', home: '/var/lib/mlplay-test' },
    needs: ['view'],
    proof: sh`grep -q '^mlplay-test:.*:/var/lib/mlplay-test:/usr/sbin/nologin$' /etc/passwd`,
  },
  {
    title: 'another shell and home, and more groups',
    params: { name: 'mlplay-test', shell: '/bin/sh', home: '/srv', groups: ['daemon', 'adm'] },
    given,
    needs: ['view'],
    proof: sh`grep -q '^mlplay-test:.*:/srv:/bin/sh$' /etc/passwd && grep -q '^adm:.*mlplay-test' /etc/group`,
  },
  {
    title: 'removed',
    params: { name: 'mlplay-test', state: 'absent' },
    given,
    needs: ['view'],
    proof: sh`! grep -q '^mlplay-test:' /etc/passwd`,
  },
]
