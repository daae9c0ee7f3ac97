import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [{ title: 'of any host', params: {}, expect: 'converged' }]
