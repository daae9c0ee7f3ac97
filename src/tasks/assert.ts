import { taskType } from '../model/task-type.ts'

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
      quiet: { type: 'boolean' },
    },
  },
  shorthand: 'that',
  expressions: ['that'],
  plan: params => {
    const tried = params.that as unknown as readonly { readonly expression: string; readonly value: unknown }[]
    const wrong = tried.filter(({ value }) => !holds(value))
    if (wrong.length === 0) return { changes: [], message: params.success_msg }
    return {
      changes: [],
      problem: params.fail_msg ?? `this does not hold: ${wrong.map(({ expression }) => expression).join('; ')}`,
    }
  },
})

const holds = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}
