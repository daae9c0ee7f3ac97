import { Fault } from '../model/fault.ts'
import type { Conditional } from '../model/playbook.ts'
import { Temporal } from '../template/moment.ts'
import {
  evaluate,
  isTemplate,
  renderString,
  type Scope,
  TemplateError,
  type TemplateOptions,
} from '../template/template.ts'
import { OMIT, show, solid, Undefined } from '../template/values.ts'
import { ExactNumber } from '../text/exact-number.ts'
import type { At } from '../text/position.ts'
import { booleanOf, truth } from './condition.ts'
import { needIn } from './need.ts'

/** Every string inside a value rendered once; whole expressions keep their type. */
export const renderDeep = (value: unknown, scope: Scope, options: TemplateOptions): unknown =>
  deep(value, text => {
    const rendered = renderString(text, scope, options)
    return rendered instanceof Temporal ? rendered.toString() : rendered
  })

/**
 * The same for a variable, which may hold what is undefined as long as nobody reads it: `default` and `is defined` are
 * asked about the variable, and other keys of a map are there all the same.
 */
export const renderVariable = (value: unknown, scope: Scope, options: TemplateOptions): unknown =>
  deep(value, text => {
    try {
      return renderString(text, scope, options)
    } catch (error) {
      if (!(error instanceof TemplateError) || error.undefinedName === undefined) throw error
      return new Undefined(error.undefinedName, error)
    }
  })

const deep = (value: unknown, render: (text: string) => unknown): unknown => {
  if (typeof value === 'string') return isTemplate(value) ? render(value) : value
  if (Array.isArray(value)) return value.map(item => deep(item, render)).filter(item => item !== omitted)
  if (
    value !== null &&
    typeof value === 'object' &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Temporal) &&
    !(value instanceof ExactNumber)
  ) {
    const rendered: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) {
      const name = isTemplate(key) ? keyOf(render(key)) : key
      const result = deep(item, render)
      if (result !== omitted)
        Object.defineProperty(rendered, name, { value: result, enumerable: true, configurable: true, writable: true })
    }
    return rendered
  }
  return value
}

const keyOf = (rendered: unknown): string => show(solid(rendered))

/** The value of the magic variable `omit`: what holds it is left out. */
export const omitted = OMIT

/** A template's error told at the place of the value that holds it. */
export function faultAt(error: unknown, at: At): unknown {
  if (needIn(error) !== undefined) return error
  if (error instanceof TemplateError) {
    const exact = error.line > 1 ? { ...at, line: at.line + error.line - 1, column: error.column } : at
    return new Fault(error.undefinedName === undefined ? 'template' : 'undefined-variable', error.message, {
      at: exact,
      cause: error,
    })
  }
  if (error instanceof Fault && error.at === undefined)
    return new Fault(error.code, error.message, { at, hint: error.hint, cause: error })
  return error
}

/** All of `conditions` hold (a list is AND); undefined when there are none. Errors carry the condition's position. */
export const holds = (conditions: readonly Conditional[], scope: Scope, options: TemplateOptions): boolean =>
  firstFalse(conditions, scope, options) === undefined

/** The first of `conditions` that does not hold; what comes after it is not asked. */
export function firstFalse(
  conditions: readonly Conditional[],
  scope: Scope,
  options: TemplateOptions,
): Conditional | undefined {
  return conditions.find(({ expression, at }) => {
    try {
      return !truth(typeof expression === 'string' ? evaluate(expression, scope, options) : expression, at)
    } catch (error) {
      throw faultAt(error, at)
    }
  })
}

/** A keyword that takes a boolean, or a template that gives one. */
export const flag = (value: unknown, scope: Scope, options: TemplateOptions): boolean =>
  booleanOf(typeof value === 'string' ? renderDeep(value, scope, options) : value)
