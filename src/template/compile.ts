import type { Node } from 'mlplay-nunjucks-ast'
import { didYouMean } from '../text/did-you-mean.ts'
import { integer } from '../text/exact-number.ts'
import { contains, hiddenMethod, lookup, slice } from './access.ts'
import { type Chunks, finished, joined } from './chunks.ts'
import { contextOf } from './context.ts'
import { TemplateError } from './error.ts'
import { filters } from './filters/all.ts'
import { nowRoutine, undefRoutine } from './globals.ts'
import { bareName } from './names.ts'
import { operators } from './operators.ts'
import { type Context, invoke } from './routine.ts'
import { solid } from './solid.ts'
import type { Scope, TemplateOptions } from './template.ts'
import { tests } from './tests/all.ts'
import {
  BigInteger,
  compare,
  equal,
  Float,
  float,
  isDict,
  iterate,
  show,
  TextForNumber,
  Tuple,
  truthy,
  Undefined,
} from './values.ts'

/** What a piece of template runs in: outer variables, inner ones, and what it may ask for. */
export interface Frame {
  readonly scope: Scope
  readonly locals: Map<string, unknown>
  readonly parent: Frame | undefined
  readonly run: Run
}

/** One rendering: its options and what is left of its budget. */
export interface Run {
  readonly options: TemplateOptions
  readonly context: Context
  /** Compiles a template that is included. */
  readonly body: (source: string) => Writer
  turns: number
  characters: number
  depth: number
}

export type Closure = (frame: Frame) => unknown
export type Writer = (frame: Frame, out: Chunks) => void

// No name of a template's own can hold a blank.
const RECURSE = 'loop recursion'
const MOST_TURNS = 1_000_000
const MOST_CHARACTERS = 16 * 1024 * 1024
const DEEPEST = 200

export const newRun = (options: TemplateOptions, body: Run['body']): Run => ({
  options,
  context: contextOf(options),
  body,
  turns: 0,
  characters: 0,
  depth: 0,
})
export const inner = (frame: Frame): Frame => ({
  scope: frame.scope,
  locals: new Map(),
  parent: frame,
  run: frame.run,
})

const placeOf = (node: Node) => ({ line: node.lineno + 1, column: node.colno + 1 })

const find = (frame: Frame, name: string): { readonly found: boolean; readonly value?: unknown } => {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent)
    if (at.locals.has(name)) return { found: true, value: at.locals.get(name) }
  return { found: false }
}

const globals: Readonly<Record<string, (frame: Frame) => unknown>> = {
  range:
    frame =>
    (...args: unknown[]) => {
      const [start, stop, step] =
        args.length === 1 ? [0, Number(args[0]), 1] : [Number(args[0]), Number(args[1]), Number(args[2] ?? 1)]
      if (!Number.isInteger(start) || !Number.isInteger(stop) || !Number.isInteger(step) || step === 0)
        throw new TypeError('range takes whole numbers')
      if ((stop - start) / step > MOST_TURNS) throw new RangeError('the range is too long')
      const list: number[] = []
      for (let i = start; step > 0 ? i < stop : i > stop; i += step) list.push(i)
      frame.run.turns += list.length
      return list
    },
  dict:
    () =>
    (...args: unknown[]) =>
      dictOf(args),
  namespace:
    () =>
    (...args: unknown[]) =>
      dictOf(args),
  cycler:
    () =>
    (...items: unknown[]) => {
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
    },
  joiner:
    () =>
    (separator: unknown = ', ') => {
      let used = false
      return () => {
        const text = used ? separator : ''
        used = true
        return text
      }
    },
  lookup:
    frame =>
    (...args: unknown[]) =>
      ask(frame, args),
  query:
    frame =>
    (...args: unknown[]) => {
      const answer = ask(frame, [...args.slice(0, -1), { ...(args.at(-1) as object), wantlist: true }])
      return Array.isArray(answer) ? answer : [answer]
    },
  q: frame => globals['query']?.(frame),
  now:
    frame =>
    (...all: unknown[]) => {
      const given = {
        value: frame.run.options.now?.() ?? new Date(),
        args: all.slice(0, -1),
        keywords: keywordsOf(all),
      }
      return invoke('now', nowRoutine, given, frame.run.context)
    },
  undef:
    frame =>
    (...all: unknown[]) =>
      invoke(
        'undef',
        undefRoutine,
        { value: null, args: all.slice(0, -1), keywords: keywordsOf(all) },
        frame.run.context,
      ),
}
const withKeywords = new Set(['dict', 'namespace', 'lookup', 'query', 'q', 'now', 'undef'])
const keywordsOf = (all: readonly unknown[]) => all.at(-1) as Readonly<Record<string, unknown>>

/** `dict({...}, a=1)` and `dict([[key, value]])`: the named arguments come last. */
const dictOf = (args: readonly unknown[]): Record<string, unknown> => {
  const [given] = args.length > 1 ? args : []
  const pairs = isDict(given) ? Object.entries(given) : given === undefined ? [] : iterate(given).map(iterate)
  const dict: Record<string, unknown> = {}
  for (const [key, value] of [...pairs, ...Object.entries(args.at(-1) as object)])
    Object.defineProperty(dict, show(key), { value, enumerable: true, configurable: true, writable: true })
  return dict
}

const ask = (frame: Frame, args: readonly unknown[]): unknown => {
  const answer = frame.run.options.lookup
  if (answer === undefined) throw new TypeError('lookups are not to be had here')
  const keywords = args.at(-1) as Readonly<Record<string, unknown>>
  return answer(String(args[0]), args.slice(1, -1), keywords, frame.scope)
}

export const globalNames: ReadonlySet<string> = new Set([...Object.keys(globals), 'True', 'False', 'None', 'omit_'])
const constants: Readonly<Record<string, unknown>> = {
  True: true,
  False: false,
  None: null,
  true: true,
  false: false,
  none: null,
}

const resolve = (frame: Frame, node: Node, name: string): unknown => {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
    const local = at.locals.get(name)
    if (local !== undefined || at.locals.has(name)) return local
  }
  if (frame.scope.has(name)) {
    const value = frame.scope.get(name)
    if (value !== undefined) return value
  }
  if (Object.hasOwn(constants, name)) return constants[name]
  const global = Object.hasOwn(globals, name) ? globals[name] : undefined
  if (global !== undefined) return Object.assign(global(frame) as object, { keywords: withKeywords.has(name) })
  return new Undefined(name, placeOf(node))
}

// Any error of an operation is told at the node where it happened.
const placed =
  (node: Node, action: Closure): Closure =>
  frame => {
    try {
      return action(frame)
    } catch (error) {
      throw asTemplateError(error, node)
    }
  }

const asTemplateError = (error: unknown, node: Node): unknown => {
  if (!(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError)) return error
  const culprit = error instanceof TextForNumber ? operand(node, error.side) : undefined
  const named = culprit?.typename === 'Symbol' || culprit?.typename === 'LookupVal' ? pathOf(culprit) : undefined
  const message = error instanceof TextForNumber && named !== undefined ? error.naming(named) : error.message
  return new TemplateError(message, { ...placeOf(node), cause: error })
}

const operand = (node: Node, side: 'left' | 'right'): Node | undefined => {
  if (node.typename !== 'Compare') return Object.hasOwn(operators, node.typename) ? node[side] : undefined
  if (node.ops.length > 1) return undefined
  return side === 'left' ? node.expr : node.ops[0]?.expr
}

const rootOf = (node: Node): Node => (node.typename === 'LookupVal' ? rootOf(node.target) : node)

const pathOf = (node: Node): string => {
  if (node.typename === 'Symbol') return String(node.value)
  if (node.typename === 'LookupVal')
    return node.val.typename === 'Literal' && typeof node.val.value === 'string'
      ? `${pathOf(node.target)}.${node.val.value}`
      : `${pathOf(node.target)}[...]`
  return 'value'
}

export function compileExpression(node: Node): Closure {
  switch (node.typename) {
    case 'Literal': {
      const { value } = node
      if (value instanceof RegExp) return () => value.source
      return () => value
    }
    case 'Symbol': {
      const name = String(node.value)
      return frame => resolve(frame, node, name)
    }
    case 'Group':
      return compileGroup(node)
    case 'Array': {
      const items = node.children.map(compileExpression)
      return frame => items.map(item => item(frame))
    }
    case 'Dict':
      return compileDict(node)
    case 'LookupVal':
      return compileLookup(node)
    case 'InlineIf': {
      const cond = compileExpression(node.cond)
      const body = compileExpression(node.body)
      const otherwise = node.else_ === null ? nothing(node) : compileExpression(node.else_)
      return frame => (truthy(solid(cond(frame))) ? body(frame) : otherwise(frame))
    }
    case 'Or':
    case 'And': {
      const left = compileExpression(node.left)
      const right = compileExpression(node.right)
      const stop = node.typename === 'Or'
      return frame => {
        const value = solid(left(frame))
        return truthy(value) === stop ? value : solid(right(frame))
      }
    }
    case 'Not': {
      const target = compileExpression(node.target)
      return frame => !truthy(solid(target(frame)))
    }
    case 'Neg':
    case 'Pos': {
      const target = compileExpression(node.target)
      const sign = node.typename === 'Neg' ? -1 : 1
      return placed(node, frame => {
        const value = solid(target(frame))
        if (value instanceof Float) return float(sign * value.value)
        if (typeof value === 'boolean') return sign * Number(value)
        if (value instanceof BigInteger) return integer(BigInt(sign) * value.value)
        if (typeof value !== 'number') throw new TypeError('a number is expected after a sign')
        return sign * value + 0
      })
    }
    case 'Compare':
      return compileCompare(node)
    case 'Is':
      return compileTest(node)
    case 'Filter':
      return compileFilter(node)
    case 'FunCall':
      return compileCall(node)
    case 'Capture': {
      const body = compileBody(node.body)
      return frame => {
        const out: Chunks = []
        body(frame, out)
        return joined(out, text => spend(frame, text))
      }
    }
    case 'Caller':
      return compileMacro(node)
    default: {
      const operator = operators[node.typename]
      if (operator === undefined)
        throw new TemplateError(`'${node.typename}' is not supported in an expression`, placeOf(node))
      const left = compileExpression(node.left)
      const right = compileExpression(node.right)
      return placed(node, frame => operator(solid(left(frame)), solid(right(frame))))
    }
  }
}

// What an inline `if` without `else` gives: nothing in a text, and a case for `default`.
const nothing = (node: Node): Closure => {
  const none = new Undefined('the value of an if without else', { ...placeOf(node), silent: true })
  return () => none
}

const compileGroup = (node: Node): Closure => {
  const items = node.children.map(compileExpression)
  const [only] = items
  if (items.length === 1 && only !== undefined && (node as { tuple?: boolean }).tuple !== true) return only
  return frame => Tuple.of_(...items.map(item => item(frame)))
}

const compileDict = (node: Node): Closure => {
  const pairs = node.children.map(pair => [compileExpression(pair.key), compileExpression(pair.value as Node)] as const)
  return frame => {
    const dict: Record<string, unknown> = {}
    for (const [key, value] of pairs)
      Object.defineProperty(dict, show(solid(key(frame))), {
        value: value(frame),
        enumerable: true,
        configurable: true,
        writable: true,
      })
    return dict
  }
}

const compileLookup = (node: Node): Closure => {
  const target = compileExpression(node.target)
  const parts = (node.val as { parts?: readonly (Node | null)[] }).parts
  if (parts !== undefined) {
    const [start, stop, step] = parts.map(part => (part === null ? () => null : compileExpression(part)))
    return placed(node, frame =>
      slice(
        solid(target(frame)),
        [solid(start?.(frame)), solid(stop?.(frame)), solid(step?.(frame))].map(part => part ?? null) as [
          unknown,
          unknown,
          unknown,
        ],
      ),
    )
  }
  const key = compileExpression(node.val)
  const place = { ...placeOf(rootOf(node)), path: pathOf(node) }
  return frame => lookup(target(frame), solid(key(frame)), place)
}

const comparers: Readonly<Record<string, (a: unknown, b: unknown) => boolean>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => compare(a, b) < 0,
  '>': (a, b) => compare(a, b) > 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>=': (a, b) => compare(a, b) >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
}

const compileCompare = (node: Node): Closure => {
  const first = compileExpression(node.expr)
  const rest = node.ops.map(op => ({
    holds: comparers[op.type] as (a: unknown, b: unknown) => boolean,
    value: compileExpression(op.expr),
  }))
  return placed(node, frame => {
    let left = solid(first(frame))
    for (const { holds, value } of rest) {
      const right = solid(value(frame))
      if (!holds(left, right)) return false
      left = right
    }
    return true
  })
}

const NO_ARGUMENTS: readonly unknown[] = []
const NO_KEYWORDS: Readonly<Record<string, unknown>> = Object.freeze({})

const argumentsOf = (node: Node | undefined) => {
  const children = node?.children ?? []
  const keywords = children.find(child => child.typename === 'KeywordArgs')
  const positional = children.filter(child => child.typename !== 'KeywordArgs').map(compileExpression)
  const named = (keywords?.children ?? []).map(
    pair => [String(pair.key.value), compileExpression(pair.value as Node)] as const,
  )
  return {
    list: (frame: Frame) => positional.map(arg => solid(arg(frame))),
    raw: (frame: Frame) => (positional.length === 0 ? NO_ARGUMENTS : positional.map(arg => arg(frame))),
    keywords: (frame: Frame) =>
      named.length === 0 ? NO_KEYWORDS : Object.fromEntries(named.map(([name, arg]) => [name, solid(arg(frame))])),
    rawKeywords: (frame: Frame) =>
      named.length === 0 ? NO_KEYWORDS : Object.fromEntries(named.map(([name, arg]) => [name, arg(frame)])),
  }
}

const unknown = (kind: 'filter' | 'test', name: string, node: Node): never => {
  const names = Object.keys(kind === 'filter' ? filters : tests)
  throw new TemplateError(`there is no ${kind} '${name}'${didYouMean(name, names)}`, placeOf(node))
}

const compileTest = (node: Node): Closure => {
  const call = node.right
  const name = bareName(String(call.typename === 'FunCall' ? call.name.value : call.value))
  const test = (Object.hasOwn(tests, name) ? tests[name] : undefined) ?? unknown('test', name, node)
  const subject = compileExpression(node.left)
  const args = argumentsOf(call.typename === 'FunCall' ? call.args : undefined)
  return placed(node, frame =>
    invoke(
      name,
      test,
      { value: subject(frame), args: args.raw(frame), keywords: args.rawKeywords(frame) },
      frame.run.context,
    ),
  )
}

const compileFilter = (node: Node): Closure => {
  const name = bareName(String(node.name.value))
  const filter = (Object.hasOwn(filters, name) ? filters[name] : undefined) ?? unknown('filter', name, node.name)
  const [subjectNode, ...rest] = node.args.children
  const subject = compileExpression(subjectNode as Node)
  const args = argumentsOf({ ...node.args, children: rest } as Node)
  return placed(node.name, frame =>
    invoke(
      name,
      filter,
      { value: subject(frame), args: args.raw(frame), keywords: args.rawKeywords(frame) },
      frame.run.context,
    ),
  )
}

const compileCall = (node: Node): Closure => {
  const callee = compileExpression(node.name)
  const args = argumentsOf(node.args)
  const name = pathOf(node.name)
  const owner =
    node.name.typename === 'LookupVal' && node.name.val.typename === 'Literal'
      ? compileExpression(node.name.target)
      : undefined
  return placed(node.name, frame => {
    // `loop(children)` runs a recursive loop's body for them.
    const again = name === 'loop' ? find(frame, RECURSE) : undefined
    if (typeof again?.value === 'function') return (again.value as (items: unknown) => unknown)(args.list(frame)[0])
    let target = solid(callee(frame))
    if (typeof target !== 'function' && owner !== undefined)
      target = hiddenMethod(solid(owner(frame)), node.name.val.value)
    if (typeof target !== 'function') throw new TypeError(`'${name}' cannot be called`)
    const keywords = (target as { lazy?: boolean }).lazy === true ? args.rawKeywords(frame) : args.keywords(frame)
    const wants = (target as { keywords?: boolean }).keywords === true
    if (!wants && Object.keys(keywords).length > 0) throw new TypeError(`'${name}' takes no named arguments`)
    const lazy = (target as { lazy?: boolean }).lazy === true
    return target(...(lazy ? args.raw(frame) : args.list(frame)), ...(wants ? [keywords] : []))
  })
}

/** `{% macro %}` and the body of `{% call %}`: a callable that gives text. */
export const compileMacro = (node: Node): Closure => {
  const names = node.args.children.filter(child => child.typename !== 'KeywordArgs').map(child => String(child.value))
  const defaults = (node.args.children.find(child => child.typename === 'KeywordArgs')?.children ?? []).map(
    pair => [String(pair.key.value), compileExpression(pair.value as Node)] as const,
  )
  const body = compileBody(node.body)
  const called = String(node.name.value)
  const reads = symbolsIn(node.body)
  return frame => {
    const callable = (...all: unknown[]) => {
      const keywords = all.at(-1) as Readonly<Record<string, unknown>>
      const given = all.slice(0, -1)
      const own = inner(frame)
      if (++frame.run.depth > DEEPEST) throw new RangeError('macros call each other too deeply')
      const order = [...names, ...defaults.map(([name]) => name)]
      const named = Object.entries(keywords).filter(([name]) => name !== 'caller' && !order.includes(name))
      if (given.length > order.length && !reads.has('varargs'))
        throw new TypeError(`'${called}' takes ${order.length} arguments, these are ${given.length}`)
      const [surplus] = named
      if (surplus !== undefined && !reads.has('kwargs'))
        throw new TypeError(`'${called}' has no argument '${surplus[0]}'`)
      if (reads.has('varargs')) own.locals.set('varargs', Tuple.of_(...given.slice(order.length)))
      if (reads.has('kwargs')) own.locals.set('kwargs', dictOf([Object.fromEntries(named)]))
      order.forEach((name, i) => {
        if (i < given.length) own.locals.set(name, given[i])
        else if (Object.hasOwn(keywords, name)) own.locals.set(name, keywords[name])
      })
      for (const [name, value] of defaults) if (!own.locals.has(name)) own.locals.set(name, value(own))
      for (const name of names) if (!own.locals.has(name)) own.locals.set(name, new Undefined(name, placeOf(node)))
      if (Object.hasOwn(keywords, 'caller')) own.locals.set('caller', keywords['caller'])
      const out: Chunks = []
      body(own, out)
      frame.run.depth--
      return joined(out, text => spend(frame, text))
    }
    return Object.assign(callable, { keywords: true, lazy: true })
  }
}

/** All names that a piece of a template reads. */
const symbolsIn = (node: unknown, found: Set<string> = new Set()): ReadonlySet<string> => {
  if (Array.isArray(node)) for (const item of node) symbolsIn(item, found)
  else if (node !== null && typeof node === 'object') {
    if ('typename' in node && node.typename === 'Symbol') found.add(String((node as Node).value))
    for (const item of Object.values(node)) if (typeof item === 'object') symbolsIn(item, found)
  }
  return found
}

/** Counts a piece of text against what one rendering may write. */
export const spend = (frame: Frame, text: string): string => {
  frame.run.characters += text.length
  if (frame.run.characters > MOST_CHARACTERS) throw new RangeError('the rendered text is too long')
  return text
}

export function compileBody(node: Node): Writer {
  const writers = node.children.map(compileStatement)
  const own = (node as { scope?: boolean }).scope === true
  return (frame, out) => {
    const inside = own ? inner(frame) : frame
    for (const write of writers) write(inside, out)
  }
}

const compileStatement = (node: Node): Writer => {
  switch (node.typename) {
    case 'Output': {
      const parts = node.children.map(child =>
        child.typename === 'TemplateData' ? constant(String(child.value)) : compileExpression(child),
      )
      const { silent, alone } = node as { silent?: boolean; alone?: boolean }
      return (frame, out) => {
        for (const part of parts) {
          const value = part(frame)
          if (silent === true) solid(value)
          else out.push(typeof value === 'string' ? spend(frame, value) : finished(value, !alone))
        }
      }
    }
    case 'NodeList':
    case 'Root':
      return compileBody(node)
    case 'If':
      return compileIf(node)
    case 'For':
      return compileFor(node)
    case 'Set':
      return compileSet(node)
    case 'Macro': {
      const macro = compileMacro(node)
      const name = String(node.name.value)
      return frame => {
        frame.locals.set(name, macro(frame))
      }
    }
    case 'Include': {
      const name = compileExpression(node.template)
      return (frame, out) => {
        const text = frame.run.options.include?.(String(solid(name(frame))))
        if (text === undefined) throw new TemplateError('include is not to be had here', placeOf(node))
        if (++frame.run.depth > DEEPEST)
          throw new TemplateError('templates include each other too deeply', placeOf(node))
        frame.run.body(text)(inner(frame), out)
        frame.run.depth--
      }
    }
    default:
      throw new TemplateError(
        `{% ${tagOf[node.typename] ?? node.typename.toLowerCase()} %} is not supported`,
        placeOf(node),
      )
  }
}

const tagOf: Readonly<Record<string, string>> = { FromImport: 'from', TemplateRef: 'extends' }

const constant =
  (text: string): Closure =>
  () =>
    text

const compileIf = (node: Node): Writer => {
  const cond = compileExpression(node.cond)
  const body = compileBody(node.body)
  const otherwise =
    node.else_ === null || node.else_ === undefined
      ? undefined
      : node.else_.typename === 'If'
        ? compileIf(node.else_)
        : compileBody(node.else_)
  return (frame, out) => (truthy(solid(cond(frame))) ? body(frame, out) : otherwise?.(frame, out))
}

/** Gives the names of a loop their values; `(a, (b, c))` takes lists apart. */
const unpack = (locals: Map<string, unknown>, target: Node, value: unknown): void => {
  if (target.typename === 'Symbol') {
    locals.set(String(target.value), value)
    return
  }
  const values = iterate(value)
  if (values.length !== target.children.length)
    throw new TemplateError(
      `${target.children.length} values are expected in each turn, there are ${values.length}`,
      placeOf(target),
    )
  target.children.forEach((inside, i) => void unpack(locals, inside, values[i]))
}

const compileFor = (node: Node): Writer => {
  // `for x in list if cond` arrives as an inline if without else.
  const filtered = node.arr.typename === 'InlineIf' && node.arr.else_ === null
  const list = compileExpression(filtered ? node.arr.body : node.arr)
  const keep = filtered ? compileExpression(node.arr.cond) : undefined
  const body = compileBody(node.body)
  const otherwise = node.else_ === null || node.else_ === undefined ? undefined : compileBody(node.else_)
  const recursive = (node as { recursive?: boolean }).recursive === true
  const bind = (frame: Frame, item: unknown): Frame => {
    const own = inner(frame)
    unpack(own.locals, node.name, item)
    return own
  }
  const turns = (frame: Frame, out: Chunks, { given, depth }: { readonly given: unknown; readonly depth: number }) => {
    let items: readonly unknown[]
    try {
      items = iterate(given)
    } catch (error) {
      throw asTemplateError(error, node.arr)
    }
    const kept = keep === undefined ? items : items.filter(item => truthy(solid(keep(bind(frame, item)))))
    if (kept.length === 0) return otherwise?.(frame, out)
    let before: { readonly value: unknown } | undefined
    const again = (more: unknown): unknown => {
      if (++frame.run.depth > DEEPEST) throw new RangeError('the loop goes too deep')
      const inside: Chunks = []
      turns(frame, inside, { given: more, depth: depth + 1 })
      frame.run.depth--
      return joined(inside, text => spend(frame, text))
    }
    const { length } = kept
    const changed = (...values: unknown[]) => {
      const same = before !== undefined && equal(before.value, values)
      before = { value: values }
      return !same
    }
    // A plain loop inside of a recursive one hides it.
    const recurses = recursive || find(frame, RECURSE).found
    for (let i = 0; i < length; i++) {
      if (++frame.run.turns > MOST_TURNS) throw new TemplateError('the loop has too many turns', placeOf(node))
      const own = bind(frame, kept[i])
      const loop: Record<string, unknown> = {
        index: i + 1,
        index0: i,
        revindex: length - i,
        revindex0: length - i - 1,
        first: i === 0,
        last: i === length - 1,
        length,
        depth,
        depth0: depth - 1,
        cycle: (...values: unknown[]) => values[i % values.length],
        changed,
      }
      if (i > 0) loop['previtem'] = kept[i - 1]
      if (i < length - 1) loop['nextitem'] = kept[i + 1]
      own.locals.set('loop', loop)
      if (recurses) own.locals.set(RECURSE, recursive ? again : undefined)
      body(own, out)
    }
  }
  return (frame, out) => turns(frame, out, { given: solid(list(frame)), depth: 1 })
}

const compileSet = (node: Node): Writer => {
  const value = compileExpression(node.value as Node)
  return frame => {
    const result = value(frame)
    const many = node.targets.length > 1
    const values = many ? iterate(solid(result)) : [result]
    node.targets.forEach((target, i) => {
      if (target.typename === 'Symbol') frame.locals.set(String(target.value), values[i])
      else {
        const holder = compileExpression(target.target)(frame)
        if (holder === null || typeof holder !== 'object')
          throw new TemplateError('only an item of a namespace can be set', placeOf(target))
        Object.defineProperty(holder, String(target.val.value), {
          value: values[i],
          enumerable: true,
          configurable: true,
          writable: true,
        })
      }
    })
  }
}
