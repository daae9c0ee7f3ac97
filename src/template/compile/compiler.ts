import type { Chunks } from '../chunks.ts'
import type { Expression, Statement } from '../tree.ts'
import type { Env } from './env.ts'

/** A compiled expression: gives its value. */
export type Evaluate = (env: Env) => unknown
/** Compiled statements: add what they write to the chunks. */
export type Write = (env: Env, out: Chunks) => void

/** Compiles the parts of a node. Each file of compile/ knows its own nodes and reaches all others through this. */
export interface Compiler {
  readonly expression: (node: Expression) => Evaluate
  readonly body: (statements: readonly Statement[]) => Write
  /** True when some part of this template sets the name: a variable of the scope may be hidden by it. */
  readonly sets: (name: string) => boolean
  /** Compiles the text of an included template. */
  readonly included: (source: string) => Write
}
