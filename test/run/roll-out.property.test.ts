// Whatever a play is made of and whoever is lost in it: it comes to an end, and what it says of its hosts adds up.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { run } from './played.ts'

const names = ['a', 'b', 'c', 'd', 'e', 'f']
const some = fc.subarray(names, { maxLength: 2 })

interface Made {
  readonly text: string
  readonly id: number
}
let id = 0
const indent = (text: string) => text.replace(/^(?=.)/gm, '    ')

const task = fc
  .record({
    fails: some,
    lost: some,
    changed: fc.boolean(),
    keywords: fc.subarray(
      ['run_once: true', 'throttle: 1', 'any_errors_fatal: true', 'delegate_to: x', 'ignore_errors: true', 'notify: h'],
      { maxLength: 2 },
    ),
  })
  .map(({ fails, lost, changed, keywords }) => {
    const more = [`changed_when: ${changed}`, ...keywords].map(keyword => `, ${keyword}`).join('')
    return `- { name: t${id++}, command: "t fails=${fails.join('')}= lost=${lost.join('')}= of={{ inventory_hostname }}="${more} }\n`
  })
const meta = fc
  .tuple(fc.constantFrom('flush_handlers', 'end_host', 'end_batch', 'end_play', 'noop'), some)
  .map(([action, hosts]) => `- { meta: ${action}, when: "inventory_hostname in '${hosts.join(' ')}'.split()" }\n`)
const leaf = fc.oneof({ weight: 5, arbitrary: task }, { weight: 1, arbitrary: meta })
const block = fc
  .tuple(
    fc.array(leaf, { minLength: 1, maxLength: 3 }),
    fc.array(task, { maxLength: 1 }),
    fc.array(task, { maxLength: 1 }),
  )
  .map(([inside, rescue, always]) =>
    [
      `- block:\n${indent(inside.join(''))}`,
      rescue.length > 0 ? `  rescue:\n${indent(rescue.join(''))}` : '',
      always.length > 0 ? `  always:\n${indent(always.join(''))}` : '',
    ].join(''),
  )
const plays = fc
  .record({
    steps: fc.array(fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: block }), {
      minLength: 1,
      maxLength: 5,
    }),
    strategy: fc.constantFrom('free', 'linear'),
    serial: fc.constantFrom('', '  serial: 1\n', '  serial: [1, 2]\n', '  serial: "50%"\n'),
    limit: fc.constantFrom('', '  max_fail_percentage: 0\n', '  max_fail_percentage: 60\n'),
    forced: fc.boolean(),
    handler: task,
  })
  .map(
    ({ steps, strategy, serial, limit, forced, handler }): Made => ({
      id: id++,
      text: `- hosts: all:!x\n  strategy: ${strategy}\n${serial}${limit}  force_handlers: ${forced}\n  tasks:\n${indent(steps.join(''))}  handlers:\n${indent(handler.replace(/name: \w+/, 'name: h').replace(', notify: h', ''))}`,
    }),
  )

const inventoryText = [...names, 'x'].map(name => `${name} ansible_connection=local\n`).join('')
const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve))
}
/** What the task's own words say of the host it is for; the higher `slow`, the more turns of the loop pass before. */
const answers = (slow: number) => async (_: string, script: string) => {
  const of = /of=(\w)=/.exec(script)?.[1] ?? '-'
  await turns((slow * of.charCodeAt(0)) / 50)
  if (new RegExp(`lost=\\w*${of}\\w*=`).test(script)) return 'lost'
  return { code: new RegExp(`fails=\\w*${of}\\w*=`).test(script) ? 1 : 0 }
}

it('a random rollout ends, and every host has succeeded, failed, stopped or is untouched', async () => {
  await fc.assert(
    fc.asyncProperty(plays, fc.constantFrom(1, 2, 10), fc.nat(3), async ({ text }, forks, slow) => {
      const ran = await run(text, {
        forks,
        inventoryText,
        answers: answers(slow),
      })
      const { hosts, untouched = [], stopped = [], exit_code } = ran.summary
      const lost = Object.keys(hosts).filter(name => hosts[name]!.failed > 0 || hosts[name]!.unreachable > 0)
      // Nobody is two things at once.
      expect([...lost, ...stopped, ...untouched].length).toBe(new Set([...lost, ...stopped, ...untouched]).size)
      if (untouched.length + stopped.length > 0) expect([lost.length > 0, ran.warnings.length]).toEqual([true, 1])
      expect([0, 2, 4]).toContain(exit_code)
      expect(exit_code > 0).toBe(lost.length > 0)
      // Hosts of a later batch have no turn once the run has stopped.
      for (const name of untouched) expect(ran.lines.some(line => line.startsWith(`${name}:`))).toBe(false)
    }),
    { numRuns: 100, timeout: 5_000, endOnFailure: true },
  )
}, 60_000)

it('Ctrl-C ends a random rollout at any moment', async () => {
  await fc.assert(
    fc.asyncProperty(plays, fc.constantFrom(1, 2, 10), fc.nat(60), async ({ text }, forks, after) => {
      const stop = new AbortController()
      const running = run(text, { forks, inventoryText, answers: answers(3), signal: stop.signal })
      await turns(after)
      stop.abort('SIGINT')
      const { exit, events } = await running
      // It may have been over before.
      const came = events.some(event => event.event === 'interrupted')
      expect([!came || exit === 130, events.at(-1)?.event]).toEqual([true, 'summary'])
    }),
    { numRuns: 60, timeout: 5_000, endOnFailure: true },
  )
}, 60_000)
