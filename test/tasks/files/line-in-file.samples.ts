import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

const path = '@DIR@/f'

export const samples: readonly Sample[] = [
  {
    title: 'a line at the end',
    params: { path, line: 'c' },
    given: sh`printf 'a\nb' > f; chmod 640 f`,
    proof: sh`[ "$(cat f)" = "$(printf 'a\nb\nc')" ] && [ "$(stat -c %a f)" = 640 ]`,
  },
  {
    title: 'a line in the place of one that matches',
    params: { path, regexp: '^#?Port ', line: 'Port 22' },
    given: sh`printf '#Port 1\nx\nPort 2\ny\n' > f`,
    proof: sh`[ "$(cat f)" = "$(printf '#Port 1\nx\nPort 22\ny')" ]`,
  },
  {
    title: 'a line with groups of the match',
    params: { path, regexp: '^(a)=.*$', line: '\\1=2', backrefs: true },
    given: sh`echo a=1 > f`,
    proof: sh`[ "$(cat f)" = a=2 ]`,
  },
  { title: 'a line that is there', params: { path, line: 'ä' }, given: sh`printf 'ä\nb\n' > f`, expect: 'converged' },
  {
    title: 'lines removed',
    params: { path, regexp: '^#', state: 'absent' },
    given: sh`printf '# a\nb\n# c\n' > f`,
    proof: sh`[ "$(cat f)" = b ]`,
  },
  {
    title: 'a new file',
    params: { path, line: 'x', create: true, mode: '0600' },
    proof: sh`[ "$(cat f)" = x ] && [ "$(stat -c %a f)" = 600 ]`,
  },
  { title: 'no file', params: { path, line: 'x' }, expect: { problem: 'create: true' } },
  {
    title: 'nothing to remove it from',
    params: { path, line: 'x', state: 'absent', create: true },
    expect: 'converged',
  },
  {
    title: 'a pattern that is none',
    params: { path, regexp: '(', line: 'x' },
    given: sh`: > f`,
    expect: { problem: 'pattern' },
  },
]
