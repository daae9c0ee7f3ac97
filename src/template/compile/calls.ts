import { didYouMean } from '../../text/did-you-mean.ts'
import { hiddenMethod } from '../access.ts'
import { TemplateError } from '../error.ts'
import { filters } from '../filters/all.ts'
import { invoke, type Routine, type Routines } from '../routine.ts'
import { tests } from '../tests/all.ts'
import type * as Tree from '../tree.ts'
import { solid } from '../values.ts'
import { isCallable } from './callable.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import type { Env } from './env.ts'
import { RECURSE } from './loops.ts'
import { pathOf, placed } from './placed.ts'

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
  const called = compiler.expression(callee)
  const { args, keywords } = compileArguments(node, compiler)
  const name = pathOf(callee)
  const method = callee.kind === 'item' && callee.key.kind === 'literal' ? callee.key.value : undefined
  const owner = callee.kind === 'item' && method !== undefined ? compiler.expression(callee.target) : undefined
  const evaluate: Evaluate = env => {
    let target = solid(called(env))
    // A key of a dict may hide the method of the same name.
    if (!isCallable(target) && owner !== undefined) target = hiddenMethod(solid(owner(env)), method)
    if (!isCallable(target)) throw new TypeError(`'${name}' cannot be called`)
    const given = args(env)
    const named = keywords(env)
    const takesNamed = target.keywords === true
    if (!takesNamed && Object.keys(named).length > 0) throw new TypeError(`'${name}' takes no named arguments`)
    if (target.lazy !== true) {
      given.forEach(solid)
      Object.values(named).forEach(solid)
    }
    return takesNamed ? target(...given, named) : target(...given)
  }
  return placed(node, name === 'loop' ? recursion(args, evaluate) : evaluate, callee.at)
}

// `loop(children)` runs the body of a recursive loop for them.
const recursion =
  (args: (env: Env) => readonly unknown[], otherwise: Evaluate): Evaluate =>
  env => {
    const again = env.find(RECURSE)
    return isCallable(again) ? again(solid(args(env)[0])) : otherwise(env)
  }
