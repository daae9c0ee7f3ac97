import { taskType } from '../../model/task-type.ts'
import { lines, sh } from '../../text/sh.ts'
import { asInstalled, isUp, lookAtService, noService, serviceState, tellService } from '../kit/services.ts'

export default taskType({
  name: 'service-restart',
  summary: 'restarts or reloads a service, and sees that it runs afterwards: made for handlers',
  example: { name: 'reload nginx', params: { name: 'nginx', mode: 'reload' } },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: {
        type: 'string',
        pattern: '^[A-Za-z0-9@_.:\\\\][A-Za-z0-9@_.:\\\\-]*$',
        description: 'the service, as systemd or /etc/init.d knows it',
      },
      mode: {
        enum: ['restart', 'reload'],
        default: 'restart',
        description: 'reload keeps connections; one that does not run is started',
      },
    },
  },
  shorthand: 'name',
  state: { type: 'object', properties: { ...serviceState, boot: { type: 'string' } } },
  // The start of the main process tells a restart from one that did nothing.
  probe: ({ name }) =>
    lines(
      lookAtService(name),
      sh`[ -n "$pid" ] || { [ -d /run/systemd/system ] && pid=$(systemctl show -p MainPID --value -- ${name} 2>/dev/null); }
[ -n "$pid" ] && [ "$pid" != 0 ] && [ -r "/proc/$pid/stat" ] && { read -r stat < "/proc/$pid/stat"; set -- \${stat##*) }; fact boot "$pid-\${20}"; }`,
    ),
  plan: ({ name, mode }, seen, { pending }) => {
    const found = asInstalled(name, seen, pending)
    const none = noService(name, found, pending)
    if (none !== undefined) return none
    const verb = found.running === true ? (mode ?? 'restart') : 'start'
    return [
      {
        what: `${verb} ${name}`,
        before: null,
        after: null,
        sh:
          found.manager === 'systemd'
            ? sh`systemctl daemon-reload; ${tellService(name, verb, found.manager)}`
            : tellService(name, verb, found.manager),
      },
    ]
  },
  verify: ({ name, mode }, before, after) => {
    if (!isUp(after)) return `${name} does not run (${after.detail ?? 'its status says no'})`
    if (mode !== 'reload' && before.running === true && before.boot !== undefined && before.boot === after.boot)
      return `the main process of ${name} is still the old one`
    return undefined
  },
})
