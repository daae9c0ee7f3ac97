// The library's surface: what a task type of one's own needs, and what it takes to run playbooks from a program.
export type { ProgramEnd, RunProgram } from './load/inventory/inventory-program.ts'
export { type InventoryOptions, loadInventory } from './load/inventory/load-inventory.ts'
export { loadPlaybook } from './load/playbook/load-playbook.ts'
export type { LoadOptions } from './load/playbook/loading.ts'
export type { Change, ChangeScript, Side } from './model/change.ts'
export type { ChangeReport, Emit, Event, HostTotals, Status, SummaryEvent, TaskEvent } from './model/event.ts'
export { Fault } from './model/fault.ts'
export type { Group, Host, Inventory } from './model/inventory.ts'
export type { Json, JsonObject } from './model/json.ts'
export {
  type ControllerFile,
  type Evaluated,
  expression,
  expressions,
  file,
  type RenderedTemplate,
  template,
} from './model/params.ts'
export type { Play, Playbook, Task } from './model/playbook.ts'
export type { RunRecord } from './model/record.ts'
export { expects, type Resource } from './model/resource.ts'
export {
  type AnyTaskType,
  type Plan,
  type PlanContext,
  type ProbeContext,
  type TaskType,
  taskType,
} from './model/task-type.ts'
export { runPlaybooks } from './run/rollout/run-playbooks.ts'
export type { RunRequest } from './run/state/request.ts'
export { type ProgramOptions, runProgram } from './shell/run-program.ts'
export { type Edit, type Edited, editFileType, editParams } from './tasks/kit/edit-file.ts'
export { type Package, packageState, packageType } from './tasks/kit/package-type.ts'
export { reconcile, type Thing } from './tasks/kit/reconcile.ts'
export { taskTypes } from './tasks/registry.ts'
export { lines, nothing, quote, type Script, sh, userScript } from './text/sh.ts'
