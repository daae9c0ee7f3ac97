import type { Change } from '../../model/change.ts'
import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import {
  asInstalled,
  enableService,
  isBusy,
  isUp,
  lookAtService,
  noService,
  serviceState,
  startupOf,
  tellService,
} from '../kit/services.ts'
import { applyConfig, lookAtRunningConfig, staleConfig } from './running-config.ts'

export default taskType({
  name: 'service',
  summary: 'a service that is to run or not, now and after a boot',
  example: { name: 'nginx runs', params: { name: 'nginx', state: 'started', enabled: true } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    anyOf: [{ required: ['state'] }, { required: ['enabled'] }],
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9@_.:\\\\][A-Za-z0-9@_.:\\\\-]*$',
        description: 'the service, as systemd or /etc/init.d knows it',
      },
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
        items: { type: 'string', pattern: '^(/|.*\\{\\{)' },
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
  probe: ({ name, config }) =>
    config === undefined || config.length === 0
      ? lookAtService(name)
      : lines(lookAtService(name), lookAtRunningConfig(name, config)),
  plan: ({ name, state, enabled, config, apply }, seen, { pending }) => {
    const found = asInstalled(name, seen, pending)
    const none = noService(name, found, pending)
    if (none !== undefined) return found.broken === undefined && state === 'stopped' && enabled !== true ? [] : none
    const changes: Change[] = []
    const { manager } = found
    const startup = startupOf(name, found)
    const masked = /^masked/.test(found.startup ?? '')
    if (startup.never !== undefined && (enabled === true || (masked && state === 'started' && found.running !== true)))
      return { changes: [], problem: startup.never }
    // Enabled until the machine starts again is neither the one nor the other.
    const passing = found.startup === 'enabled-runtime'
    if (enabled !== undefined && (passing || enabled !== startup.enabled))
      changes.push({
        what: `${enabled ? 'enable' : 'disable'} ${name}`,
        before: { enabled: passing ? 'until the next start of the machine' : startup.enabled },
        after: { enabled },
        path: `service ${name}`,
        sh: enableService(name, enabled, found),
      })
    const isSo = state === undefined || (state === 'started' ? isUp(found) : found.running !== true && !isBusy(found))
    if (!isSo)
      changes.push({
        what: `${state === 'started' ? 'start' : 'stop'} ${name}`,
        before: { running: found.running === true },
        after: { running: state === 'started' },
        path: `service ${name}`,
        // A unit written a moment ago is not known yet.
        sh:
          manager === 'systemd'
            ? sh`systemctl daemon-reload; ${tellService(name, state === 'started' ? 'start' : 'stop', manager)}`
            : tellService(name, state === 'started' ? 'start' : 'stop', manager),
      })
    const stale = staleConfig(config ?? [], found.running === true ? seen.stale : [], pending)
    if (state !== 'stopped' && found.running === true && stale.length > 0)
      changes.push(applyConfig({ name, manager, how: apply ?? 'restart' }, stale))
    return changes
  },
  verify: ({ name, state, enabled, config, apply }, _, after) => {
    if (after.broken !== undefined) return `systemctl cannot say how ${name} is: ${after.broken.trim()}`
    if (enabled !== undefined && (enabled !== startupOf(name, after).enabled || after.startup === 'enabled-runtime'))
      return `at the start of the machine, ${name} is ${after.startup ?? 'of no known state'}`
    if (state === 'started' && !isUp(after))
      return after.unmet === true
        ? `${name} was not started: a condition of its unit does not hold`
        : `${name} does not run (${after.detail ?? 'its status says no'})`
    if (state === 'stopped' && (after.running === true || isBusy(after)))
      return `${name} still runs (${after.detail ?? 'its status says so'})`
    const stale = after.running === true && state !== 'stopped' ? staleConfig(config ?? [], after.stale, []) : []
    return stale.length === 0 ? undefined : `${name} has not read ${stale.join(', ')} after its ${apply ?? 'restart'}`
  },
  samples: [
    {
      title: 'one that is not there',
      params: { name: 'no-such-service', state: 'started' },
      expect: { problem: 'no service' },
    },
    { title: 'stopped and not there', params: { name: 'no-such-service', state: 'stopped' }, expect: 'converged' },
  ],
})
