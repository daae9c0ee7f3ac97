import { type Chunks, finished } from '../chunks.ts'
import { TemplateError } from '../error.ts'
import type * as Tree from '../tree.ts'
import { iterate, solid, truthy } from '../values.ts'
import type { Compiler, Write } from './compiler.ts'
import { Env } from './env.ts'
import { setOwn } from './globals.ts'
import { compileMacro } from './macros.ts'

export const compileText =
  ({ text }: Tree.Text): Write =>
  (env, out) => {
    out.push(env.rendering.write(text))
  }

/** `{{ value }}`. What stands alone is handed on as it is: nothing of the template can change it afterwards. */
export const compileOutput = ({ value }: Tree.Output, compiler: Compiler, alone = false): Write => {
  const evaluate = compiler.expression(value)
  return (env, out) => {
    const result = evaluate(env)
    out.push(typeof result === 'string' ? env.rendering.write(result) : finished(result, !alone))
  }
}

export const compileDo = ({ value }: Tree.Do, compiler: Compiler): Write => {
  const evaluate = compiler.expression(value)
  return env => void solid(evaluate(env))
}

export const compileIf = (node: Tree.If, compiler: Compiler): Write => {
  const condition = compiler.expression(node.condition)
  const body = compiler.body(node.body)
  const otherwise = node.otherwise === null ? undefined : compiler.body(node.otherwise)
  return (env, out) => (truthy(solid(condition(env))) ? body(env, out) : otherwise?.(env, out))
}

export const compileWith = ({ body }: Tree.With, compiler: Compiler): Write => {
  const write = compiler.body(body)
  return (env, out) => write(env.inner(), out)
}

export const compileMacroStatement = (node: Tree.Macro, compiler: Compiler): Write => {
  const make = compileMacro(node, compiler)
  return env => env.set(node.name, make(env))
}

export const compileInclude = ({ template, at }: Tree.Include, compiler: Compiler): Write => {
  const name = compiler.expression(template)
  return (env, out) => {
    const { rendering, scope } = env
    const source = rendering.options.include?.(String(solid(name(env))))
    if (source === undefined) throw new TemplateError('include is not available here', at)
    rendering.deeper(
      () => new TemplateError('templates include each other too deeply', at),
      () => compiler.included(source)(new Env(scope, rendering, { includer: env }), out),
    )
  }
}

export const compileSet = ({ targets, value }: Tree.SetStatement, compiler: Compiler): Write => {
  const evaluate = compiler.expression(value)
  const assign = targets.map(target => assignment(target, compiler))
  return env => {
    const result = evaluate(env)
    const values = assign.length > 1 ? iterate(solid(result)) : [result]
    assign.forEach((to, i) => void to(env, values[i]))
  }
}

const assignment = (target: Tree.Name | Tree.Item, compiler: Compiler): ((env: Env, value: unknown) => void) => {
  if (target.kind === 'name') return (env, value) => env.set(target.name, value)
  const holder = compiler.expression(target.target)
  const key = compiler.expression(target.key)
  return (env, value) => {
    const held = holder(env)
    if (held === null || typeof held !== 'object')
      throw new TemplateError('only an item of a namespace can be set', target.at)
    setOwn(held, String(solid(key(env))), value)
  }
}

/** Statements one after the other. */
export const inOrder = (writes: readonly Write[]): Write => {
  const [first, second] = writes
  if (first === undefined) return () => {}
  if (second === undefined) return first
  return (env: Env, out: Chunks) => {
    for (const write of writes) write(env, out)
  }
}
