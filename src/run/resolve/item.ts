import type { JsonObject } from '../../model/json.ts'
import type { Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { TemplateOptions } from '../../template/template.ts'
import type { LayeredScope } from '../../values/scope.ts'
import type { Keywords, Resolving } from './keywords.ts'

/** A task on one host, before its loop. */
export interface HostTask {
  readonly task: Task
  readonly scope: LayeredScope
  readonly keywords: Keywords
  readonly on: Resolving
}

/** A task, or one turn of its loop, on one host: everything to look, decide and act with. */
export interface Item extends HostTask {
  readonly type: AnyTaskType
  readonly template: TemplateOptions
  /** Rendered when read; defaults of the schema filled in. */
  readonly lazy: JsonObject
  readonly index: number
  /** Without a loop there is none. */
  readonly label?: string
  /** What the loop says of this turn: its item under `loop_var`, its number, `ansible_loop`. */
  readonly turn: Readonly<Record<string, unknown>>
}
