import { Fault } from '../model/fault.ts'
import type { Locate } from '../model/playbook.ts'
import { FactsNeeded } from '../schedule/scope.ts'
import {
  evaluate,
  renderString,
  type Scope,
  TemplateError,
  type TemplateOptions,
} from '../schedule/template/template.ts'
import type { At } from '../text/position.ts'

/** Every string inside a value rendered once; whole expressions keep their type. */
export function renderDeep(value: unknown, scope: Scope, options: TemplateOptions): unknown {
  if (typeof value === 'string') return value.includes('{') ? renderString(value, scope, options) : value
  if (Array.isArray(value)) return value.map(item => renderDeep(item, scope, options)).filter(item => item !== omitted)
  if (value !== null && typeof value === 'object' && Object.getPrototypeOf(value) !== Uint8Array.prototype) {
    const rendered: Record<string, unknown> = {}
    for (const [key, item] of Object.entries(value)) {
      const name = key.includes('{{') ? String(renderString(key, scope, options)) : key
      const result = renderDeep(item, scope, options)
      if (result !== omitted)
        Object.defineProperty(rendered, name, { value: result, enumerable: true, configurable: true, writable: true })
    }
    return rendered
  }
  return value
}

/** The value of the magic variable `omit`: what holds it is left out. */
export const omitted = '__mlplay_omit_6b1f0c52__'

/** A template's error told at the place of the value that holds it. */
export function faultAt(error: unknown, at: At): unknown {
  if (error instanceof FactsNeeded) return error
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

/** Params that render when they are read: a probe touches few, so the rest may wait for facts and results. */
export function lazyParams(
  raw: Readonly<Record<string, unknown>>,
  scope: Scope,
  options: { readonly template: TemplateOptions; readonly locate: Locate; readonly type: string },
): Readonly<Record<string, unknown>> {
  const params: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(raw)) {
    let done = false
    let rendered: unknown
    Object.defineProperty(params, name, {
      enumerable: true,
      get: () => {
        if (!done) rendered = renderParam(value, scope, { ...options, name })
        done = true
        return rendered
      },
    })
  }
  return params
}

const renderParam = (
  value: unknown,
  scope: Scope,
  options: {
    readonly template: TemplateOptions
    readonly locate: Locate
    readonly type: string
    readonly name: string
  },
): unknown => {
  try {
    const rendered = renderDeep(value, scope, options.template)
    return rendered === omitted ? undefined : rendered
  } catch (error) {
    throw faultAt(error, options.locate([options.type, options.name]))
  }
}

/** All of `conditions` hold (a list is AND); undefined when there are none. Errors carry the condition's position. */
export function holds(
  conditions: readonly { readonly expression: unknown; readonly at: At }[],
  scope: Scope,
  options: TemplateOptions,
): boolean {
  return conditions.every(({ expression, at }) => {
    try {
      return truth(typeof expression === 'string' ? evaluate(expression, scope, options) : expression, at)
    } catch (error) {
      throw faultAt(error, at)
    }
  })
}

// A text in the place of a condition ("false", "no") is what bites Ansible's users: it is refused, not taken as true.
const truth = (value: unknown, at: At): boolean => {
  if (typeof value === 'string' && value !== '') {
    if (/^(true|false|yes|no|on|off)$/i.test(value))
      throw new Fault('condition', `this condition gave the text '${value}', not a boolean`, {
        at,
        hint: "add '| bool' if the variable holds text",
      })
  }
  if (Array.isArray(value)) return value.length > 0
  if (value !== null && typeof value === 'object') return Object.keys(value).length > 0
  return Boolean(value)
}

/** A keyword that takes a boolean, a template that gives one, or the words true and false (`-e` makes text of everything). */
export function flag(value: unknown, scope: Scope, options: TemplateOptions): boolean {
  const rendered = typeof value === 'string' ? renderDeep(value, scope, options) : value
  if (typeof rendered === 'string') return /^(true|yes|on|1)$/i.test(rendered.trim())
  return rendered === true || rendered === 1
}
