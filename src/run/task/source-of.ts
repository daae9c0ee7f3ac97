import { Fault } from '../../model/fault.ts'
import type { Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { HostContext } from '../host-context.ts'
import type { ItemSource } from './item.ts'

export function typeOf(task: Task, { types }: HostContext): AnyTaskType {
  const type = types.get(task.type)
  if (type === undefined) throw new Fault('task-type', `there is no task type '${task.type}'`, { at: task.at })
  return type
}

/** What a task's items are made from on this host. */
export const sourceOf = (task: Task, type: AnyTaskType, context: HostContext): ItemSource => ({
  task,
  type,
  template: context.template,
  scope: extra => context.scopeOf(task, extra),
})
