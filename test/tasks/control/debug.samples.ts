import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [{ title: 'a text', params: { msg: 'hello' }, expect: 'converged' }]
