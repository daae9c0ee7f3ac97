import { didYouMean } from '../text/did-you-mean.ts'
import { describe, Mismatch, type Parameter } from './parameters.ts'
import type { TemplateOptions } from './scope.ts'
import { Undefined } from './values.ts'

/** What a filter, test or method may ask of the rendering that it is a part of. */
export interface Context {
  readonly options: TemplateOptions
  /** Counts work of an amount that nobody can foresee (steps of a regular expression). Throws when there was too much. */
  readonly spend: (steps: number) => void
  /** Another filter or test, to be applied many times; `undefined` when there is none of that name. */
  readonly find: (kind: 'filter' | 'test', name: string) => ((given: Given) => unknown) | undefined
}

/** What a template hands over: the value before the bar (the `is`, the dot), then the arguments as they are written. */
export interface Given {
  readonly value: unknown
  readonly args: readonly unknown[]
  readonly keywords: Readonly<Record<string, unknown>>
}

/** A filter, a test or a method: its signature, and what it does with arguments that fit it. */
export interface Routine {
  readonly signature: Signature
  readonly run: (values: never, context: Context) => unknown
}
export type Routines = Readonly<Record<string, Routine>>

type Parameters_ = Readonly<Record<string, Parameter<unknown>>>
type Values<P extends Parameters_> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never }

/** The first parameter is the value itself; the others are bound by position in the order in which they are written, or by name. */
export const routine = <P extends Parameters_>(
  parameters: P,
  run: (values: Values<P>, context: Context) => unknown,
): Routine => ({ signature: signatureOf(parameters), run })

/** What parameters say, read once: a template may call a filter a million times. */
interface Signature {
  readonly names: readonly string[]
  readonly parameters: readonly Parameter<unknown>[]
  /** What may be left out, by index. */
  readonly optional: readonly boolean[]
  /** Indexes of the parameters that positional arguments are bound to. */
  readonly byPosition: readonly number[]
  readonly byName: ReadonlyMap<string, number>
  /** Index of the parameter that takes all further arguments by position, or by name; -1 without one. */
  readonly rest: number
  readonly named: number
}

const signatureOf = (parameters: Parameters_): Signature => {
  const names = Object.keys(parameters)
  const list = Object.values(parameters)
  const rest = list.findIndex(one => one.many === 'rest')
  const named = list.findIndex(one => one.many === 'named')
  const others = names.map((_, i) => i).slice(1)
  return {
    names,
    parameters: list,
    optional: list.map(one => Object.hasOwn(one, 'fallback')),
    byPosition: others.filter(i => i !== named && (rest < 0 || i < rest)),
    byName: new Map(others.filter(i => i !== rest && i !== named).map(i => [names[i] as string, i])),
    rest,
    named,
  }
}

// What stands for an argument that was left out.
const ABSENT = Symbol('left out')

/**
 * Binds what was handed over to the signature and runs it. An undefined value or argument is the result, unless its
 * parameter takes undefined values. Whatever goes wrong inside is an error with the routine's name.
 */
export function invoke(name: string, { signature, run }: Routine, given: Given, context: Context): unknown {
  const bound = bind(name, signature, given)
  const missing = missingIn(bound, signature.parameters)
  if (missing !== undefined) return missing
  try {
    return run(read(name, signature, bound) as never, context)
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
const bind = (name: string, signature: Signature, { value, args, keywords }: Given): unknown[] => {
  const { names, optional, byPosition, rest, named } = signature
  const bound: unknown[] = [value]
  for (let i = 1; i < names.length; i++) bound.push(ABSENT)
  const given = Math.min(args.length, byPosition.length)
  for (let i = 0; i < given; i++) bound[byPosition[i] as number] = args[i]
  if (rest >= 0) bound[rest] = args.slice(byPosition.length)
  else if (args.length > byPosition.length) throw tooMany(name, signature, args.length)
  const extra = bindNamed(name, signature, { keywords, bound })
  if (named >= 0) bound[named] = extra
  for (let i = 0; i < bound.length; i++)
    if (bound[i] === ABSENT && optional[i] !== true) throw new TypeError(`${name} needs the argument '${names[i]}'`)
  return bound
}

/** Binds the named arguments; gives those that no parameter is named for. */
const bindNamed = (
  name: string,
  { byName, named }: Signature,
  { keywords, bound }: { readonly keywords: Given['keywords']; readonly bound: unknown[] },
): Readonly<Record<string, unknown>> => {
  const extra: Record<string, unknown> = {}
  for (const key of Object.keys(keywords)) {
    const at = byName.get(key)
    if (at === undefined) {
      if (named < 0) throw unknownArgument(name, key, [...byName.keys()])
      extra[key] = keywords[key]
    } else if (bound[at] !== ABSENT) throw new TypeError(`${name} is given '${key}' twice`)
    else bound[at] = keywords[key]
  }
  return extra
}

const tooMany = (name: string, { names, byPosition }: Signature, count: number): TypeError =>
  new TypeError(
    byPosition.length === 0
      ? `${name} takes no arguments`
      : `${name} takes ${byPosition.length} argument${byPosition.length === 1 ? '' : 's'} (${byPosition.map(i => names[i]).join(', ')}), not ${count}`,
  )

const unknownArgument = (name: string, key: string, known: readonly string[]): TypeError =>
  new TypeError(
    `${name} has no argument '${key}'${known.length === 0 ? '' : didYouMean(key, known) || `: it has ${known.join(', ')}`}`,
  )

const read = (name: string, { names, parameters }: Signature, bound: readonly unknown[]): unknown => {
  const values: Record<string, unknown> = {}
  let i = 0
  try {
    for (; i < names.length; i++) {
      const parameter = parameters[i] as Parameter<unknown>
      values[names[i] as string] = bound[i] === ABSENT ? parameter.fallback : readOne(parameter, bound[i])
    }
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error
    throw new Mismatch(`${name} takes ${error.message}${i === 0 ? '' : ` as '${names[i]}'`}, not ${describe(bound[i])}`)
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
