import type { Task } from '../../model/playbook.ts'
import { renderDeep } from '../../values/render.ts'
import type { HostContext } from '../host-context.ts'

/**
 * What a handler does on a host, as a text that is the same for two that do the same. A role that is called twice has its
 * handlers twice, each with its call's variables: where these make no difference, one of them is enough. `undefined`:
 * it cannot be told before it runs.
 */
export function effectOf(handler: Task, { scopeOf, template }: HostContext): string | undefined {
  const { at, type, params, loop, inherited } = handler
  const { when, become, become_user, become_method, environment, delegate_to, run_once } = inherited
  const conditions = when.map(({ expression }) => (typeof expression === 'string' ? `{{ ${expression} }}` : expression))
  const keywords = { become, become_user, become_method, environment, delegate_to, run_once, conditions }
  try {
    return JSON.stringify([
      at,
      type,
      renderDeep([params, loop?.items ?? null, keywords], scopeOf(handler, {}), template),
    ])
  } catch {
    return undefined
  }
}
