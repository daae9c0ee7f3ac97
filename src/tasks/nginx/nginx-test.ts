import { type Plan, taskType } from '../../model/task-type.ts'
import { testConfiguration } from './test-configuration.ts'

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
  probe: ({ config }) => testConfiguration(config),
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
