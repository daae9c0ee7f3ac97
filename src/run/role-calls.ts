import type { Task } from '../model/playbook.ts'

/**
 * Which calls of roles have run on one host in one play. A call has run when it came to its end and at least one of its
 * tasks was not skipped, so that a role which one condition kept from running is not taken for done by another call.
 */
export class RoleCalls {
  readonly #begun = new Set<string>()
  readonly #done = new Set<string>()

  /** A task was not skipped. */
  worked({ role }: Task): void {
    if (role !== undefined) this.#begun.add(role.identity)
  }

  ended(identity: string): void {
    if (this.#begun.has(identity)) this.#done.add(identity)
  }

  done(identity: string): boolean {
    return this.#done.has(identity)
  }
}
