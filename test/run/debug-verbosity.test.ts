import { expect, it } from 'vitest'
import { run } from './played.ts'

const text = `- hosts: all
  gather_facts: false
  tasks:
    - debug: { msg: always }
    - debug: { msg: detail, verbosity: "{{ 1 + 1 }}" }
`

it.each([
  [0, ['ok debug', 'skipped debug']],
  [1, ['ok debug', 'skipped debug']],
  [2, ['ok debug', 'ok debug']],
])('debug with verbosity 2 and %i times -v', async (verbosity, tasks) => {
  expect((await run(text, { verbosity })).tasks).toEqual(tasks)
})
