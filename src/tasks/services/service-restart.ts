import { taskType } from '../../model/task-type.ts'
import { lines } from '../../text/sh.ts'
import {
  asInstalled,
  broughtByStart,
  isUp,
  lookAtMainProcess,
  lookAtService,
  noService,
  serviceName,
  serviceState,
  tellAnew,
} from '../kit/services.ts'

export default taskType({
  name: 'service-restart',
  summary: 'restarts or reloads a service, and sees that it runs afterwards: made for handlers',
  example: { name: 'reload nginx', params: { name: 'nginx', mode: 'reload' } },
  instead: { state: 'write mode: restart or reload' },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: serviceName,
      mode: {
        enum: ['restart', 'reload'],
        default: 'restart',
        description: 'reload keeps connections; one that does not run is started',
      },
    },
  },
  shorthand: 'name',
  state: { type: 'object', properties: { ...serviceState, boot: { type: 'string' } } },
  probe: ({ name }) => lines(lookAtService(name), lookAtMainProcess(name)),
  plan: ({ name, mode }, seen, { expected }) => {
    const found = asInstalled(name, seen, expected)
    const none = noService(name, found, expected)
    if (none !== undefined) return none
    const verb = found.running === true ? mode : 'start'
    const sh = tellAnew(name, verb, found.manager)
    return [{ what: `${verb} ${name}`, before: null, after: null, provides: broughtByStart, sh }]
  },
  verify: ({ name, mode }, before, after) => {
    if (!isUp(after)) return `${name} does not run (${after.detail ?? 'its status says no'})`
    const same = before.running === true && before.boot !== undefined && before.boot === after.boot
    return same && mode === 'restart' ? `the main process of ${name} is still the old one` : undefined
  },
})
