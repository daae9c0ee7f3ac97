import type { RoleCall } from '../model/playbook.ts'
import type { Scope } from '../template/template.ts'
import { rethrowBug } from '../text/rethrow-bug.ts'
import { holds } from '../values/render.ts'

/** Whether a role's `when` is known to hold before the run. */
export function condition({ inherited }: Pick<RoleCall, 'inherited'>, scope: Scope): boolean {
  try {
    return holds(inherited.when, scope, {})
  } catch (error) {
    rethrowBug(error)
    return false
  }
}
