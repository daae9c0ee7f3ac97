import type { JsonObject } from '../../model/json.ts'
import { type AnyTaskType, taskType } from '../../model/task-type.ts'

const setFact: AnyTaskType = taskType({
  name: 'set_fact',
  summary: 'variables for the rest of the run on this host',
  example: { name: 'where it lives', params: { base: '/srv/{{ app }}', port: '{{ 8000 + number }}' } },
  params: { type: 'object', minProperties: 1, properties: {}, additionalProperties: true },
  instead: { cacheable: 'facts hold for one run' },
  defines: 'variables',
  plan: params => ({ changes: [], facts: params as JsonObject }),
})
export default setFact
