import type { Change } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { lines, sh } from '../text/sh.ts'
import { applyConfig, lookAtRunningConfig, staleConfig } from './parts/running-config.ts'
import { asInstalled, enableService, lookAtService, noService, serviceState, tellService } from './parts/services.ts'

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
        pattern: '^[A-Za-z0-9@_.:\\\\-]+$',
        description: 'the service, as systemd or /etc/init.d knows it',
      },
      state: { enum: ['started', 'stopped'] },
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
    if (none !== undefined) return state === 'stopped' && enabled !== true ? [] : none
    const changes: Change[] = []
    const { manager } = found
    if (enabled !== undefined && enabled !== (found.enabled === true))
      changes.push({
        what: `${enabled ? 'enable' : 'disable'} ${name}`,
        before: { enabled: !enabled },
        after: { enabled },
        path: `service ${name}`,
        sh: enableService(name, enabled, manager),
      })
    if (state !== undefined && (state === 'started') !== (found.running === true))
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
  samples: [
    {
      title: 'one that is not there',
      params: { name: 'no-such-service', state: 'started' },
      expect: { problem: 'no service' },
    },
    { title: 'stopped and not there', params: { name: 'no-such-service', state: 'stopped' }, expect: 'converged' },
  ],
})
