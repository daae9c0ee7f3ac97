import { jsonText } from '../../model/json-text.ts'
import { expression } from '../../model/params.ts'
import { taskType } from '../../model/task-type.ts'

export default taskType({
  name: 'debug',
  summary: 'shows a text or a value',
  example: { name: 'what came out', params: { var: 'result.stdout_lines' } },
  params: {
    type: 'object',
    additionalProperties: false,
    properties: {
      msg: { description: 'what to show' },
      var: expression('an expression whose value to show'),
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'show it from so many -v on' },
    },
  },
  shorthand: 'msg',
  nature: 'message',
  skips: ({ verbosity }, given) => (verbosity > given ? 'Verbosity threshold not met.' : undefined),
  plan: ({ msg, var: shown }) => ({
    changes: [],
    message: shown === undefined ? text(msg ?? 'Hello world!') : `${shown.expression}: ${text(shown.value)}`,
  }),
})

const text = (value: unknown): string => (typeof value === 'string' ? value : jsonText(value, 2))
