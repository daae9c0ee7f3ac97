import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'a new link',
    params: { src: '@DIR@/f', dest: '@DIR@/l' },
    given: sh`: > f`,
    proof: sh`[ "$(readlink l)" = "$PWD/f" ]`,
  },
  {
    title: 'one that points elsewhere',
    params: { src: 'g', dest: '@DIR@/l' },
    given: sh`: > g; mkdir d; ln -s d l`,
    proof: sh`[ "$(readlink l)" = g ]`,
  },
  {
    title: 'to a name that looks like an option',
    params: { src: '-n', dest: '@DIR@/l' },
    given: sh`: > ./-n; ln -s /gone l`,
    proof: sh`[ "$(readlink l)" = -n ]`,
  },
  { title: 'the same link', params: { src: 'g', dest: '@DIR@/l' }, given: sh`ln -s g l`, expect: 'converged' },
  {
    title: 'a file in the way',
    params: { src: 'g', dest: '@DIR@/l' },
    given: sh`: > g; : > l`,
    expect: { problem: 'force: true' },
  },
  {
    title: 'a file replaced',
    params: { src: 'g', dest: '@DIR@/l', force: true },
    given: sh`: > g; : > l`,
    proof: sh`[ -L l ]`,
  },
  { title: 'to nothing', params: { src: 'nowhere', dest: '@DIR@/l' }, expect: { problem: 'does not exist' } },
]
