import type { Task } from '../../model/playbook.ts'
import type { HostMemory } from '../state/host-state.ts'

/** `ansible_failed_task` and `ansible_failed_result`: for the rescue, which wants to know why it runs. */
export function noteFailure(
  task: Task,
  as: { readonly name: string; readonly result: unknown },
  memory: HostMemory,
): void {
  const { type, params, inherited, register, role } = task
  memory.results['ansible_failed_task'] = {
    name: task.named ? as.name : '',
    action: type,
    args: params,
    tags: inherited.tags,
    register: register ?? null,
    ...(role === undefined ? {} : { role: role.name }),
  }
  memory.results['ansible_failed_result'] = as.result ?? { failed: true, changed: false, msg: '' }
}
