import { type Plan, taskType } from '../../model/task-type.ts'
import { sh } from '../../text/sh.ts'
import { leavingNothing } from './nginx-leavings.ts'

export default taskType({
  name: 'nginx-test',
  summary: "nginx accepts its whole configuration; otherwise the play's changes to files are put back",
  example: { name: 'nginx accepts its configuration', params: {} },
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      config: { type: 'string', description: 'a configuration file other than the usual one' },
    },
  },
  shorthand: 'config',
  nature: 'query',
  guards: true,
  later: () => 'the configuration is tested once these changes are made',
  state: {
    type: 'object',
    properties: {
      there: { type: 'boolean' },
      code: { type: 'integer' },
      said: { type: 'string' },
      root: { type: 'boolean' },
    },
  },
  // From nginx 1.19.5 on, -e keeps what the test finds out of the log.
  probe: ({ config }) => sh`n=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx) && {
  fact there 1
  [ "$(id -u)" = 0 ] && fact root 1
  conf=${config ?? ''}; v=$("$n" -V 2>&1)
  quiet=; number=\${v#*/}; number=\${number%%[!0-9.]*}
  case $number in 0.*|1.?|1.?.*|1.1[0-8]|1.1[0-8].*|1.19|1.19.[0-4]) ;; [0-9]*) quiet='-e /dev/null';; esac
  ${leavingNothing(sh`said=$("$n" -t -q $quiet ${config === undefined ? [] : ['-c', config]} 2>&1); code=$?`)}
  fact code "$code"; fact said "$said"
}`,
  plan: (_, { there, code, said, root }): Plan => {
    if (there !== true) return { changes: [], problem: 'there is no nginx on this host: install it first' }
    if (code === 0)
      return {
        changes: [],
        ...(said === undefined || said === '' ? {} : { message: said }),
        result: { warnings: said ?? '' },
      }
    return {
      changes: [],
      problem: `nginx refuses its configuration${root === true ? '' : ' (or this account may not read all of it: become: true)'}:\n${said ?? ''}`,
      result: { said: said ?? '' },
    }
  },
})
