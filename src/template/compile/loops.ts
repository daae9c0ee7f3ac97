import { type Chunks, joined } from '../chunks.ts'
import { TemplateError } from '../error.ts'
import type * as Tree from '../tree.ts'
import { walk } from '../tree.ts'
import { equal, iterate, solid, truthy } from '../values.ts'
import type { Compiler, Evaluate, Write } from './compiler.ts'
import { type Env, UNSET } from './env.ts'
import { templateError } from './placed.ts'

/** What holds the body of a recursive loop; no name of a template's own can hold a blank. */
export const RECURSE = 'loop recursion'

/** The items of one run of a loop, and how deep it is inside of itself. */
interface Run {
  readonly items: readonly unknown[]
  readonly depth: number
  readonly changed: (...values: readonly unknown[]) => boolean
}

/** What `loop` holds in a turn. */
const loopOf = ({ items, depth, changed }: Run, i: number): Readonly<Record<string, unknown>> => {
  const { length } = items
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
    cycle: (...values: readonly unknown[]) => values[i % values.length],
    changed,
  }
  if (i > 0) loop['previtem'] = items[i - 1]
  if (i < length - 1) loop['nextitem'] = items[i + 1]
  return loop
}

const changes = (): Run['changed'] => {
  let before: { readonly value: unknown } | undefined
  return (...values) => {
    const same = before !== undefined && equal(before.value, values)
    before = { value: values }
    return !same
  }
}

/** True when the body reads `loop`, or includes what may read it: nobody else needs the object of each turn. */
const readsLoop = (body: readonly Tree.Statement[]): boolean => {
  let reads = false
  for (const statement of body)
    walk(statement, node => {
      if (node.kind === 'include' || (node.kind === 'name' && node.name === 'loop')) reads = true
    })
  return reads
}

export const compileFor = (node: Tree.For, compiler: Compiler): Write => {
  const list = compiler.expression(node.list)
  const keep = node.condition === null ? undefined : compiler.expression(node.condition)
  const body = compiler.body(node.body)
  const otherwise = node.otherwise === null ? undefined : compiler.body(node.otherwise)
  const withLoop = node.recursive || readsLoop(node.body)
  const bind = (env: Env, item: unknown): Env => {
    const own = env.inner()
    unpack(own, node.target, item)
    return own
  }
  const itemsOf = (env: Env, given: unknown): readonly unknown[] => {
    const items = placedItems(given, node.list)
    return keep === undefined ? items : items.filter(item => keeps(keep, bind(env, item)))
  }
  const turns = (
    env: Env,
    out: Chunks,
    { given, depth }: { readonly given: unknown; readonly depth: number },
  ): void => {
    const items = itemsOf(env, given)
    if (items.length === 0) return otherwise?.(env, out)
    const run: Run = { items, depth, changed: changes() }
    const again = (more: unknown): unknown =>
      env.rendering.deeper(
        () => new RangeError('the loop goes too deep'),
        () => {
          const inside: Chunks = []
          turns(env, inside, { given: more, depth: depth + 1 })
          return joined(inside, text => env.rendering.write(text))
        },
      )
    // A plain loop inside of a recursive one hides it.
    const recurses = withLoop && (node.recursive || env.find(RECURSE) !== UNSET)
    for (let i = 0; i < items.length; i++) {
      if (!env.rendering.turns(1)) throw new TemplateError('the loop has too many turns', node.at)
      const own = bind(env, items[i])
      if (withLoop) own.set('loop', loopOf(run, i))
      if (recurses) own.set(RECURSE, node.recursive ? again : undefined)
      body(own, out)
    }
  }
  return (env, out) => turns(env, out, { given: solid(list(env)), depth: 1 })
}

const keeps = (condition: Evaluate, env: Env): boolean => truthy(solid(condition(env)))

const placedItems = (given: unknown, list: Tree.Expression): readonly unknown[] => {
  try {
    return iterate(given)
  } catch (error) {
    throw templateError(error, list)
  }
}

/** Gives the names of a loop their values; `(a, (b, c))` takes lists apart. */
const unpack = (env: Env, target: Tree.Name | Tree.Names, value: unknown): void => {
  if (target.kind === 'name') return env.set(target.name, value)
  const { targets, at } = target
  const values = iterate(value)
  if (values.length !== targets.length)
    throw new TemplateError(`${targets.length} values are expected in each turn, there are ${values.length}`, at)
  targets.forEach((inside, i) => {
    unpack(env, inside, values[i])
  })
}
