import { jsonText } from '../../model/json-text.ts'
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
      var: { type: 'string', description: 'an expression whose value to show' },
      verbosity: { type: 'integer', minimum: 0, default: 0, description: 'show it from so many -v on' },
    },
  },
  shorthand: 'msg',
  nature: 'message',
  expressions: ['var'],
  plan: params => {
    const [shown] = (params.var ?? []) as unknown as readonly { readonly expression: string; readonly value: unknown }[]
    const text = (value: unknown) => (typeof value === 'string' ? value : jsonText(value, 2))
    return {
      changes: [],
      message: shown === undefined ? text(params.msg ?? 'Hello world!') : `${shown.expression}: ${text(shown.value)}`,
    }
  },
  samples: [{ title: 'a text', params: { msg: 'hello' }, expect: 'converged' }],
})
