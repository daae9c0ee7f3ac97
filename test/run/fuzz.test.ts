import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadPlaybook } from '../../src/load/playbook/load-playbook.ts'
import { expressionKind } from '../../src/model/params.ts'
import type { AnyTaskType } from '../../src/model/task-type.ts'
import type { ReplayAnswer } from '../../src/shell/replay.ts'
import { taskTypes } from '../../src/tasks/registry.ts'
import { sh } from '../../src/text/sh.ts'
import { samplesOf } from '../tasks/samples.ts'
import { play, run } from './played.ts'

const deep = (levels: number): unknown => (levels === 0 ? 'x' : [deep(levels - 1)])

/** What no param is written for. Braces are spelt so that the inventory's own template gives them. */
const odd: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  80,
  70_000,
  9007199254740991,
  1e300,
  '',
  ' ',
  '80',
  '1e3',
  '0x10',
  'yes',
  [],
  [null],
  [['x'], {}],
  {},
  { a: { b: 1 } },
  { name: null, state: 5 },
  deep(40),
  'a\u0000b',
  'a\nb\n',
  'a\tb\r',
  "{{ '{{' }}x",
  "/{{ '{%' }}x",
  "it's",
  '$(id) `id` ${HOME} *',
  '-rf',
  '--',
  '../..',
  '/',
  '/\u0000',
  'http://[',
  'http://h:70000/',
  'http://h/\u0000',
  'ü😀\u202e',
  '\ud800',
  'x'.repeat(5000),
  '/'.repeat(3000),
  '2026-01-01',
  '2026-01-01T00:00:00Z',
]

const sane: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'copy-file': { dest: '/srv/f', content: 'x' },
  'template-file': { src: 't.j2', dest: '/srv/f' },
  'wait-for': { port: 80, timeout: 1 },
  // A hash: to make one takes a while.
  'htpasswd-user': { path: '/srv/f', name: 'ann', hash: '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=' },
  'http-check': { url: 'http://127.0.0.1:1/' },
  assert: { that: 'true' },
}

const paramsOf = (type: AnyTaskType): Readonly<Record<string, unknown>> => {
  const given = sane[type.name] ?? samplesOf(type.name)[0]?.params ?? type.example?.params ?? {}
  return typeof given === 'string' ? { [type.shorthand ?? '']: given } : (given as Readonly<Record<string, unknown>>)
}

/** What a param that has no effect by itself is given with. */
const beside: Readonly<Record<string, unknown>> = { stdin: 'x', user: 'ann', path: '/srv', port: 80 }
const either = ['path', 'port', 'process']
const givenWith = (type: AnyTaskType, param: string): Readonly<Record<string, unknown>> => {
  const depends = type.params['dependentRequired'] as Readonly<Record<string, readonly string[]>> | undefined
  const needed = Object.fromEntries((depends?.[param] ?? []).map(name => [name, beside[name]]))
  // wait-for takes a path, a port or a process, not two of them.
  const waits = type.name === 'wait-for' && Object.keys(needed).some(name => either.includes(name))
  const others = Object.entries(paramsOf(type)).filter(([name]) => !waits || !either.includes(name))
  return { ...Object.fromEntries(others), ...needed }
}

const named = [...taskTypes.values()].filter(type => Object.keys(type.params.properties).length > 0)
const json = (value: unknown): string => JSON.stringify(value)
const inventory = (of: (host: string) => object): string =>
  `all:\n  hosts:\n    good: ${json(of('good'))}\n    odd: ${json(of('odd'))}\n`

/** A host looks ahead to the end of its play: many small plays are quicker than one. */
const chunksOf = (tasks: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(tasks.length / 11) }, (_, i) => tasks.slice(i * 11, i * 11 + 11))

const silent = (): ReplayAnswer => ({ code: 0 })
const files = { 't.j2': 'hello\n' }

describe('an odd value for any param of any task type fails only that task on that host', () => {
  it.each(named.map(type => [type.name, type] as const))(
    '%s',
    async (name, type) => {
      const params = paramsOf(type)
      const names = Object.keys(type.params.properties)
      const tasks = names.flatMap(param =>
        odd.map((_, i) => {
          const value =
            expressionKind(type.params, param) !== undefined ? `${param}_${i}` : `{{ ${param}_${i} | default(omit) }}`
          return `- { name: ${json(`${param} ${i}`)}, ignore_errors: true, ${name}: ${json({ ...givenWith(type, param), [param]: value })} }\n`
        }),
      )
      const end = play('- { name: the end, debug: { msg: x } }\n', '', 'gather_facts: false')
      const { events, summary, lines } = await run(
        {
          'p.yml': [...chunksOf(tasks).map(own => play(own.join(''), '', 'gather_facts: false')), end].join('\n'),
          ...files,
        },
        {
          inventoryText: inventory(host =>
            Object.fromEntries(
              names.flatMap(param =>
                odd.flatMap((value, i) => {
                  if (host === 'odd') return [[`${param}_${i}`, value]]
                  const own = expressionKind(type.params, param) !== undefined ? true : params[param]
                  return own === undefined ? [] : [[`${param}_${i}`, own]]
                }),
              ),
            ),
          ),
          answers: silent,
        },
      )
      const told = events.flatMap(event => (event.event === 'task' ? [event] : []))
      expect(
        told
          .filter(event => event.message?.includes('a bug in mlplay') === true)
          .map(event => `${event.host} ${event.task}: ${event.message} ${event.stderr}`),
      ).toEqual([])
      expect(told.filter(event => event.host === 'good')).toHaveLength(tasks.length + 1)
      expect(told.filter(event => event.host === 'odd')).toHaveLength(tasks.length + 1)
      expect(lines.filter(line => line.endsWith(' the end'))).toHaveLength(2)
      // What came of the good host's tasks has nothing to do with the odd one's values.
      const good = told.filter(event => event.host === 'good' && event.task !== 'the end')
      for (const param of names) {
        const statuses = new Set(good.filter(event => event.task.startsWith(`${param} `)).map(event => event.status))
        expect([param, ...statuses]).toHaveLength(2)
      }
      for (const event of told)
        if (event.status === 'ignored') expect([event.task, event.at?.line]).toEqual([event.task, expect.any(Number)])
      expect(summary.event).toBe('summary')
    },
    120_000,
  )
})

describe('any answer of a host affects only its own tasks', () => {
  const words = [
    'x',
    '',
    '-1',
    '99999999999999999999',
    '\u0000',
    '{{ x }}',
    '1e5',
    '-',
    '\x1b[2J',
    'x'.repeat(20_000),
    '\n\n\n',
    '📦',
  ]
  const states = [...new Set([...taskTypes.values()].flatMap(type => Object.keys(type.state?.properties ?? {})))]
  const rubbish: readonly ReplayAnswer[] = [
    ...words.map(word => ({ facts: Object.fromEntries(states.map(state => [state, word])) })),
    ...words.map(word => ({ facts: Object.fromEntries(states.map(state => [state, [word, word]])) })),
    { stdout: '\x1e\x1e\x1e=\x1e' },
    { stdout: '\n'.repeat(500_000) },
    { stdout: 'x'.repeat(2_000_000), stderr: '\u0000'.repeat(100_000) },
    { stdout: '['.repeat(100_000) },
    ...[1, 2, 124, 126, 127, 137, 254, 255].map(code => ({ code, stderr: `ended with ${code}` })),
    { code: 2, stderr: 'sh: 1: Cannot fork' },
  ]
  const types = named.filter(type => !['fail', 'set_fact'].includes(type.name))

  it.each(rubbish.map((answer, i) => [i, answer] as const))('answer %i', async (_, answer) => {
    const tasks = types.map(
      type => `- { name: ${type.name}, ignore_errors: true, ${type.name}: ${json(paramsOf(type))} }\n`,
    )
    const { events, summary } = await run(
      {
        'p.yml': play(`${tasks.join('')}- { name: the end, debug: { msg: x } }\n`, '', 'gather_facts: false'),
        ...files,
      },
      { inventoryText: inventory(() => ({})), answers: host => (host === 'odd' ? answer : { code: 0 }) },
    )
    const told = events.flatMap(event => (event.event === 'task' ? [event] : []))
    expect(
      told
        .filter(event => event.message?.includes('a bug in mlplay') === true)
        .map(event => `${event.task}: ${event.message} ${event.stderr}`),
    ).toEqual([])
    expect(told.filter(event => event.host === 'good')).toHaveLength(tasks.length + 1)
    expect(told.filter(event => event.host === 'odd')).toHaveLength(tasks.length + 1)
    expect(summary.event).toBe('summary')
  })

  it.each(['probe', 'plan'] as const)(
    'a run in which every task type throws in its %s on one host ends with a summary, and the other host finishes',
    async stage => {
      const crash = () => {
        throw new TypeError('boom')
      }
      const look = () => sh`fact seen 1`
      const crashing = new Map(
        [...taskTypes].map(([name, type]) => {
          if (name === 'set_fact' || name === 'facts') return [name, type]
          return [name, { ...type, probe: stage === 'probe' ? crash : look, plan: crash } as AnyTaskType]
        }),
      )
      const tasks = types.map(
        type => `- { when: inventory_hostname == 'odd', ignore_errors: true, ${type.name}: ${json(paramsOf(type))} }\n`,
      )
      const folder = mkdtempSync(join(tmpdir(), 'mlplay-crash-'))
      const text = play(`${tasks.join('')}- { name: the end, set_fact: { a: 1 } }\n`, '', 'gather_facts: false')
      for (const [name, own] of Object.entries({ ...files, 'p.yml': text }))
        writeFileSync(join(folder, name), own.replaceAll('@', folder))
      const options = { cwd: folder, types: crashing, packageUrl: '' }
      const { lines, messages, summary, exit } = await run(
        { ...files, 'p.yml': text },
        {
          folder,
          playbooks: [await loadPlaybook('p.yml', options)],
          inventoryText: inventory(() => ({})),
          answers: silent,
        },
      )
      rmSync(folder, { recursive: true })
      expect(messages.filter(message => message.includes('a bug in mlplay'))).toHaveLength(tasks.length)
      for (const { name } of types)
        expect(messages.join('\n')).toContain(`${name} failed in its ${stage}: TypeError: boom`)
      expect(lines.filter(line => line.endsWith(' the end'))).toHaveLength(2)
      expect(summary.hosts['odd']).toMatchObject({ ignored: tasks.length })
      expect(exit).toBe(1)
    },
  )
})
