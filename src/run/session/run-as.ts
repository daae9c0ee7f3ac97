import type { Task } from '../../model/playbook.ts'
import type { Scope } from '../../template/template.ts'
import { flag, renderDeep } from '../../values/render.ts'
import type { HostContext } from '../host-context.ts'
import type { ShellWish } from '../task/item.ts'

/** In whose shell, and on which host, a task wants to act; `undefined` stands for what no task asks for: facts. */
export function wishOf(task: Task | undefined, scope: Scope, context: HostContext): ShellWish {
  const { play, template, become: asked } = context
  const inherited = task?.inherited
  const delegate = inherited?.delegate_to
  const named = delegate === undefined || delegate === null ? undefined : String(renderDeep(delegate, scope, template))
  const host = named === context.memory.host.name ? undefined : named
  // How a host is reached is that host's own matter, whoever acts on it.
  const reached = host === undefined ? scope : context.other(host).scope
  const pick = (own: unknown, ofPlay: unknown, variable: string, fallback: unknown) =>
    own ?? ofPlay ?? (reached.has(variable) ? reached.get(variable) : fallback)
  const become = flag(pick(inherited?.become, play.become, 'ansible_become', asked), scope, template)
  if (!become) return { user: undefined, method: 'sudo', host }
  const user = pick(inherited?.become_user, play.become_user, 'ansible_become_user', context.becomeUser ?? 'root')
  const method = pick(inherited?.become_method, play.become_method, 'ansible_become_method', 'sudo')
  return { user: String(renderDeep(user, scope, template)), method: String(renderDeep(method, scope, template)), host }
}
