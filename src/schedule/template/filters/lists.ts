import { contains, lookup } from '../access.ts'
import { operators } from '../operators.ts'
import { solid } from '../solid.ts'
import { tests } from '../tests.ts'
import { compare, type Dict, equal, isDict, iterate, show, Tuple, truthy, Undefined } from '../values.ts'
import { arg, type Filter, type FilterCall, type Filters } from './filter.ts'

const list = (call: FilterCall): readonly unknown[] => iterate(call.value)
const attributeOf = (item: unknown, path: unknown): unknown => {
  let at = item
  for (const step of String(path).split('.'))
    at = lookup(at, /^\d+$/.test(step) ? Number(step) : step, { line: 0, column: 0, path: String(path) })
  return at
}
const need = (value: unknown): unknown => solid(value)
const fold = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)
const unique = (items: readonly unknown[]): unknown[] =>
  items.filter((item, i) => items.findIndex(other => equal(other, item)) === i)
const dict = (value: unknown): Dict => {
  if (!isDict(value)) throw new TypeError('a dict is expected')
  return value
}

const byTest =
  (keep: boolean, attribute: boolean): Filter =>
  call => {
    const [path, ...rest] = attribute ? call.args : [undefined, ...call.args]
    const [name, ...args] = rest
    const test = name === undefined ? undefined : Object.hasOwn(tests, String(name)) ? tests[String(name)] : undefined
    if (name !== undefined && test === undefined) throw new TypeError(`there is no test '${show(name)}'`)
    return list(call).filter(item => {
      const value = attribute ? attributeOf(item, path) : item
      const lax = name === 'defined' || name === 'undefined'
      const holds =
        test === undefined
          ? truthy(value instanceof Undefined ? false : value)
          : test(lax ? value : need(value), ...args)
      return truthy(holds) === keep
    })
  }

const extreme =
  (sign: 1 | -1): Filter =>
  call => {
    const attribute = arg(call, 1, 'attribute')
    const key = (item: unknown) => fold(attribute === undefined ? item : need(attributeOf(item, attribute)))
    return list(call).reduce(
      (best: unknown, item, i) => (i === 0 || sign * compare(key(item), key(best)) > 0 ? item : best),
      new Undefined('an empty list', { line: 0, column: 0 }),
    )
  }

const flatten = (items: readonly unknown[], levels: number, nulls: boolean): readonly unknown[] =>
  items.flatMap(item =>
    Array.isArray(item)
      ? levels > 0
        ? flatten(item, levels - 1, nulls)
        : [item]
      : item === null && nulls
        ? []
        : [item],
  )

const merge = (into: Dict, from: Dict, deep: boolean): Dict => {
  const merged: Record<string, unknown> = { ...into }
  for (const [key, value] of Object.entries(from)) {
    const old = Object.hasOwn(merged, key) ? merged[key] : undefined
    Object.defineProperty(merged, key, {
      value: deep && isDict(old) && isDict(value) ? merge(old, value, deep) : value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return merged
}

const groupSize = (value: unknown): number => {
  const size = Number(value)
  if (!Number.isInteger(size) || size < 1 || size > 100_000) throw new RangeError('a group has 1 to 100000 items')
  return size
}

export const listFilters: Filters = {
  list: call => [...list(call)],
  length: call => list(call).length,
  count: call => list(call).length,
  first: call =>
    list(call).length > 0 ? list(call)[0] : new Undefined('the first of an empty list', { line: 0, column: 0 }),
  last: call =>
    list(call).length > 0 ? list(call).at(-1) : new Undefined('the last of an empty list', { line: 0, column: 0 }),
  reverse: call => (typeof call.value === 'string' ? [...call.value].reverse().join('') : [...list(call)].reverse()),
  unique: call => {
    const attribute = arg(call, 1, 'attribute')
    const exact = truthy(arg(call, 0, 'case_sensitive') ?? false)
    const key = (item: unknown) => (attribute === undefined ? item : need(attributeOf(item, attribute)))
    const folded = (item: unknown) => (exact ? key(item) : fold(key(item)))
    const items = list(call)
    return items.filter((item, i) => items.findIndex(other => equal(folded(other), folded(item))) === i)
  },
  union: call => unique([...list(call), ...iterate(call.args[0])]),
  intersect: call => unique(list(call).filter(item => contains(call.args[0], item))),
  difference: call => unique(list(call).filter(item => !contains(call.args[0], item))),
  symmetric_difference: call => {
    const other = iterate(call.args[0])
    return unique([
      ...list(call).filter(item => !contains(other, item)),
      ...other.filter(item => !contains([...list(call)], item)),
    ])
  },
  flatten: call =>
    flatten(list(call), Number(arg(call, 0, 'levels') ?? 100), truthy(arg(call, 1, 'skip_nulls') ?? true)),
  zip: call => {
    const all = [list(call), ...call.args.map(iterate)]
    return Array.from({ length: Math.min(...all.map(one => one.length)) }, (_, i) =>
      Tuple.of_(...all.map(one => one[i])),
    )
  },
  product: call =>
    [...call.args].reduce<readonly (readonly unknown[])[]>(
      (sets, more) => sets.flatMap(set => iterate(more).map(item => [...set, item])),
      list(call).map(item => [item]),
    ),
  sum: call => {
    const attribute = arg(call, 0, 'attribute')
    const add = operators['Add'] as (a: unknown, b: unknown) => unknown
    return list(call).reduce(
      (total, item) => add(total, attribute === undefined ? item : need(attributeOf(item, attribute))),
      arg(call, 1, 'start') ?? 0,
    )
  },
  min: extreme(-1),
  max: extreme(1),
  sort: call => {
    const attribute = arg(call, 2, 'attribute')
    const exact = truthy(arg(call, 1, 'case_sensitive') ?? false)
    const keys = attribute === undefined ? [] : String(attribute).split(',')
    const keyOf = (item: unknown): unknown => {
      const parts = keys.length === 0 ? [item] : keys.map(key => need(attributeOf(item, key)))
      return parts.map(part => (exact ? part : fold(part)))
    }
    const sign = truthy(arg(call, 0, 'reverse') ?? false) ? -1 : 1
    return [...list(call)].sort((a, b) => sign * compare(keyOf(a), keyOf(b)))
  },
  groupby: call => {
    const groups: [unknown, unknown[]][] = []
    const attribute = arg(call, 0, 'attribute')
    const otherwise = call.keywords['default'] ?? call.args[1]
    const key = (item: unknown) => {
      const value = attributeOf(item, attribute)
      return value instanceof Undefined && otherwise !== undefined ? otherwise : need(value)
    }
    for (const item of [...list(call)].sort((a, b) => compare(fold(key(a)), fold(key(b))))) {
      const group = groups.find(([name]) => equal(name, key(item)))
      if (group === undefined) groups.push([key(item), [item]])
      else group[1].push(item)
    }
    // A pair that may also be read by name.
    return groups.map(([grouper, items]) => Object.assign(Tuple.of_(grouper, items), { grouper, list: items }))
  },
  batch: call => {
    const size = groupSize(arg(call, 0, 'linecount'))
    const fill = arg(call, 1, 'fill_with')
    const groups: unknown[][] = []
    list(call).forEach((item, i) => (i % size === 0 ? groups.push([item]) : groups.at(-1)?.push(item)))
    if (fill !== undefined) while ((groups.at(-1)?.length ?? size) < size) groups.at(-1)?.push(fill)
    return groups
  },
  slice: call => {
    const count = groupSize(arg(call, 0, 'slices'))
    const items = list(call)
    const size = Math.floor(items.length / count)
    const extra = items.length % count
    const fill = arg(call, 1, 'fill_with')
    return Array.from({ length: count }, (_, i) => {
      const part = items.slice(i * size + Math.min(i, extra), (i + 1) * size + Math.min(i + 1, extra))
      return fill !== undefined && fill !== null && i >= extra && extra > 0 ? [...part, fill] : part
    })
  },
  map: call => {
    const attribute = call.keywords['attribute']
    if (attribute !== undefined) {
      const otherwise = call.keywords['default']
      return list(call).map(item => {
        const value = attributeOf(item, attribute)
        return value instanceof Undefined && otherwise !== undefined ? otherwise : need(value)
      })
    }
    const [name, ...args] = call.args
    const { filters } = registry
    const filter = Object.hasOwn(filters, String(name)) ? filters[String(name)] : undefined
    if (filter === undefined) throw new TypeError(`there is no filter '${show(name)}'`)
    return list(call).map(value => need(filter({ ...call, value, args })))
  },
  select: byTest(true, false),
  reject: byTest(false, false),
  selectattr: byTest(true, true),
  rejectattr: byTest(false, true),
  dictsort: call => {
    const by = arg(call, 1, 'by') === 'value' ? 1 : 0
    const sign = truthy(arg(call, 2, 'reverse') ?? false) ? -1 : 1
    return Object.entries(dict(call.value))
      .sort((a, b) => sign * compare(fold(a[by]), fold(b[by])))
      .map(pair => Tuple.of_(...pair))
  },
  dict2items: call =>
    Object.entries(dict(call.value)).map(([key, value]) => ({
      [String(call.keywords['key_name'] ?? 'key')]: key,
      [String(call.keywords['value_name'] ?? 'value')]: value,
    })),
  items2dict: call =>
    Object.fromEntries(
      list(call).map(item => [
        show(need(attributeOf(item, call.keywords['key_name'] ?? 'key'))),
        need(attributeOf(item, call.keywords['value_name'] ?? 'value')),
      ]),
    ),
  items: call => Object.entries(dict(call.value)).map(pair => Tuple.of_(...pair)),
  combine: call =>
    call.args
      .flatMap(other => (Array.isArray(other) ? other : [other]))
      .reduce<Dict>(
        (all, other) => merge(all, dict(other), truthy(call.keywords['recursive'] ?? false)),
        dict(call.value),
      ),
  attr: call => lookup(call.value, call.args[0], { line: 0, column: 0, path: String(call.args[0]) }),
  extract: call => need(lookup(call.args[0], call.value, { line: 0, column: 0, path: show(call.value) })),
  random: call => {
    const random = call.options.random ?? Math.random
    const items = typeof call.value === 'number' ? undefined : list(call)
    const seed = arg(call, 2, 'seed') ?? call.keywords['seed']
    const draw = seed === undefined ? random() : seeded(show(seed))
    return items === undefined ? Math.floor(draw * Number(call.value)) : items[Math.floor(draw * items.length)]
  },
}

const seeded = (seed: string): number => {
  let hash = 2166136261
  for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 16777619)
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32
}

/** Filled in by `all.ts`: `map('upper')` names any filter. */
export const registry: { filters: Filters } = { filters: {} }
