import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [{ title: 'a free one', params: { port: 1 }, expect: 'converged' }]
