import { expect, it } from 'vitest'
import waitFor from '../../../src/tasks/network/wait-for.ts'
import { planTable } from '../plan-table.ts'
import { filled } from '../stages.ts'

planTable(waitFor, {
  'says how long it waited': {
    params: { port: 80 },
    state: { met: true, waited: 3 },
    plan: { result: { elapsed: 3 } },
  },
  'tells that nothing listens': {
    params: { port: 80, timeout: 5 },
    state: { waited: 5 },
    problem: 'port 80 on 127.0.0.1 is not there after 5 s',
  },
  'tells that something still listens': {
    params: { port: 80, host: 'db', state: 'stopped', timeout: 5 },
    state: { waited: 5 },
    problem: 'port 80 on db is still there after 5 s',
  },
  'tells what a file lacks': {
    params: { path: '/f', contains: 'x' },
    state: { waited: 300 },
    problem: "/f with 'x' is not there after 300 s",
  },
  'tells it in the words that it was given': {
    params: { process: 'p', msg: 'too slow' },
    state: {},
    problem: 'too slow',
  },
  'says why it cannot look': {
    params: { process: 'p' },
    state: { unseen: 'there is no /proc' },
    problem: 'process p is there: there is no /proc',
  },
})

it('a dry run says what it waits for, in the place of a verdict', () => {
  expect(waitFor.later?.(filled(waitFor, { path: '/f', state: 'absent' }) as never)).toBe(
    'waits for /f once these changes are made',
  )
})

it('its time limit takes in what it waits on purpose', () => {
  expect(waitFor.waits?.(filled(waitFor, { port: 80, delay: 2 }) as never)).toBe(302)
})

it.each([
  [true, 'sleep 2\n', '-ge 500 ]'],
  [false, 'there() {', '-ge 0 ]'],
])('a patient look (%s) waits, another looks once', (patient, ...parts) => {
  const { text } = waitFor.probe?.(filled(waitFor, { path: '/f', delay: 2, timeout: 5 }) as never, { patient }) ?? {
    text: '',
  }
  for (const part of parts) expect(text).toContain(part)
  expect(text.includes('sleep 2\n')).toBe(patient)
})
