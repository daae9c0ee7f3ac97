import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

describe('ignore_errors', () => {
  it.each([
    ['loop', 'loop: "{{ [] | first }}"'],
    ['loop over a number', 'loop: "{{ 5 }}"'],
    ['throttle', 'throttle: "{{ [] | first }}"'],
    ['delegate_to', 'delegate_to: "{{ [] | first }}"'],
    ['environment', 'environment: { A: "{{ [] | first }}" }'],
    ['when', 'when: "[] | first"'],
  ])('ignore_errors covers a keyword that cannot be rendered: %s', async (_, keyword) => {
    const text = play(
      `- { name: a, command: "true", ${keyword}, ignore_errors: true, register: r }\n- { name: b, debug: "{{ r is failed }}" }\n`,
    )
    const ran = await run(text)
    expect([ran.exit, ran.tasks, ran.messages]).toEqual([0, ['ignored a', 'ok b'], expect.arrayContaining(['true'])])
    expect((await run(text.replace('ignore_errors: true', 'ignore_errors: false'))).tasks).toEqual(['failed a'])
  })

  it('ignore_errors leaves a task that did not fail as it is', async () => {
    const ran = await run(
      play(
        '- { name: a, command: "true", changed_when: false, ignore_errors: true }\n- { name: b, command: "true", ignore_errors: true }\n',
      ),
    )
    expect([ran.exit, ran.tasks]).toEqual([0, ['ok a', 'changed b']])
  })
})
