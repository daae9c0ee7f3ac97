import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'a new one with parents',
    params: { path: '@DIR@/a/b/c', mode: '0750' },
    proof: sh`[ -d a/b/c ] && [ "$(stat -c %a a/b/c)" = 750 ]`,
  },
  { title: 'one there already', params: { path: '@DIR@/a' }, given: sh`mkdir a`, expect: 'converged' },
  {
    title: 'another mode',
    params: { path: '@DIR@/a', mode: '0700' },
    given: sh`mkdir a; chmod 755 a`,
    proof: sh`[ "$(stat -c %a a)" = 700 ]`,
  },
  {
    title: 'a mode in letters',
    params: { path: '@DIR@/a', mode: 'g+w,o=' },
    given: sh`mkdir a; chmod 755 a`,
    proof: sh`[ "$(stat -c %a a)" = 770 ]`,
  },
  {
    title: 'a new one by letters',
    params: { path: '@DIR@/a', mode: 'u=rwX,go=' },
    proof: sh`[ "$(stat -c %a a)" = 700 ]`,
  },
  {
    title: 'letters that hold already',
    params: { path: '@DIR@/a', mode: 'a+X' },
    given: sh`mkdir a; chmod 755 a`,
    expect: 'converged',
  },
  { title: 'odd names', params: { path: "@DIR@/it's a $HOME" }, proof: sh`[ -d ${"it's a $HOME"} ]` },
  { title: 'a link to a folder', params: { path: '@DIR@/l' }, given: sh`mkdir a; ln -s a l`, expect: 'converged' },
  { title: 'a file in the way', params: { path: '@DIR@/f/x' }, given: sh`: > f`, expect: { problem: 'no folder' } },
  {
    title: 'an unknown owner',
    params: { path: '@DIR@/a', owner: 'nobody-of-that-name' },
    expect: { problem: 'no user' },
  },
]
