import { dict } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { type Dict, isDict, truthy } from '../values.ts'

const holds = (value: Dict, key: string): boolean => Object.hasOwn(value, key) && truthy(value[key])
const result = (test: (value: Dict) => boolean): Routine => routine({ result: dict }, call => test(call.result))

const failed = result(value => holds(value, 'failed'))
const succeeded = result(value => !holds(value, 'failed'))
const skipped = result(value => holds(value, 'skipped'))
const changed = result(value => {
  if (Object.hasOwn(value, 'changed')) return truthy(value['changed'])
  const { results } = value
  return Array.isArray(results) && results.some(item => isDict(item) && holds(item, 'changed'))
})

/** Tests of what a task registered. */
export const resultTests: Routines = {
  changed,
  change: changed,
  failed,
  failure: failed,
  succeeded,
  success: succeeded,
  successful: succeeded,
  skipped,
  skip: skipped,
  unreachable: result(value => holds(value, 'unreachable')),
  reachable: result(value => !holds(value, 'unreachable')),
  timedout: result(value => isDict(value['timedout']) && holds(value['timedout'], 'period')),
}
