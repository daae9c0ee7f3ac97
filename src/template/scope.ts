import type { Controller } from './controller.ts'

/** Variables by name; a value may be had lazily. */
export interface Scope {
  /** `undefined` when there is no such variable. */
  get(name: string): unknown
  has(name: string): boolean
  names?(): Iterable<string>
}

/** Answers `lookup('name', args, key=value)` on the controller, for a template that sees the variables of `scope`. */
export type Lookups = (
  name: string,
  args: readonly unknown[],
  keywords: Readonly<Record<string, unknown>>,
  scope: Scope,
) => unknown

export interface TemplateOptions {
  readonly lookup?: Lookups
  readonly now?: () => Date
  /** In [0, 1). */
  readonly random?: () => number
  /** The machine that mlplay runs on, for filters and tests that look at it. */
  readonly controller?: Controller
  /** The text of another template of the same folder. */
  readonly include?: (name: string) => string
}
