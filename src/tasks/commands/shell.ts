import { taskType } from '../../model/task-type.ts'
import { sh, userScript } from '../../text/sh.ts'
import { guardParams, guardState, guardsDepend, lookAtGuards, planOpaque } from './opaque.ts'

export default taskType({
  name: 'shell',
  summary: 'a script for /bin/sh',
  example: {
    name: 'make the database',
    params: { cmd: 'createdb app && psql app < /srv/schema.sql', unless: 'psql -lqt | grep -qw app' },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    dependentRequired: guardsDepend,
    required: ['cmd'],
    properties: { cmd: { type: 'string', minLength: 1, description: 'POSIX sh' }, ...guardParams },
  },
  shorthand: 'cmd',
  nature: 'opaque',
  state: { type: 'object', properties: guardState },
  probe: lookAtGuards,
  plan: ({ cmd, ...guards }, found, { pending }) =>
    planOpaque(
      {
        what: `run ${cmd.trim().split('\n')[0] ?? ''}${cmd.trim().includes('\n') ? ' ...' : ''}`,
        script: userScript(cmd),
        cmd,
      },
      guards,
      { found, pending },
    ),
  samples: [
    { title: 'a pipe', params: { cmd: 'echo abc | tr a x > f', chdir: '@DIR@' }, proof: sh`[ "$(cat f)" = xbc ]` },
    { title: 'unless holds', params: { cmd: 'exit 1', unless: 'true' }, expect: 'converged' },
    {
      title: 'removes what is there',
      params: { cmd: 'rm f', chdir: '@DIR@', removes: '@DIR@/f' },
      given: sh`: > f`,
      proof: sh`[ ! -e f ]`,
    },
  ],
})
