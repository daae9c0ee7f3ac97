import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'a first user',
    params: { path: '@DIR@/f', name: 'ann', password: 'long enough' },
    proof: sh`grep -q '^ann:\$6\$' f && [ "$(stat -c %a f)" = 640 ]`,
  },
  {
    title: 'one more, others stay as they are',
    params: { path: '@DIR@/f', name: 'ann', password: 'pw', hash_scheme: 'apr1' },
    given: sh`printf '# ours\nbob:x\n\n' > f`,
    proof: sh`grep -q '^# ours' f && grep -q '^bob:x' f && grep -q '^ann:\$apr1\$' f`,
  },
  {
    title: 'bcrypt',
    params: {
      path: '@DIR@/f',
      hash_scheme: 'bcrypt',
      users: [
        { name: 'ann', password: 'pw' },
        { name: 'bob', state: 'absent' },
      ],
    },
    given: sh`printf 'bob:x\n' > f`,
    proof: sh`grep -q '^ann:\$2y\$05\$' f && ! grep -q bob f`,
  },
  {
    title: 'only those listed',
    params: { path: '@DIR@/f', exclusive: true, users: [{ name: 'ann', hash: '$apr1$x$y' }] },
    given: sh`printf 'bob:x\nann:$apr1$x$y\n' > f`,
    proof: sh`[ "$(cat f)" = 'ann:$apr1$x$y' ]`,
  },
  { title: 'a user without a password', params: { path: '@DIR@/f', name: 'ann' }, expect: { problem: 'password' } },
  {
    title: 'a password that bcrypt would cut',
    params: { path: '@DIR@/f', name: 'ann', password: 'x'.repeat(80), hash_scheme: 'bcrypt' },
    expect: { problem: '72' },
  },
]
