import type { TemplateOptions } from '../template.ts'

export interface FilterCall {
  /** What stands before the bar. `Undefined` only for `default` and `mandatory`. */
  readonly value: unknown
  readonly args: readonly unknown[]
  readonly keywords: Readonly<Record<string, unknown>>
  readonly options: TemplateOptions
}

export type Filter = (call: FilterCall) => unknown
export type Filters = Readonly<Record<string, Filter>>

/** The argument at a position or by its name. */
export function arg(call: FilterCall, at: number, name: string): unknown {
  return Object.hasOwn(call.keywords, name) ? call.keywords[name] : call.args[at]
}
