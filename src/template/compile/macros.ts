import { type Chunks, joined } from '../chunks.ts'
import { namesIn } from '../names-in.ts'
import type * as Tree from '../tree.ts'
import { Tuple, Undefined } from '../values.ts'
import { apart, type Callable, callable, type Keywords } from './callable.ts'
import type { Compiler } from './compiler.ts'
import type { Env } from './env.ts'
import { setOwn } from './globals.ts'

/** `{% macro %}` and the body of `{% call %}`: what makes a callable that gives text. */
export const compileMacro = (node: Tree.Macro | Tree.Caller, compiler: Compiler): ((env: Env) => Callable) => {
  const { name, at } = node
  const parameters = node.parameters.map(parameter => ({
    name: parameter.name,
    fallback: parameter.fallback === null ? undefined : compiler.expression(parameter.fallback),
    missing: new Undefined(parameter.name, at),
  }))
  const body = compiler.body(node.body)
  const reads = namesIn(node.body)
  const [varargs, kwargs] = [reads.has('varargs'), reads.has('kwargs')]

  const order = new Map(parameters.map((parameter, i) => [parameter.name, i]))

  /** The named arguments that no parameter takes. */
  const surplus = (keywords: Keywords): Record<string, unknown> => {
    const others: Record<string, unknown> = {}
    for (const key of Object.keys(keywords)) {
      if (key === 'caller' || order.has(key)) continue
      if (!kwargs) throw new TypeError(`'${name}' has no argument '${key}'`)
      setOwn(others, key, keywords[key])
    }
    return others
  }

  const bind = (own: Env, args: readonly unknown[], keywords: Keywords): void => {
    if (args.length > parameters.length && !varargs)
      throw new TypeError(`'${name}' takes ${parameters.length} arguments, these are ${args.length}`)
    const others = surplus(keywords)
    if (varargs) own.set('varargs', Tuple.of_(...args.slice(parameters.length)))
    if (kwargs) own.set('kwargs', others)
    for (const [key, i] of order)
      if (i < args.length) own.set(key, args[i])
      else if (Object.hasOwn(keywords, key)) own.set(key, keywords[key])
    // A fallback may read the parameters that were given.
    for (const { name: key, fallback, missing } of parameters)
      if (!own.hasOwn(key)) own.set(key, fallback === undefined ? missing : fallback(own))
    if (Object.hasOwn(keywords, 'caller')) own.set('caller', keywords['caller'])
  }

  return env => {
    const call = (...all: readonly unknown[]): unknown => {
      const { args, keywords } = apart(all)
      const { rendering } = env
      return rendering.deeper(
        () => new RangeError('macros call each other too deeply'),
        () => {
          const own = env.inner()
          bind(own, args, keywords)
          const out: Chunks = []
          body(own, out)
          return joined(out, text => rendering.write(text))
        },
      )
    }
    return callable(call, { keywords: true, lazy: true })
  }
}
