import type { Task } from '../model/playbook.ts'
import type { Scope } from '../schedule/template/template.ts'
import type { HostContext } from './host-context.ts'
import type { ShellWish } from './item.ts'
import { flag, renderDeep } from './render.ts'

/** In whose shell, and on which host, a task wants to act; `undefined` stands for what no task asks for: facts. */
export function wishOf(task: Task | undefined, scope: Scope, context: HostContext): ShellWish {
  const { play, template, become: asked } = context
  const pick = (own: unknown, ofPlay: unknown, variable: string, fallback: unknown) =>
    own ?? ofPlay ?? (scope.has(variable) ? scope.get(variable) : fallback)
  const inherited = task?.inherited
  const become = flag(pick(inherited?.become, play.become, 'ansible_become', asked), scope, template)
  const user = pick(inherited?.become_user, play.become_user, 'ansible_become_user', context.becomeUser ?? 'root')
  const method = pick(inherited?.become_method, play.become_method, 'ansible_become_method', 'sudo')
  const delegate = inherited?.delegate_to
  return {
    user: become ? String(renderDeep(user, scope, template)) : undefined,
    method: String(renderDeep(method, scope, template)),
    host: delegate === undefined || delegate === null ? undefined : String(renderDeep(delegate, scope, template)),
  }
}
