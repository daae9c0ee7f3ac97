import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'a new file',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', mode: '0600' },
    proof: sh`[ "$(stat -c %a f)" = 600 ] && grep -q hello f`,
  },
  {
    title: 'a file that differs keeps its mode',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f' },
    given: sh`echo old > f; chmod 640 f`,
    proof: sh`[ "$(stat -c %a f)" = 640 ] && grep -q hello f`,
  },
  {
    title: 'a backup',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', backup: true },
    given: sh`echo old > f`,
    proof: sh`grep -q old f.*~`,
  },
  {
    title: 'a check that passes',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f', validate: 'grep -q hello %s' },
    proof: sh`grep -q hello f`,
  },
  {
    title: 'a folder in the way',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/f' },
    given: sh`mkdir f`,
    expect: { problem: 'is a folder' },
  },
  {
    title: 'no parent',
    params: { src: '@FIXTURES@/greeting.j2', dest: '@DIR@/no/f' },
    expect: { problem: 'ensure-dir' },
  },
]
