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
      that: {
        anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
        description: 'expressions',
      },
      fail_msg: { type: 'string', description: 'what to say when one does not hold' },
      success_msg: { type: 'string', description: 'what to say when all hold' },
      quiet: { type: 'boolean', description: 'say nothing when all hold' },
    },
  },
  shorthand: 'that',
  expressions: ['that'],
  plan: params => {
    const wrong = (params.that as unknown as readonly Tried[]).filter(({ holds }) => holds !== true)
    if (wrong.length === 0) return { changes: [], message: params.quiet === true ? undefined : params.success_msg }
    const [first] = wrong
    const said = wrong.map(({ expression, value, holds }) =>
      holds === undefined ? `${expression} (it gave the text '${String(value)}', not a boolean)` : expression,
    )
    return {
      changes: [],
      problem: params.fail_msg ?? `this does not hold: ${said.join('; ')}`,
      result: { assertion: first?.expression ?? '', evaluated_to: false },
    }
  },
})

/** An expression, what it gave, and whether that counts as true; `undefined` where it gave a text. */
interface Tried {
  readonly expression: string
  readonly value: unknown
  readonly holds: boolean | undefined
}
