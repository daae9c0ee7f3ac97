import { didYouMean } from '../../text/did-you-mean.ts'
import { callMethod, lookup, methodOf } from '../access.ts'
import { TemplateError } from '../error.ts'
import { filters } from '../filters/all.ts'
import { invoke, type Routine, type Routines } from '../routine.ts'
import { tests } from '../tests/all.ts'
import type * as Tree from '../tree.ts'
import { isDict, solid } from '../values.ts'
import { isCallable } from './callable.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import type { Env } from './env.ts'
import { RECURSE } from './loops.ts'
import { pathOf, placed, rootOf } from './placed.ts'

type Values = Readonly<Record<string, unknown>>

const NO_ARGUMENTS: readonly unknown[] = []
const NO_KEYWORDS: Values = Object.freeze({})

const compileArguments = ({ args, named }: Tree.Arguments, { expression }: Compiler) => {
  const positional = args.map(expression)
  const keywords = named.map(({ name, value }) => [name, expression(value)] as const)
  return {
    args: (env: Env): readonly unknown[] =>
      positional.length === 0 ? NO_ARGUMENTS : positional.map(argument => argument(env)),
    keywords: (env: Env): Values =>
      keywords.length === 0 ? NO_KEYWORDS : Object.fromEntries(keywords.map(([name, value]) => [name, value(env)])),
  }
}

const routineNamed = (kind: 'filter' | 'test', { name, at }: Tree.Filter | Tree.Test): Routine => {
  const all: Routines = kind === 'filter' ? filters : tests
  const found = Object.hasOwn(all, name) ? all[name] : undefined
  if (found !== undefined) return found
  throw new TemplateError(`there is no ${kind} '${name}'${didYouMean(name, Object.keys(all))}`, at)
}

const compileRoutine = (kind: 'filter' | 'test', node: Tree.Filter | Tree.Test, compiler: Compiler): Evaluate => {
  const { name } = node
  const routine = routineNamed(kind, node)
  const subject = compiler.expression(node.subject)
  const { args, keywords } = compileArguments(node, compiler)
  return placed(node, env =>
    invoke(name, routine, { value: subject(env), args: args(env), keywords: keywords(env) }, env.rendering.context),
  )
}

export const compileFilter = (node: Tree.Filter, compiler: Compiler): Evaluate =>
  compileRoutine('filter', node, compiler)

export const compileTest = (node: Tree.Test, compiler: Compiler): Evaluate => compileRoutine('test', node, compiler)

export const compileCall = (node: Tree.Call, compiler: Compiler): Evaluate => {
  const { callee } = node
  const name = pathOf(callee)
  const given = compileArguments(node, compiler)
  const call =
    callee.kind === 'item' && callee.key.kind === 'literal' && typeof callee.key.value === 'string'
      ? compileMethodCall(callee, callee.key.value, { given, compiler })
      : compilePlainCall(callee, { given, compiler })
  return placed(node, name === 'loop' ? recursion(given, call) : call, callee.at)
}

type Given = ReturnType<typeof compileArguments>
interface Calling {
  readonly given: Given
  readonly compiler: Compiler
}

const compilePlainCall = (callee: Tree.Expression, { given, compiler }: Calling): Evaluate => {
  const called = compiler.expression(callee)
  const name = pathOf(callee)
  return env => callWith(solid(called(env)), { name, args: given.args(env), keywords: given.keywords(env) })
}

/** `value.name(...)`: a callable that the value holds, or one of its methods. */
const compileMethodCall = (callee: Tree.Item, key: string, { given, compiler }: Calling): Evaluate => {
  const target = compiler.expression(callee.target)
  const name = pathOf(callee)
  const place = { ...rootOf(callee).at, path: name }
  return env => {
    const value = target(env)
    const held = isDict(value) && Object.hasOwn(value, key) ? value[key] : undefined
    const method = isCallable(held) ? undefined : methodOf(value, key)
    const args = given.args(env)
    const keywords = given.keywords(env)
    if (method === undefined) return callWith(solid(lookup(value, key, place)), { name, args, keywords })
    defined(args, keywords)
    return callMethod(key, method, { value, args, keywords })
  }
}

const defined = (args: readonly unknown[], keywords: Values): void => {
  for (const argument of args) solid(argument)
  if (keywords !== NO_KEYWORDS) for (const argument of Object.values(keywords)) solid(argument)
}

const callWith = (
  target: unknown,
  { name, args, keywords }: { readonly name: string; readonly args: readonly unknown[]; readonly keywords: Values },
): unknown => {
  if (!isCallable(target)) throw new TypeError(`'${name}' cannot be called`)
  if (target.lazy !== true) defined(args, keywords)
  if (target.keywords === true) return target(...args, keywords)
  if (Object.keys(keywords).length > 0) throw new TypeError(`'${name}' takes no named arguments`)
  return target(...args)
}

// `loop(children)` runs the body of a recursive loop for them.
const recursion =
  ({ args }: Given, otherwise: Evaluate): Evaluate =>
  env => {
    const again = env.find(RECURSE)
    return isCallable(again) ? again(solid(args(env)[0])) : otherwise(env)
  }
