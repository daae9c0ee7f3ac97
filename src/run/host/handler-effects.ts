import type { Task } from '../../model/playbook.ts'
import { type Position, positionKey } from '../../model/position.ts'
import { quietly } from '../../values/quietly.ts'
import { renderDeep } from '../../values/render.ts'
import type { HostContext } from '../task/host-context.ts'

/**
 * What the handlers of roles do on a host. A role that is called twice has its handlers twice, each with its call's
 * variables: where these make no difference, one of them is enough in a flush.
 */
export class HandlerEffects {
  readonly #context: HostContext
  readonly #seen = new Set<string>()

  constructor(context: HostContext) {
    this.#context = context
  }

  /** A handler to the same effect has run in this flush. */
  repeats(handler: Task, position: Position): boolean {
    const effect = handler.role === undefined ? undefined : this.#of(handler)
    if (effect === undefined) return false
    const inFlush = `${positionKey(position.slice(0, -1))} ${effect}`
    const seen = this.#seen.has(inFlush)
    this.#seen.add(inFlush)
    return seen
  }

  /** A text that is the same for two that do the same; `undefined`: it cannot be told before the handler runs. */
  #of(handler: Task): string | undefined {
    const { scopeOf, template } = this.#context
    const { at, type, params, loop, inherited } = handler
    const { when, become, become_user, become_method, environment, delegate_to, run_once } = inherited
    const conditions = when.map(({ expression }) =>
      typeof expression === 'string' ? `{{ ${expression} }}` : expression,
    )
    const keywords = { become, become_user, become_method, environment, delegate_to, run_once, conditions }
    const shape = [params, loop?.items ?? null, keywords]
    return quietly(() => JSON.stringify([at, type, renderDeep(shape, scopeOf(handler, {}), template)]), undefined)
  }
}
