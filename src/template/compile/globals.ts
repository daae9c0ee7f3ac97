import { momentOf } from '../moment.ts'
import { anything, flag, nullable, optional, text } from '../parameters.ts'
import { invoke, routine } from '../routine.ts'
import { isDict, iterate, show, Undefined } from '../values.ts'
import { apart, type Callable, callable, type Keywords } from './callable.ts'
import type { Env } from './env.ts'

const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
  ['none', null],
])

/** `True`, `None` and the like. A variable of such a name hides it. */
export const constantNamed = (name: string): { readonly value: unknown } | undefined =>
  constants.has(name) ? { value: constants.get(name) } : undefined

/** `now(utc, fmt)`: the time as a datetime, or as a text of that format. */
const now = routine(
  { date: { read: (value: unknown): Date => value as Date }, utc: optional(flag, false), fmt: nullable(text) },
  ({ date, utc, fmt }) => {
    const moment = momentOf(date, utc)
    return fmt === null || fmt === '' ? moment : moment.strftime(fmt)
  },
)

/** `undef(hint)`: what is undefined on purpose, for a default that the user is to set. */
const undef = routine(
  { nothing: anything, hint: nullable(text) },
  ({ hint }) => new Undefined('undef()', { line: 1, column: 1, ...(hint === null ? {} : { why: hint }) }),
)

const LONGEST_RANGE = 1_000_000

const range =
  ({ rendering }: Env) =>
  (...args: readonly unknown[]): readonly number[] => {
    const [start, stop, step] =
      args.length === 1 ? [0, Number(args[0]), 1] : [Number(args[0]), Number(args[1]), Number(args[2] ?? 1)]
    if (!Number.isInteger(start) || !Number.isInteger(stop) || !Number.isInteger(step) || step === 0)
      throw new TypeError('range takes whole numbers')
    if ((stop - start) / step > LONGEST_RANGE) throw new RangeError('the range is too long')
    const list: number[] = []
    for (let i = start; step > 0 ? i < stop : i > stop; i += step) list.push(i)
    rendering.turns(list.length)
    return list
  }

const cycler = (...items: readonly unknown[]) => {
  let at = 0
  return {
    next: () => items[at++ % items.length],
    reset: () => {
      at = 0
      return null
    },
    get current() {
      return items[at % items.length]
    },
  }
}

const joiner = (separator: unknown = ', ') => {
  let used = false
  return () => {
    const written = used ? separator : ''
    used = true
    return written
  }
}

/** `dict({...}, a=1)` and `dict([[key, value]])`: a dict of its own. */
export const dictOf = (args: readonly unknown[], keywords: Keywords): Record<string, unknown> => {
  const [given] = args
  const pairs = isDict(given) ? Object.entries(given) : given === undefined ? [] : iterate(given).map(iterate)
  const dict: Record<string, unknown> = {}
  for (const [key, value] of [...pairs, ...Object.entries(keywords)]) setOwn(dict, show(key), value)
  return dict
}

/** An item whatever its key is called: `__proto__` is a key like others. */
export const setOwn = (dict: object, key: string, value: unknown): void => {
  Object.defineProperty(dict, key, { value, enumerable: true, configurable: true, writable: true })
}

const ask = ({ rendering, scope }: Env, args: readonly unknown[], keywords: Keywords): unknown => {
  const { lookup } = rendering.options
  if (lookup === undefined) throw new TypeError('lookup() is not available here')
  return lookup(String(args[0]), args.slice(1), keywords, scope)
}

const withKeywords = (call: (args: readonly unknown[], keywords: Keywords) => unknown): Callable =>
  callable(
    (...all) => {
      const { args, keywords } = apart(all)
      return call(args, keywords)
    },
    { keywords: true },
  )

const query = (env: Env): Callable =>
  withKeywords((args, keywords) => {
    const answer = ask(env, args, { ...keywords, wantlist: true })
    return Array.isArray(answer) ? answer : [answer]
  })

/** The functions that every template has. A variable of such a name hides one. */
const functions: ReadonlyMap<string, (env: Env) => Callable> = new Map<string, (env: Env) => Callable>([
  ['range', range],
  ['dict', () => withKeywords(dictOf)],
  ['namespace', () => withKeywords(dictOf)],
  ['cycler', () => cycler],
  ['joiner', () => joiner],
  ['lookup', env => withKeywords((args, keywords) => ask(env, args, keywords))],
  ['query', query],
  ['q', query],
  [
    'now',
    ({ rendering: { options, context } }) =>
      withKeywords((args, keywords) =>
        invoke('now', now, { value: options.now?.() ?? new Date(), args, keywords }, context),
      ),
  ],
  [
    'undef',
    ({ rendering: { context } }) =>
      withKeywords((args, keywords) => invoke('undef', undef, { value: null, args, keywords }, context)),
  ],
])

export const functionNamed = (name: string): ((env: Env) => Callable) | undefined => functions.get(name)

/** Names that need no variable. */
export const globalNames: ReadonlySet<string> = new Set([...functions.keys(), 'True', 'False', 'None', 'omit_'])
