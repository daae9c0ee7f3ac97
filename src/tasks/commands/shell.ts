import { taskType } from '../../model/task-type.ts'
import { userScript } from '../../text/sh.ts'
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
  instead: {
    args: 'put them beside cmd',
    executable: 'it is /bin/sh: write command: with argv: [bash, -c, ...]',
    warn: 'leave it out',
  },
  nature: 'opaque',
  state: { type: 'object', properties: guardState },
  probe: lookAtGuards,
  plan: ({ cmd, ...guards }, found, { expected }) =>
    planOpaque(
      {
        what: `run ${cmd.trim().split('\n')[0] ?? ''}${cmd.trim().includes('\n') ? ' ...' : ''}`,
        script: userScript(cmd),
        cmd,
      },
      guards,
      { found, expected },
    ),
})
