import { expressions } from '../../model/params.ts'
import { taskType } from '../../model/task-type.ts'

export default taskType({
  name: 'assert',
  summary: 'fails unless all of its expressions hold',
  example: {
    name: 'there is room',
    params: { that: ['size | int > 0', 'ansible_memtotal_mb > 512'], fail_msg: 'too small' },
  },
  params: {
    type: 'object',
    additionalProperties: false,
    required: ['that'],
    properties: {
      that: expressions('expressions'),
      fail_msg: { type: 'string', description: 'what to say when one does not hold' },
      success_msg: { type: 'string', description: 'what to say when all hold' },
      quiet: { type: 'boolean', description: 'say nothing when all hold' },
    },
  },
  shorthand: 'that',
  ensures: { param: 'that' },
  plan: ({ that, fail_msg, success_msg, quiet }) => {
    const wrong = that.filter(({ holds }) => holds !== true)
    const [first] = wrong
    if (first === undefined) return { changes: [], message: quiet === true ? undefined : success_msg }
    const said = wrong.map(({ expression, value, holds }) =>
      holds === undefined ? `${expression} (it gave the text '${String(value)}', not a boolean)` : expression,
    )
    return {
      changes: [],
      problem: fail_msg ?? `this does not hold: ${said.join('; ')}`,
      result: { assertion: first.expression, evaluated_to: false },
    }
  },
})
