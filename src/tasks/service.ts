import type { Change } from '../model/change.ts'
import { taskType } from '../model/task-type.ts'
import { sh } from '../text/sh.ts'
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
        pattern: '^([A-Za-z0-9@_.:\\\\-]+|.*\\{\\{.*)$',
        description: 'the service, as systemd or /etc/init.d knows it',
      },
      state: { enum: ['started', 'stopped'] },
      enabled: { type: 'boolean', description: 'starts with the machine' },
    },
  },
  state: { type: 'object', properties: serviceState },
  probe: ({ name }) => lookAtService(name),
  plan: ({ name, state, enabled }, seen, { pending }) => {
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
