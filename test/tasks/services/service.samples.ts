import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  {
    title: 'one that is not there',
    params: { name: 'no-such-service', state: 'started' },
    expect: { problem: 'no service' },
  },
  { title: 'stopped and not there', params: { name: 'no-such-service', state: 'stopped' }, expect: 'converged' },
]
