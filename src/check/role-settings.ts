import { brokenRules, type InvalidValue, missing, wrongValues } from '../load/schema/option-value.ts'
import type { RoleCall } from '../model/playbook.ts'
import type { RoleOption } from '../model/role-spec.ts'
import type { Scope } from '../template/template.ts'
import { Undefined } from '../template/values.ts'

/** A value that cannot be told yet: it waits for a fact, a result or a lookup. */
export const unknownYet: unique symbol = Symbol('not known yet')

/** A value whose template failed, and why. */
export class NotRendered {
  readonly why: string
  constructor(why: string) {
    this.why = why
  }
}

/** What is read of a role's settings: values, those that cannot be told yet, and what is wrong with them. */
export interface ReadSettings {
  readonly values: ReadonlyMap<string, unknown>
  readonly wrong: readonly InvalidValue[]
}

/**
 * Reads the settings of a role and checks them. `read` gives a rendered value or `unknownYet`; what is said to be
 * `settable` may still get a value before the role starts.
 */
export function readSettings(
  { spec, role }: Pick<RoleCall, 'spec' | 'role'>,
  scope: Pick<Scope, 'has'>,
  by: { readonly read: (name: string) => unknown; readonly settable: (name: string) => boolean },
): ReadSettings {
  const values = new Map<string, unknown>()
  const wrong: InvalidValue[] = []
  for (const [name, option] of Object.entries(spec.options))
    for (const one of [name, ...option.aliases]) {
      if (!scope.has(one)) {
        if (by.settable(one)) values.set(one, unknownYet)
        continue
      }
      const value = by.read(one)
      values.set(one, value)
      if (value !== unknownYet) wrong.push(...wrongSetting(one, value, option))
    }
  const given = Object.fromEntries(values)
  const broken = [...missing(spec, given), ...brokenRules(spec, given)]
  return {
    values,
    wrong: [...wrong, ...broken.map(message => ({ path: [], message: `role ${role.name} ${message}` }))],
  }
}

const wrongSetting = (name: string, value: unknown, option: RoleOption): readonly InvalidValue[] => {
  const why = value instanceof NotRendered ? value.why : undefinedIn(value)
  if (why !== undefined) return [{ path: [name], message: `'${name}' cannot be rendered: ${why}` }]
  return wrongValues(value, option, [name])
}

/** Why a value is undefined, or something in it. */
export const undefinedIn = (value: unknown): string | undefined => {
  if (value instanceof Undefined) return value.why ?? `'${value.path}' is undefined`
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return undefined
  return Object.values(value)
    .map(undefinedIn)
    .find(why => why !== undefined)
}
