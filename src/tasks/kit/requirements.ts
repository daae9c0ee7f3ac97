import type { JsonObject } from '../../model/json.ts'
import type { AnyTaskType, Plan, StateSchema } from '../../model/task-type.ts'
import { lines, type Script, sh } from '../../text/sh.ts'

type Requirement = NonNullable<AnyTaskType['requires']>[number]

const FACT = 'mlplay_lacks'

// Root owns / nearly everywhere, and asking that starts no process.
const looks: Readonly<Record<Requirement, Script>> = {
  root: sh`[ -O / ] || [ "$(id -u)" = 0 ] || fact ${FACT} root`,
}

const problems: Readonly<Record<Requirement, (type: string) => string>> = {
  root: type => `${type} needs root: add become: true`,
}

/** A probe that also reports which of its type's requirements are not met. */
export const withRequirements = ({ requires = [] }: AnyTaskType, probe: Script): Script =>
  requires.length === 0 || /^[:\s]*$/.test(probe.text) ? probe : lines(...requires.map(one => looks[one]), probe)

/** The state that such a probe reports. */
export const reportedState = ({ state, requires = [] }: AnyTaskType): StateSchema | undefined =>
  requires.length === 0
    ? state
    : {
        type: 'object',
        properties: { ...state?.properties, [FACT]: { type: 'array', items: { type: 'string' } } },
      }

/** The plan, or why it cannot be carried out: a task that changes nothing requires nothing. */
export function asRequired({ name, requires = [] }: AnyTaskType, plan: Plan, state: JsonObject): Plan {
  const lacking = (state[FACT] ?? []) as readonly string[]
  const [first] = requires.filter(one => lacking.includes(one))
  if (first === undefined || plan.changes.length === 0 || plan.problem !== undefined) return plan
  return { changes: [], problem: problems[first](name) }
}
