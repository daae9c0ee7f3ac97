import { Fault } from '../../model/fault.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { TemplateError } from './error.ts'
import { describe, Mismatch, type Parameter } from './parameters.ts'
import type { TemplateOptions } from './template.ts'
import { Undefined } from './values.ts'

/** What a filter, test or method may ask of the rendering that it is a part of. */
export interface Context {
  readonly options: TemplateOptions
  /** Counts work of an amount that nobody can foresee (steps of a regular expression). Throws when there was too much. */
  readonly spend: (steps: number) => void
  /** Applies another filter or test by its name. */
  readonly apply: (kind: 'filter' | 'test', name: string, given: Given) => unknown
  readonly has: (kind: 'filter' | 'test', name: string) => boolean
}

/** What a template hands over: the value before the bar (the `is`, the dot), then the arguments as they are written. */
export interface Given {
  readonly value: unknown
  readonly args: readonly unknown[]
  readonly keywords: Readonly<Record<string, unknown>>
}

/** A filter, a test or a method: its signature, and what it does with arguments that fit it. */
export interface Routine {
  readonly parameters: Parameters_
  readonly run: (values: never, context: Context) => unknown
}
export type Routines = Readonly<Record<string, Routine>>

type Parameters_ = Readonly<Record<string, Parameter<unknown>>>
type Values<P extends Parameters_> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** The first parameter is the value itself; the others are bound by position in the order in which they are written, or by name. */
export const routine = <P extends Parameters_>(
  parameters: P,
  run: (values: Values<P>, context: Context) => unknown,
): Routine => ({ parameters, run })

/**
 * Binds what was handed over to the signature and runs it. An undefined value or argument is the result, unless its
 * parameter takes undefined values. Whatever goes wrong inside is an error with the routine's name.
 */
export function invoke(name: string, { parameters, run }: Routine, given: Given, context: Context): unknown {
  const bound = bind(name, parameters, given)
  for (const [key, value] of Object.entries(bound)) {
    const parameter = parameters[key]
    const values = parameter?.many === undefined ? [value] : Object.values(value as object)
    const missing = values.find(one => one instanceof Undefined)
    if (missing !== undefined && parameter?.lax !== true) return missing
  }
  try {
    return run(read(name, parameters, bound) as never, context)
  } catch (error) {
    throw told(error, name)
  }
}

/** The values by parameter, as they came. What was left out has no key. */
const bind = (name: string, parameters: Parameters_, given: Given): Record<string, unknown> => {
  const names = Object.keys(parameters)
  const [subject = '', ...others] = names
  const rest = others.find(one => parameters[one]?.many === 'rest')
  const named = others.find(one => parameters[one]?.many === 'named')
  const byPosition = rest === undefined ? others.filter(one => one !== named) : others.slice(0, others.indexOf(rest))
  const byName = others.filter(one => one !== rest && one !== named)
  const bound: Record<string, unknown> = { [subject]: given.value }
  given.args.slice(0, byPosition.length).forEach((value, i) => {
    bound[byPosition[i] as string] = value
  })
  const surplus = given.args.slice(byPosition.length)
  if (surplus.length > 0 && rest === undefined)
    throw new TypeError(
      byPosition.length === 0
        ? `${name} takes no arguments`
        : `${name} takes ${byPosition.length} argument${byPosition.length === 1 ? '' : 's'} (${byPosition.join(', ')}), not ${given.args.length}`,
    )
  if (rest !== undefined) bound[rest] = surplus
  const extra: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given.keywords)) {
    if (byName.includes(key)) {
      if (Object.hasOwn(bound, key)) throw new TypeError(`${name} is given '${key}' twice`)
      bound[key] = value
    } else if (named !== undefined) extra[key] = value
    else
      throw new TypeError(
        `${name} has no argument '${key}'${byName.length === 0 ? '' : didYouMean(key, byName) || `: it has ${byName.join(', ')}`}`,
      )
  }
  if (named !== undefined) bound[named] = extra
  const missing = byName.find(
    one => !Object.hasOwn(bound, one) && !Object.hasOwn(parameters[one] as object, 'fallback'),
  )
  if (missing !== undefined) throw new TypeError(`${name} needs the argument '${missing}'`)
  return bound
}

const read = (name: string, parameters: Parameters_, bound: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(
    Object.entries(parameters).map(([key, parameter], at) => {
      if (!Object.hasOwn(bound, key)) return [key, parameter.fallback]
      try {
        if (parameter.many === 'rest') return [key, (bound[key] as readonly unknown[]).map(one => parameter.read(one))]
        if (parameter.many === 'named')
          return [
            key,
            Object.fromEntries(Object.entries(bound[key] as object).map(([k, one]) => [k, parameter.read(one)])),
          ]
        return [key, parameter.read(bound[key])]
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error
        throw new Mismatch(
          `${name} takes ${error.message}${at === 0 ? '' : ` as '${key}'`}, not ${describe(bound[key])}`,
        )
      }
    }),
  )

const told = (error: unknown, name: string): unknown => {
  if (error instanceof TemplateError || error instanceof Fault || error instanceof Mismatch) return error
  // No failure: what a value holds is still to come, and the whole is asked again.
  if (error instanceof Error && error.name === 'FactsNeeded') return error
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return new TypeError(`${name}: the value is nested too deeply`, { cause: error })
  const message = error instanceof Error ? error.message : String(error)
  return new TypeError(message.startsWith(`${name}`) ? message : `${name}: ${message}`, { cause: error })
}
