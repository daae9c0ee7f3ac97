import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'with a reason', params: { msg: 'not here' }, expect: { problem: 'not here' } },
]
