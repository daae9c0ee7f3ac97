import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'one that is there', params: { name: 'root', gid: 0 }, expect: 'converged' },
  { title: 'absent and not there', params: { name: 'mlplay-no-group', state: 'absent' }, expect: 'converged' },
  {
    title: 'a new one',
    params: { name: 'mlplay-deploy', gid: 54321 },
    needs: ['view'],
    proof: sh`grep -q '^mlplay-deploy:.*:54321:' /etc/group`,
  },
  {
    title: 'a new one for a service',
    params: { name: 'mlplay-service', system: true },
    needs: ['view'],
    proof: sh`gid=$(sed -n 's/^mlplay-service:[^:]*:\([0-9]*\):.*/\1/p' /etc/group); [ "$gid" -lt 1000 ]`,
  },
  {
    title: 'another number',
    params: { name: 'mlplay-deploy', gid: 54322 },
    given: sh`groupadd -g 54321 mlplay-deploy`,
    needs: ['view'],
    proof: sh`grep -q '^mlplay-deploy:.*:54322:' /etc/group`,
  },
  {
    title: 'removed, its members too',
    params: { name: 'mlplay-deploy', state: 'absent' },
    given: sh`groupadd -g 54321 mlplay-deploy && usermod -aG mlplay-deploy daemon`,
    needs: ['view'],
    proof: sh`! grep -q '^mlplay-deploy:' /etc/group`,
  },
]
