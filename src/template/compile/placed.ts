import { TemplateError } from '../error.ts'
import type { Expression, Place } from '../tree.ts'
import { TextForNumber } from '../values.ts'
import type { Evaluate } from './compiler.ts'

/** The same, with an error of the operation told at its place. */
export const placed =
  (node: Expression, evaluate: Evaluate, at: Place = node.at): Evaluate =>
  env => {
    try {
      return evaluate(env)
    } catch (error) {
      throw templateError(error, node, at)
    }
  }

/** An error of JavaScript's own kinds as one of the template; any other error as it is. */
export const templateError = (error: unknown, node: Expression, at: Place = node.at): unknown => {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return error
  return new TemplateError(messageOf(error, node), { ...at, cause: error })
}

const messageOf = (error: Error, node: Expression): string => {
  if (!(error instanceof TextForNumber)) return error.message
  const culprit = operandOf(node, error.side)
  return culprit?.kind === 'name' || culprit?.kind === 'item' ? error.naming(pathOf(culprit)) : error.message
}

const operandOf = (node: Expression, side: 'left' | 'right'): Expression | undefined => {
  if (node.kind === 'binary') return node[side]
  if (node.kind !== 'comparison' || node.rest.length > 1) return undefined
  return side === 'left' ? node.first : node.rest[0]?.value
}

/** The expression that items are taken of, of `a` in `a.b[0]`. */
export const rootOf = (node: Expression): Expression =>
  node.kind === 'item' || node.kind === 'slice' ? rootOf(node.target) : node

/** How a message names what is read: `a.b`, `a[...]`. */
export const pathOf = (node: Expression): string => {
  if (node.kind === 'name') return node.name
  if (node.kind === 'slice') return `${pathOf(node.target)}[...]`
  if (node.kind !== 'item') return 'value'
  const { target, key } = node
  return key.kind === 'literal' && typeof key.value === 'string'
    ? `${pathOf(target)}.${key.value}`
    : `${pathOf(target)}[...]`
}
