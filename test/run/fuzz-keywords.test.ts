// Values of one host that no keyword of a task is written for: that task fails on that host alone, with its place.
import { describe, expect, it } from 'vitest'
import { play, run } from './played.ts'

const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e300,
  '',
  ' ',
  '0x1',
  'yes',
  'nein',
  [],
  [null],
  [['x'], {}],
  {},
  { a: { b: 1 } },
  { '': 1, 'a b': 2, 'a\u0000': 3 },
  { A: 'a\u0000b' },
  { A: { b: [null] } },
  'a\u0000b',
  'a\nb\n',
  "{{ '{{' }}x",
  "it's",
  '$(id)',
  '-rf',
  '../..',
  'ü😀\u202e',
  '\ud800',
  'x'.repeat(5000),
  '__proto__',
  'constructor',
  'odd',
  '2026-01-01',
]

const value = '{{ v }}'
const json = (given: unknown): string => JSON.stringify(given)

/** Keywords of a task, and what the host beside has for them. */
const keywords: Readonly<Record<string, { readonly keys: object; readonly sane: unknown }>> = {
  when: { keys: { when: 'v' }, sane: true },
  'when, compared': { keys: { when: 'v > 0' }, sane: 1 },
  environment: { keys: { environment: value }, sane: { A: 'b' } },
  'a variable of the environment': { keys: { environment: { A: value } }, sane: 'b' },
  throttle: { keys: { throttle: value }, sane: 1 },
  retries: { keys: { retries: value, delay: 0, until: 'true' }, sane: 1 },
  delay: {
    keys: {
      retries: 1,
      delay: `{{ v if v is not number or v < 2 else 'far' }}`,
      until: "inventory_hostname == 'good'",
    },
    sane: 0,
  },
  timeout: { keys: { timeout: value }, sane: 9 },
  delegate_to: { keys: { delegate_to: value }, sane: 'good' },
  delegate_facts: { keys: { delegate_to: 'good', delegate_facts: value }, sane: true },
  become: { keys: { become: value }, sane: true },
  become_user: { keys: { become: true, become_user: value }, sane: 'ann' },
  become_method: { keys: { become: true, become_method: value }, sane: 'sudo' },
  run_once: { keys: { run_once: value }, sane: false },
  until: { keys: { until: 'v', retries: 0, delay: 0 }, sane: true },
  changed_when: { keys: { changed_when: 'v' }, sane: true },
  failed_when: { keys: { failed_when: 'v' }, sane: false },
  notify: { keys: { notify: value }, sane: 'told' },
  'notify in a list': { keys: { notify: ['told', value] }, sane: 'told' },
  vars: { keys: { vars: { w: value }, environment: { A: '{{ w }}' } }, sane: 'b' },
  loop: { keys: { loop: value }, sane: ['x'] },
  'items of a loop': { keys: { loop: [1, value], environment: { A: '{{ item }}' } }, sane: 'x' },
  label: { keys: { loop: [1], loop_control: { label: value } }, sane: 'x' },
  pause: {
    keys: { loop: [1, 2], loop_control: { pause: `{{ v if v is not number or v < 2 else 'far' }}` } },
    sane: 0,
  },
  break_when: { keys: { loop: [1, 2], loop_control: { break_when: 'v' } }, sane: true },
  name: { keys: { name: `t ${value}` }, sane: 'x' },
  check_mode: { keys: { check_mode: value }, sane: false },
  diff: { keys: { diff: value }, sane: false },
  no_log: { keys: { no_log: value }, sane: false },
  ignore_unreachable: { keys: { ignore_unreachable: value }, sane: false },
  any_errors_fatal: { keys: { any_errors_fatal: value }, sane: false },
  register: { keys: { register: 'r', failed_when: "r.stdout == v and v is search('x')" }, sane: 'a' },
}

const inventory = (of: (host: string) => unknown): string =>
  ['good', 'odd'].reduce((text, host) => `${text}    ${host}: ${json(of(host))}\n`, 'all:\n  hosts:\n')

describe('an odd value for a keyword affects only its host', () => {
  it.each(Object.entries(keywords))(
    '%s',
    async (_, { keys, sane }) => {
      const given = odd.map((_, i) => JSON.parse(JSON.stringify(keys).replaceAll(/\bv\b/g, `v_${i}`)) as object)
      const tasks = given.map(
        (own, i) => `- ${json({ name: `t ${i}`, command: 'true', ignore_errors: true, ...own })}\n`,
      )
      const plays = tasks.map(task => play(task, '- { name: told, command: "true" }\n', 'gather_facts: false'))
      const end = play('- { name: the end, debug: { msg: x } }\n', '', 'gather_facts: false')
      const { events, lines, exit } = await run([...plays, end].join('\n'), {
        inventoryText: inventory(host =>
          Object.fromEntries(odd.map((one, i) => [`v_${i}`, host === 'odd' ? one : sane])),
        ),
        answers: () => ({ code: 0 }),
      })
      const told = events.flatMap(event => (event.event === 'task' ? [event] : []))
      expect(
        told
          .filter(event => event.message?.includes('a bug in mlplay') === true)
          .map(event => `${event.host} ${event.task}: ${event.message} ${event.stderr}`),
      ).toEqual([])
      const failed = told.filter(event => event.status === 'failed' || event.status === 'ignored')
      expect(failed.filter(event => event.host === 'good').map(event => `${event.task}: ${event.message}`)).toEqual([])
      for (const event of failed)
        expect([event.message, event.at?.line]).toEqual([expect.any(String), expect.any(Number)])
      expect(lines.filter(line => line.startsWith('good: ') && line.endsWith(' the end'))).toHaveLength(1)
      expect([0, 2, 4]).toContain(exit)
    },
    60_000,
  )
})
