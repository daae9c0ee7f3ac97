import { expect, it } from 'vitest'
import command from '../../../src/tasks/commands/command.ts'
import { planTable } from '../plan-table.ts'

const script = (text: string) => ({ changes: [expect.objectContaining({ sh: expect.objectContaining({ text }) })] })
const idle = (message: string) => ({ message, result: expect.objectContaining({ rc: 0, stdout: '' }) })
const looked = { looked: true }

planTable(command, {
  'runs the words of a text as they are': {
    params: { cmd: "echo 'a b' $HOME" },
    changes: ['run echo a b $HOME'],
    plan: script("echo 'a b' '$HOME'"),
  },
  'runs a list of arguments': {
    params: { argv: ['echo', 1, 'a b'] },
    changes: ['run echo 1 a b'],
    plan: script("echo 1 'a b'"),
  },
  'is refused a quote that is left open': { params: { cmd: "echo 'a" }, problem: 'a quote is left open' },
  'does not run where what it makes is there': {
    params: { cmd: 'x', creates: '/a' },
    state: { ...looked, creates: true },
    plan: idle('not run: /a exists'),
  },
  'runs where what it makes is not there': { params: { cmd: 'x', creates: '/a' }, state: looked, changes: ['run x'] },
  'does not run where what it removes is gone': {
    params: { cmd: 'x', removes: '/a' },
    state: looked,
    plan: idle('not run: /a does not exist'),
  },
  'runs where what it removes is there': {
    params: { cmd: 'x', removes: '/a' },
    state: { ...looked, removes: true },
    changes: ['run x'],
  },
  'does not run where unless holds': {
    params: { cmd: 'x', unless: 'true' },
    state: { ...looked, unless: 0 },
    plan: idle('not run: unless holds'),
  },
  'runs where unless does not hold': {
    params: { cmd: 'x', unless: 'false' },
    state: { ...looked, unless: 1 },
    changes: ['run x'],
  },
  'runs where the program of unless is not there': {
    params: { cmd: 'x', unless: 'nope' },
    state: { ...looked, unless: 127 },
    changes: ['run x'],
  },
  'is refused where the program of unless cannot be run': {
    params: { cmd: 'x', unless: '/a' },
    state: { ...looked, unless: 126 },
    problem: 'cannot be run',
  },
  'is refused where unless was killed': {
    params: { cmd: 'x', unless: '/a' },
    state: { ...looked, unless: 137 },
    problem: 'signal 9',
  },
  'is refused where unless did not come to its end': {
    params: { cmd: 'x', unless: '/a' },
    state: {},
    problem: 'could not be looked at',
  },
  'may read with unless what an earlier step brings': {
    params: { cmd: 'x', unless: '/a' },
    state: { ...looked, unless: 126 },
    expected: [{ kind: 'path', name: '/a' }],
    changes: ['run x'],
  },
  'is not excused by an account that an earlier step makes': {
    params: { cmd: 'x', unless: '/a' },
    state: { ...looked, unless: 126 },
    expected: [{ kind: 'user', name: 'a' }],
    problem: 'cannot be run',
  },
  'runs in a folder': {
    params: { cmd: 'x', chdir: '/srv' },
    state: { ...looked, folder: true },
    changes: ['run x'],
    plan: script('cd /srv || exit 1\nx'),
  },
  'is refused a folder that is not there': {
    params: { cmd: 'x', chdir: '/srv' },
    state: looked,
    problem: 'the folder /srv does not exist',
  },
  'gets its input with a line break at the end': {
    params: { cmd: 'x', stdin: 'a' },
    changes: ['run x'],
    plan: script("printf %s 'a\n' | {\nx\n}"),
  },
  'gets its input as it is where that is said': {
    params: { cmd: 'x', stdin: 'a', stdin_add_newline: false },
    changes: ['run x'],
    plan: script('printf %s a | {\nx\n}'),
  },
})

it.each([
  ['ls | wc', "'|'"],
  ['a && b', "'&&'"],
  ['a > f', "'>'"],
  ['a 2>&1', "'2>&1'"],
])('a command with a sign of the shell is told before a host is touched: %s', (cmd, sign) => {
  expect(command.check?.({ cmd }).map(({ message }) => message)).toEqual([expect.stringContaining(sign)])
})

it.each(["echo '|'", 'echo "a > b"', 'a {{ x | default("|") }}', 'a b'])('a command without one is not: %s', cmd => {
  expect(command.check?.({ cmd })).toEqual([])
})
