import type { Change } from '../../model/change.ts'
import { taskType } from '../../model/task-type.ts'
import { lines } from '../../text/sh.ts'
import {
  asInstalled,
  broughtByStart,
  enableService,
  isBusy,
  isUp,
  lookAtService,
  noService,
  type Service,
  serviceName,
  serviceState,
  startupOf,
  tellAnew,
} from '../kit/services.ts'
import { applyConfig, lookAtRunningConfig, staleConfig } from './running-config.ts'

export default taskType({
  name: 'service',
  summary: 'a service that is to run or not, now and after a boot',
  example: { name: 'nginx runs', params: { name: 'nginx', state: 'started', enabled: true } },
  ansible: ['systemd', 'systemd_service'],
  instead: {
    daemon_reload: 'systemd is told to read its units anew by itself',
    pattern: 'the service is asked by its manager',
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    anyOf: [{ required: ['state'] }, { required: ['enabled'] }],
    properties: {
      name: serviceName,
      state: {
        enum: ['started', 'stopped'],
        instead: {
          restarted: 'a restart is a task of its own, best a handler: `service-restart: { name: NAME }`',
          reloaded: 'a reload is a task of its own, best a handler: `service-restart: { name: NAME, mode: reload }`',
        },
      },
      enabled: { type: 'boolean', description: 'starts with the machine' },
      config: {
        type: 'array',
        items: { type: 'string', pattern: '^/' },
        description: 'files and folders that the service reads: one that changed since then is applied',
      },
      apply: {
        enum: ['restart', 'reload', 'reload-or-restart'],
        default: 'restart',
        description: 'how changed configuration is applied; reload-or-restart restarts where the reload is refused',
      },
    },
  },
  state: { type: 'object', properties: { ...serviceState, stale: { type: 'array', items: { type: 'string' } } } },
  probe: ({ name, config = [] }) =>
    config.length === 0 ? lookAtService(name) : lines(lookAtService(name), lookAtRunningConfig(name, config)),
  plan: ({ name, state, enabled, config = [], apply }, seen, { expected }) => {
    const found = asInstalled(name, seen, expected)
    const none = noService(name, found, expected)
    if (none !== undefined) return found.broken === undefined && state === 'stopped' && enabled !== true ? [] : none
    const never = neverAs({ name, state, enabled }, found)
    if (never !== undefined) return { changes: [], problem: never }
    const runs = found.running === true
    const stale = state === 'stopped' || !runs ? [] : staleConfig(config, seen.stale, expected)
    return [
      ...startup(name, enabled, found),
      ...(isAs(state, found) ? [] : [run(name, state === 'started', found)]),
      ...(stale.length === 0 ? [] : [applyConfig({ name, manager: found.manager, how: apply }, stale)]),
    ]
  },
  verify: ({ name, state, enabled, config = [], apply }, _, after) => {
    if (after.broken !== undefined) return `systemctl cannot say how ${name} is: ${after.broken.trim()}`
    if (startup(name, enabled, after).length > 0)
      return `at the start of the machine, ${name} is ${after.startup ?? 'of no known state'}`
    if (state === 'started' && !isUp(after))
      return after.unmet === true
        ? `${name} was not started: a condition of its unit does not hold`
        : `${name} does not run (${after.detail ?? 'its status says no'})`
    if (!isAs(state, after)) return `${name} still runs (${after.detail ?? 'its status says so'})`
    const stale = after.running === true && state !== 'stopped' ? staleConfig(config, after.stale, []) : []
    return stale.length === 0 ? undefined : `${name} has not read ${stale.join(', ')} after its ${apply}`
  },
})

type State = 'started' | 'stopped' | undefined

const isAs = (state: State, found: Service): boolean =>
  state === undefined || (state === 'started' ? isUp(found) : found.running !== true && !isBusy(found))

/** Why the service can be neither enabled nor, where it is masked, started. */
const neverAs = (
  { name, state, enabled }: { readonly name: string; readonly state: State; readonly enabled: boolean | undefined },
  found: Service,
): string | undefined => {
  const masked = /^masked/.test(found.startup ?? '') && state === 'started' && found.running !== true
  return enabled === true || masked ? startupOf(name, found).never : undefined
}

/** Enabled until the machine starts again is neither the one nor the other. */
const startup = (name: string, enabled: boolean | undefined, found: Service): readonly Change[] => {
  const passing = found.startup === 'enabled-runtime'
  const is = startupOf(name, found).enabled
  if (enabled === undefined || (!passing && enabled === is)) return []
  return [
    {
      what: `${enabled ? 'enable' : 'disable'} ${name}`,
      before: { enabled: passing ? 'until the next start of the machine' : is },
      after: { enabled },
      path: `service ${name}`,
      provides: [],
      sh: enableService(name, enabled, found),
      ...(passing ? {} : { undo: { sh: enableService(name, !enabled, found) } }),
    },
  ]
}

const run = (name: string, start: boolean, { running, manager }: Service): Change => ({
  what: `${start ? 'start' : 'stop'} ${name}`,
  before: { running: running === true },
  after: { running: start },
  path: `service ${name}`,
  provides: start ? broughtByStart : [],
  sh: tellAnew(name, start ? 'start' : 'stop', manager),
  undo: { sh: tellAnew(name, start ? 'stop' : 'start', manager) },
})
