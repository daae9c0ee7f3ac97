import type { RoleUse, Task } from '../../model/playbook.ts'

/** A handler with the names it answers to on one host, rendered. */
export interface Named {
  readonly handler: Task
  readonly name: string
  readonly listen: readonly string[]
}

/**
 * The handlers that a notification means. Of several with one name it is the nearest: that of the role whose task
 * notifies, of the role that called that one, of the play; else that of the last role that has one. Whoever listens is
 * meant as well, and `role : name` means that role's.
 */
export function handlersFor(name: string, from: RoleUse | undefined, handlers: readonly Named[]): readonly Task[] {
  const named = handlers.filter(one => one.name === name)
  const exact = handlers.filter(
    ({ handler, name: own }) => handler.role !== undefined && `${handler.role.name} : ${own}` === name,
  )
  const listening = handlers.filter(one => one.listen.includes(name))
  return [...new Set([...nearest(named, from), ...exact, ...listening].map(one => one.handler))]
}

const nearest = (named: readonly Named[], from: RoleUse | undefined): readonly Named[] => {
  for (const role of from === undefined ? [] : [from, ...from.callers.toReversed()]) {
    const same = named.filter(({ handler }) => handler.role?.handlersOf === role.handlersOf)
    if (same.length > 0) return same
  }
  const ofPlay = named.filter(({ handler }) => handler.role === undefined)
  if (ofPlay.length > 0) return ofPlay
  const last = named.at(-1)?.handler.role?.path
  return named.filter(({ handler }) => handler.role?.path === last)
}
