import { sh } from '../../../src/text/sh.ts'
import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'a text',
    params: { content: "it's\n$HOME `x` ümlaut\n", dest: '@DIR@/f' },
    proof: sh`[ "$(cat f)" = ${"it's\n$HOME `x` ümlaut"} ]`,
  },
  {
    title: 'a mode in letters, from what a new file gets',
    params: { content: 'a\n', dest: '@DIR@/f', mode: 'u+x,go-r' },
    proof: sh`[ "$(stat -c %a f)" = 700 ]`,
  },
  {
    title: 'a mode in letters, from what the old file has',
    params: { content: 'b\n', dest: '@DIR@/f', mode: 'g+w' },
    given: sh`echo a > f; chmod 640 f`,
    proof: sh`[ "$(stat -c %a f)" = 660 ] && grep -q b f`,
  },
  { title: 'nothing', params: { content: '', dest: '@DIR@/f' }, proof: sh`[ -f f ] && [ ! -s f ]` },
  { title: 'the same text', params: { content: 'a\n', dest: '@DIR@/f' }, given: sh`echo a > f`, expect: 'converged' },
  {
    title: 'in place of a link',
    params: { content: 'a\n', dest: '@DIR@/f' },
    given: sh`echo b > g; ln -s g f`,
    proof: sh`[ ! -L f ] && grep -q b g`,
  },
  {
    title: 'more than rides inline',
    params: { content: 'x'.repeat(700_000), dest: '@DIR@/f' },
    proof: sh`[ "$(wc -c < f)" -eq 700000 ]`,
  },
  { title: 'bytes', params: { src: '@FIXTURES@/bytes.bin', dest: '@DIR@/f' }, proof: sh`[ "$(wc -c < f)" -eq 256 ]` },
]
