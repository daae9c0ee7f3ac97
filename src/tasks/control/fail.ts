import { taskType } from '../../model/task-type.ts'

export default taskType({
  name: 'fail',
  summary: 'fails with a message',
  example: { name: 'not here', params: { msg: 'this role is for Debian' } },
  params: { type: 'object', additionalProperties: false, properties: { msg: { type: 'string', description: 'why' } } },
  shorthand: 'msg',
  ensures: 'not-when',
  plan: ({ msg }) => ({ changes: [], problem: msg ?? 'failed as asked' }),
})
