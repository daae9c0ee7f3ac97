import { expect, it } from 'vitest'
import service from '../../../src/tasks/services/service.ts'
import { planTable } from '../plan-table.ts'

const up = { manager: 'systemd', known: true, running: true, startup: 'enabled', detail: 'active (running)' }
const down = { manager: 'systemd', known: true, startup: 'disabled', detail: 'inactive (dead)' }
const command = (text: string) =>
  expect.objectContaining({ sh: expect.objectContaining({ text: expect.stringContaining(text) }) })

planTable(service, {
  'starts one that does not run': {
    params: { name: 'app', state: 'started' },
    state: down,
    changes: ['start app'],
    plan: { changes: [command('systemctl daemon-reload; systemctl start -- app')] },
  },
  'stops one that runs': {
    params: { name: 'app', state: 'stopped' },
    state: up,
    changes: ['stop app'],
    plan: { changes: [command('systemctl stop -- app')] },
  },
  'leaves one that runs': { params: { name: 'app', state: 'started' }, state: up },
  'leaves one that is stopped': { params: { name: 'app', state: 'stopped' }, state: down },
  'takes a job that is done for one that runs': {
    params: { name: 'app', state: 'started' },
    state: { ...down, done: true },
  },
  'stops one that is on its way': {
    params: { name: 'app', state: 'stopped' },
    state: { ...down, detail: 'activating (auto-restart)' },
    changes: ['stop app'],
  },
  'enables and starts, in this order': {
    params: { name: 'app', state: 'started', enabled: true },
    state: down,
    changes: ['enable app', 'start app'],
  },
  'disables one that is enabled': {
    params: { name: 'app', enabled: false },
    state: up,
    changes: ['disable app'],
    plan: { changes: [command('systemctl disable -- app')] },
  },
  'enables for good what is enabled for now': {
    params: { name: 'app', enabled: true },
    state: { ...up, startup: 'enabled-runtime' },
    changes: ['enable app'],
  },
  'disables twice what is enabled for now': {
    params: { name: 'app', enabled: false },
    state: { ...up, startup: 'enabled-runtime' },
    changes: ['disable app'],
    plan: { changes: [command('disable --runtime')] },
  },
  'takes an alias for enabled': { params: { name: 'app', enabled: true }, state: { ...up, startup: 'alias' } },
  'cannot enable a static one': {
    params: { name: 'app', enabled: true },
    state: { ...up, startup: 'static' },
    problem: 'is static',
  },
  'cannot start a masked one': {
    params: { name: 'app', state: 'started' },
    state: { ...down, startup: 'masked' },
    problem: 'is masked',
  },
  'leaves a masked one that runs': { params: { name: 'app', state: 'started' }, state: { ...up, startup: 'masked' } },
  'restarts one whose configuration changed': {
    params: { name: 'app', state: 'started', config: ['/etc/app'] },
    state: { ...up, stale: ['/etc/app/a'] },
    changes: ['restart app'],
    plan: {
      changes: [
        expect.objectContaining({
          afterUndo: expect.anything(),
          before: { configuration: 'read before /etc/app/a changed' },
        }),
      ],
    },
  },
  'reloads one whose configuration an earlier step is to change': {
    params: { name: 'app', state: 'started', config: ['/etc/app'], apply: 'reload' },
    state: up,
    expected: [
      { kind: 'path', name: '/etc/app/b' },
      { kind: 'path', name: '/etc/apple' },
    ],
    changes: ['reload app'],
    plan: { changes: [expect.objectContaining({ before: { configuration: 'read before /etc/app/b changed' } })] },
  },
  'does not restart one that it starts': {
    params: { name: 'app', state: 'started', config: ['/etc/app'] },
    state: { ...down, stale: ['/etc/app/a'] },
    changes: ['start app'],
  },
  'does not restart one that it stops': {
    params: { name: 'app', state: 'stopped', config: ['/etc/app'] },
    state: { ...up, stale: ['/etc/app/a'] },
    changes: ['stop app'],
  },
  'is refused one that is not there': {
    params: { name: 'app', state: 'started' },
    state: { manager: 'systemd' },
    problem: "there is no service 'app'",
  },
  'has nothing to stop where none is there': {
    params: { name: 'app', state: 'stopped' },
    state: { manager: 'systemd' },
  },
  'is refused where systemctl is broken': {
    params: { name: 'app', state: 'stopped' },
    state: { manager: 'systemd', broken: 'no bus' },
    problem: 'no bus',
  },
  'is started by the package that an earlier step installs': {
    params: { name: 'app.service', state: 'started', enabled: true },
    state: { manager: 'systemd' },
    expected: [{ kind: 'package', name: 'app' }],
  },
  'is not started by a package where the host forbids it': {
    params: { name: 'app', state: 'started', enabled: true },
    state: { manager: 'systemd', held: true },
    expected: [{ kind: 'package', name: 'app' }],
    changes: ['start app'],
  },
  'may come with another package': {
    params: { name: 'app', state: 'started' },
    state: { manager: 'systemd' },
    expected: [{ kind: 'service' }],
    changes: ['start app'],
  },
  'is not taken for started by a command that may bring anything': {
    params: { name: 'app', state: 'started', enabled: true },
    state: { manager: 'systemd' },
    expected: [{ kind: 'package' }, { kind: 'service' }],
    changes: ['enable app', 'start app'],
  },
  'comes with a unit that an earlier step writes': {
    params: { name: 'app@1', state: 'started' },
    state: { manager: 'systemd' },
    expected: [{ kind: 'path', name: '/etc/systemd/system/app@.service' }],
    changes: ['start app@1'],
  },
  'does not come with any other file': {
    params: { name: 'app', state: 'started' },
    state: { manager: 'systemd' },
    expected: [{ kind: 'path', name: '/etc/app.service' }],
    problem: 'there is no service',
  },
  'is told by its init script where there is no systemd': {
    params: { name: 'app.service', state: 'started' },
    state: { manager: 'init', known: true, startup: 'enabled' },
    changes: ['start app.service'],
    plan: { changes: [command('/etc/init.d/app start')] },
  },
})

const verify = (params: object, after: object) =>
  service.verify?.({ name: 'app', apply: 'restart', ...params } as never, {} as never, { stale: [], ...after } as never)

it.each([
  ['that runs', { state: 'started' }, up, undefined],
  ['that does not run', { state: 'started' }, down, 'app does not run (inactive (dead))'],
  [
    'whose condition does not hold',
    { state: 'started' },
    { ...down, unmet: true },
    'app was not started: a condition of its unit does not hold',
  ],
  ['that still runs', { state: 'stopped' }, up, 'app still runs (active (running))'],
  ['that is not enabled', { enabled: true }, down, 'at the start of the machine, app is disabled'],
  [
    'that is enabled for now only',
    { enabled: true },
    { ...up, startup: 'enabled-runtime' },
    'at the start of the machine, app is enabled-runtime',
  ],
  [
    'that did not read its configuration',
    { state: 'started', config: ['/etc/app'] },
    { ...up, stale: ['/etc/app/a'] },
    'app has not read /etc/app/a after its restart',
  ],
  ['of a broken manager', {}, { broken: 'no bus\n' }, 'systemctl cannot say how app is: no bus'],
])('after the changes, a service %s is judged', (_, params, after, wrong) => {
  expect(verify(params, after)).toBe(wrong)
})
