import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'as Debian ships it', params: {}, needs: ['nginx', 'root'], expect: 'converged' },
]
