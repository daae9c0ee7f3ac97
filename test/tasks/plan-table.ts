import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/model/json.ts'
import type { Resource } from '../../src/model/resource.ts'
import type { AnyTaskType, Plan } from '../../src/model/task-type.ts'
import { decided } from './stages.ts'

/** A row: what the plan of some params is in some state. */
export interface Row {
  readonly params: JsonObject
  readonly state?: JsonObject
  /** What earlier steps of a dry run bring. */
  readonly expected?: readonly Resource[]
  /** False for a real run. */
  readonly check?: boolean
  /** What the changes are called, in order; none where nothing is to change. */
  readonly changes?: readonly string[]
  /** Part of why there is no plan. */
  readonly problem?: string
  /** What else the plan says. */
  readonly plan?: Partial<Plan>
}

/** One test for each row, by its title: pure, without a shell. */
export function planTable(type: AnyTaskType, rows: { readonly [title: string]: Row }): void {
  describe(`the plan of ${type.name}`, () => {
    it.each(Object.entries(rows))(
      '%s',
      (_, { params, state = {}, expected = [], check, changes = [], problem, plan = {} }) => {
        const lists = Object.entries(type.state?.properties ?? {}).flatMap(([name, schema]) =>
          (schema as { readonly type?: string }).type === 'array' ? [[name, []] as const] : [],
        )
        const made = decided(type, params, {
          state: { ...Object.fromEntries(lists), ...state },
          expected,
          check: check ?? true,
        })
        expect(made.changes.map(({ what }) => what)).toEqual(changes)
        expect(made.problem ?? '').toContain(problem ?? '')
        expect(made.problem === undefined).toBe(problem === undefined)
        expect(made).toMatchObject(plan)
      },
    )
  })
}
