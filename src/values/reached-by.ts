import type { Host } from '../model/inventory.ts'
import type { Target } from '../model/target.ts'

/** `ansible_host` and its kin where no variable has them: what mlplay itself goes by. `undefined` for other names. */
export function reachedBy(name: string, host: Host, target: () => Target): unknown {
  switch (name) {
    case 'ansible_host':
      return target().address ?? host.name
    case 'ansible_connection':
      return target().connection
    case 'ansible_user':
      return target().user
    case 'ansible_port':
      return target().port
    default:
      return undefined
  }
}
