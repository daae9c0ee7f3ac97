import { integer } from '../../text/exact-number.ts'
import { contains, lookup, slice } from '../access.ts'
import { type Chunks, joined } from '../chunks.ts'
import { operators } from '../operators.ts'
import type * as Tree from '../tree.ts'
import { BigInteger, compare, equal, Float, float, show, solid, Tuple, truthy, Undefined } from '../values.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { UNSET } from './env.ts'
import { constantNamed, functionNamed, setOwn } from './globals.ts'
import { pathOf, placed, rootOf } from './placed.ts'

/** A name: what the template set, then a variable, then what every template has. */
export const compileName = ({ name, at }: Tree.Name, { sets }: Compiler): Evaluate => {
  const mayBeSet = sets(name)
  const constant = constantNamed(name)
  const makeFunction = functionNamed(name)
  const missing = new Undefined(name, at)
  return env => {
    if (mayBeSet || env.includer !== undefined) {
      const local = mayBeSet ? env.find(name) : env.includer?.find(name)
      if (local !== UNSET) return local
    }
    const value = env.scope.get(name)
    if (value !== undefined) return value
    if (constant !== undefined) return constant.value
    return makeFunction === undefined ? missing : makeFunction(env)
  }
}

const all = (
  nodes: readonly Tree.Expression[],
  { expression }: Compiler,
): ((env: Parameters<Evaluate>[0]) => unknown[]) => {
  const items = nodes.map(expression)
  return env => items.map(item => item(env))
}

export const compileList = ({ items }: Tree.List, compiler: Compiler): Evaluate => all(items, compiler)

export const compileTuple = ({ items }: Tree.Tuple, compiler: Compiler): Evaluate => {
  const values = all(items, compiler)
  return env => Tuple.of_(...values(env))
}

export const compileDict = ({ pairs }: Tree.Dict, { expression }: Compiler): Evaluate => {
  const compiled = pairs.map(({ key, value }) => [expression(key), expression(value)] as const)
  return env => {
    const dict: Record<string, unknown> = {}
    for (const [key, value] of compiled) setOwn(dict, show(solid(key(env))), value(env))
    return dict
  }
}

export const compileItem = (node: Tree.Item, { expression }: Compiler): Evaluate => {
  const target = expression(node.target)
  const place = { ...rootOf(node).at, path: pathOf(node) }
  if (node.key.kind === 'literal') {
    const { value } = node.key
    return env => lookup(target(env), value, place)
  }
  const key = expression(node.key)
  return env => lookup(target(env), solid(key(env)), place)
}

export const compileSlice = (node: Tree.Slice, { expression }: Compiler): Evaluate => {
  const target = expression(node.target)
  const [start, stop, step] = [node.start, node.stop, node.step].map(part =>
    part === null ? () => null : expression(part),
  ) as [Evaluate, Evaluate, Evaluate]
  return placed(node, env => slice(solid(target(env)), [solid(start(env)), solid(stop(env)), solid(step(env))]))
}

export const compileConditional = (node: Tree.Conditional, { expression }: Compiler): Evaluate => {
  const condition = expression(node.condition)
  const value = expression(node.value)
  const otherwise = node.otherwise === null ? nothing(node.at) : expression(node.otherwise)
  return env => (truthy(solid(condition(env))) ? value(env) : otherwise(env))
}

// Without `else`: nothing in a text, and undefined for `default`.
const nothing = (at: Tree.Place): Evaluate => {
  const none = new Undefined('the value of an if without else', { ...at, silent: true })
  return () => none
}

export const compileLogical = (node: Tree.Logical, { expression }: Compiler): Evaluate => {
  const left = expression(node.left)
  const right = expression(node.right)
  const decides = node.operator === 'or'
  return env => {
    const value = solid(left(env))
    return truthy(value) === decides ? value : solid(right(env))
  }
}

export const compileNot = ({ operand }: Tree.Not, { expression }: Compiler): Evaluate => {
  const value = expression(operand)
  return env => !truthy(solid(value(env)))
}

export const compileSign = (node: Tree.Sign, { expression }: Compiler): Evaluate => {
  const operand = expression(node.operand)
  const sign = node.operator === '-' ? -1 : 1
  return placed(node, env => {
    const value = solid(operand(env))
    if (value instanceof Float) return float(sign * value.value)
    if (typeof value === 'boolean') return sign * Number(value)
    if (value instanceof BigInteger) return integer(BigInt(sign) * value.value)
    if (typeof value !== 'number') throw new TypeError('a number is expected after a sign')
    return sign * value + 0
  })
}

export const compileBinary = (node: Tree.Binary, { expression }: Compiler): Evaluate => {
  const left = expression(node.left)
  const right = expression(node.right)
  const operator = operators[node.operator]
  return placed(node, env => operator(solid(left(env)), solid(right(env))))
}

const comparers: Readonly<Record<Tree.ComparisonOperator, (a: unknown, b: unknown) => boolean>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => compare(a, b) < 0,
  '>': (a, b) => compare(a, b) > 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>=': (a, b) => compare(a, b) >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
}

export const compileComparison = (node: Tree.Comparison, { expression }: Compiler): Evaluate => {
  const first = expression(node.first)
  const rest = node.rest.map(({ operator, value }) => ({ holds: comparers[operator], value: expression(value) }))
  return placed(node, env => {
    let left = solid(first(env))
    for (const { holds, value } of rest) {
      const right = solid(value(env))
      if (!holds(left, right)) return false
      left = right
    }
    return true
  })
}

export const compileCapture = (node: Tree.Capture, compiler: Compiler): Evaluate => {
  const write = compiler.body(node.body)
  return env => {
    const out: Chunks = []
    write(env, out)
    return joined(out, text => env.rendering.write(text))
  }
}
