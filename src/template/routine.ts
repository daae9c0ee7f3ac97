import { didYouMean } from '../text/did-you-mean.ts'
import { describe, Mismatch, type Parameter } from './parameters.ts'
import type { TemplateOptions } from './scope.ts'
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

/** What a signature says, read once: a template may call a filter a million times. */
interface Plan {
  readonly names: readonly string[]
  readonly parameters: readonly Parameter<unknown>[]
  /** Indexes of the parameters that positional arguments are bound to. */
  readonly byPosition: readonly number[]
  readonly byName: ReadonlyMap<string, number>
  readonly rest: number
  readonly named: number
}

const plans = new WeakMap<Parameters_, Plan>()

const planOf = (parameters: Parameters_): Plan => {
  const known = plans.get(parameters)
  if (known !== undefined) return known
  const names = Object.keys(parameters)
  const list = Object.values(parameters)
  const rest = list.findIndex(one => one.many === 'rest')
  const named = list.findIndex(one => one.many === 'named')
  const others = names.map((_, i) => i).slice(1)
  const plan: Plan = {
    names,
    parameters: list,
    byPosition: others.filter(i => i !== named && (rest < 0 || i < rest)),
    byName: new Map(others.filter(i => i !== rest && i !== named).map(i => [names[i] as string, i])),
    rest,
    named,
  }
  plans.set(parameters, plan)
  return plan
}

// What stands for an argument that was left out.
const ABSENT = Symbol('left out')

/**
 * Binds what was handed over to the signature and runs it. An undefined value or argument is the result, unless its
 * parameter takes undefined values. Whatever goes wrong inside is an error with the routine's name.
 */
export function invoke(name: string, { parameters, run }: Routine, given: Given, context: Context): unknown {
  const plan = planOf(parameters)
  const bound = bind(name, plan, given)
  const missing = missingIn(bound, plan.parameters)
  if (missing !== undefined) return missing
  try {
    return run(read(name, plan, bound) as never, context)
  } catch (error) {
    throw told(error, name)
  }
}

const missingIn = (bound: readonly unknown[], parameters: readonly Parameter<unknown>[]): Undefined | undefined => {
  for (let i = 0; i < bound.length; i++) {
    const parameter = parameters[i] as Parameter<unknown>
    if (parameter.lax === true) continue
    const value = bound[i]
    if (value instanceof Undefined) return value
    if (parameter.many === undefined) continue
    const found = Object.values(value as object).find(one => one instanceof Undefined)
    if (found !== undefined) return found as Undefined
  }
  return undefined
}

/** The values in the order of the parameters, as they came. */
const bind = (name: string, plan: Plan, { value, args, keywords }: Given): unknown[] => {
  const { names, parameters, byPosition, byName, rest, named } = plan
  const bound: unknown[] = new Array(names.length).fill(ABSENT)
  bound[0] = value
  for (let i = 0; i < args.length && i < byPosition.length; i++) bound[byPosition[i] as number] = args[i]
  if (rest >= 0) bound[rest] = args.slice(byPosition.length)
  else if (args.length > byPosition.length) throw tooMany(name, plan, args.length)
  const extra: Record<string, unknown> = {}
  for (const key of Object.keys(keywords)) {
    const at = byName.get(key)
    if (at === undefined) {
      if (named < 0) throw unknownArgument(name, key, [...byName.keys()])
      extra[key] = keywords[key]
    } else if (bound[at] !== ABSENT) throw new TypeError(`${name} is given '${key}' twice`)
    else bound[at] = keywords[key]
  }
  if (named >= 0) bound[named] = extra
  for (let i = 0; i < bound.length; i++)
    if (bound[i] === ABSENT && !Object.hasOwn(parameters[i] as object, 'fallback'))
      throw new TypeError(`${name} needs the argument '${names[i]}'`)
  return bound
}

const tooMany = (name: string, { names, byPosition }: Plan, count: number): TypeError =>
  new TypeError(
    byPosition.length === 0
      ? `${name} takes no arguments`
      : `${name} takes ${byPosition.length} argument${byPosition.length === 1 ? '' : 's'} (${byPosition.map(i => names[i]).join(', ')}), not ${count}`,
  )

const unknownArgument = (name: string, key: string, known: readonly string[]): TypeError =>
  new TypeError(
    `${name} has no argument '${key}'${known.length === 0 ? '' : didYouMean(key, known) || `: it has ${known.join(', ')}`}`,
  )

const read = (name: string, { names, parameters }: Plan, bound: readonly unknown[]): unknown => {
  const values: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i++) {
    const parameter = parameters[i] as Parameter<unknown>
    const value = bound[i]
    if (value === ABSENT) values[names[i] as string] = parameter.fallback
    else
      try {
        values[names[i] as string] = readOne(parameter, value)
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error
        throw new Mismatch(
          `${name} takes ${error.message}${i === 0 ? '' : ` as '${names[i]}'`}, not ${describe(value)}`,
        )
      }
  }
  return values
}

const readOne = ({ many, read: readValue }: Parameter<unknown>, value: unknown): unknown => {
  if (many === undefined) return readValue(value)
  if (many === 'rest') return (value as readonly unknown[]).map(one => readValue(one))
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, readValue(one)]))
}

// A routine fails with an error of JavaScript's own classes. Any other class comes from a value that it read: a variable may
// be rendered only then, and whatever its scope throws goes through unchanged.
const isOwn = (error: unknown): error is Error =>
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof SyntaxError ||
  error instanceof URIError ||
  (error instanceof Error && error.constructor === Error)

const told = (error: unknown, name: string): unknown => {
  if (error instanceof Mismatch || !isOwn(error)) return error
  if (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
    return new TypeError(`${name}: the value is nested too deeply`, { cause: error })
  const { message } = error
  return new TypeError(message.startsWith(name) ? message : `${name}: ${message}`, { cause: error })
}
