import { expect, it } from 'vitest'
import { play, run } from '../run/played.ts'

it('a condition wholly in braces is evaluated without them, and one warning lists the positions', async () => {
  const ran = await run(
    play(`
- { set_fact: { on: true, n: 3 } }
- { name: one, debug: one, when: "{{ on }}" }
- { name: two, debug: two, when: ["{{ n > 3 }}", on] }
- { name: three, command: "true", changed_when: "{{ not on }}", failed_when: "{{ n < 3 }}" }
- { name: four, debug: four, when: "on and n == 3" }
`),
  )
  expect(ran.exit).toBe(0)
  expect(ran.tasks).toEqual(['ok set_fact', 'ok one', 'skipped two', 'ok three', 'ok four'])
  expect(ran.warnings).toEqual(['a condition is an expression already: take the {{ }} away, as in 3 more places'])
})

it('a condition in braces that gives a text is an error, as without braces', async () => {
  const ran = await run(play('- { set_fact: { t: "false" } }\n- { name: one, debug: one, when: "{{ t }}" }\n'))
  expect(ran.exit).toBe(2)
  expect(ran.messages.join()).toContain("this condition gave the text 'false', not a boolean")
})
