import { expect, it } from 'vitest'
import serviceRestart from '../../../src/tasks/services/service-restart.ts'
import { planTable } from '../plan-table.ts'

const up = { manager: 'systemd', known: true, running: true }

planTable(serviceRestart, {
  'restarts one that runs': { params: { name: 'app' }, state: up, changes: ['restart app'] },
  'reloads one that runs': { params: { name: 'app', mode: 'reload' }, state: up, changes: ['reload app'] },
  'starts one that does not run': {
    params: { name: 'app', mode: 'reload' },
    state: { ...up, running: false },
    changes: ['start app'],
  },
  'waits for what the reload of nginx comes to': {
    params: { name: 'nginx', mode: 'reload' },
    state: up,
    changes: ['reload nginx'],
    plan: { changes: [expect.objectContaining({ sh: { text: expect.stringContaining('shutting down') } })] },
  },
  'is refused one that is not there': {
    params: { name: 'app' },
    state: { manager: 'none' },
    problem: '/etc/init.d has no such script',
  },
  'restarts one that an earlier step installs': {
    params: { name: 'app' },
    state: { manager: 'systemd' },
    expected: [{ kind: 'package', name: 'app' }],
    changes: ['restart app'],
  },
})

const verify = (mode: string, before: object, after: object) =>
  serviceRestart.verify?.({ name: 'app', mode } as never, before as never, after as never)

it.each([
  ['restart', { running: true, boot: '7-1' }, { running: true, boot: '8-2' }, undefined],
  [
    'restart',
    { running: true, boot: '7-1' },
    { running: true, boot: '7-1' },
    'the main process of app is still the old one',
  ],
  ['reload', { running: true, boot: '7-1' }, { running: true, boot: '7-1' }, undefined],
  ['restart', { running: true }, { detail: 'failed' }, 'app does not run (failed)'],
  ['restart', {}, { running: true, boot: '7-1' }, undefined],
])('after a %s from %j to %j it is judged', (mode, before, after, wrong) => {
  expect(verify(mode, before, after)).toBe(wrong)
})
