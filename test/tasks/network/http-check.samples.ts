import type { Sample } from '../sample.ts'

export const samples: readonly Sample[] = [
  { title: 'nobody there', params: { url: 'http://127.0.0.1:1/', timeout: 2 }, expect: { problem: 'onnect' } },
  {
    title: 'a port that cannot be',
    params: { url: 'http://127.0.0.1:70000/' },
    expect: { problem: 'its host or its port cannot be' },
  },
  {
    title: 'nobody there to be sent to',
    params: { url: 'http://127.0.0.1:1/', method: 'POST', body: 'x' },
    expect: 'changes',
  },
]
