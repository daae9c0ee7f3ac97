import type { TaskEnd } from '../task/task-end.ts'

/** How a step ended; `flush`: the handlers that are due have their turn. */
export type StepEnd = TaskEnd | { readonly status: 'flush' }
