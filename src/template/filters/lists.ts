import { contains } from '../access.ts'
import { attributeOf, fold, path } from '../attribute.ts'
import { anything, flag, items, laxItems, nullable, optional, rest, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { equal, Tuple, Undefined } from '../values.ts'

const MOST = 1_000_000
const count = routine({ obj: laxItems }, ({ obj }) => obj.length)
const end = (which: 'first' | 'last', at: 0 | -1) =>
  routine({ seq: laxItems }, ({ seq }) =>
    seq.length > 0 ? seq.at(at) : new Undefined(`the ${which} of an empty list`, { line: 0, column: 0 }),
  )
const unique = (all: readonly unknown[]): unknown[] =>
  all.filter((item, i) => all.findIndex(other => equal(other, item)) === i)
const two = { a: items, b: items }

const size = (value: number): number => {
  if (value < 1) throw new RangeError('a group has 1 item or more')
  return value
}

const flatten = (all: readonly unknown[], levels: number, nulls: boolean): readonly unknown[] =>
  all.flatMap(item => {
    if (nulls && (item === null || item === 'None' || item === 'null')) return []
    if (!Array.isArray(item)) return [item]
    return levels >= 1 ? flatten(item, levels - 1, nulls) : [item]
  })

/** Filters that count, join and cut lists. */
export const listFilters: Routines = {
  list: routine({ value: laxItems }, ({ value }) => [...value]),
  length: count,
  count,
  first: end('first', 0),
  last: end('last', -1),
  reverse: routine({ value: anything }, ({ value }) =>
    typeof value === 'string' ? [...value].reverse().join('') : [...items.read(value)].reverse(),
  ),
  unique: routine(
    { a: items, case_sensitive: nullable(flag), attribute: nullable(path) },
    ({ a, case_sensitive, attribute }) => {
      const keys = a.map(item => attributeOf(item, attribute)).map(key => (case_sensitive === true ? key : fold(key)))
      return a.filter((_, i) => keys.findIndex(other => equal(other, keys[i])) === i)
    },
  ),
  union: routine(two, ({ a, b }) => unique([...a, ...b])),
  intersect: routine(two, ({ a, b }) => unique(a.filter(item => contains(b, item)))),
  difference: routine(two, ({ a, b }) => unique(a.filter(item => !contains(b, item)))),
  symmetric_difference: routine(two, ({ a, b }) =>
    unique([...a.filter(item => !contains(b, item)), ...b.filter(item => !contains(a, item))]),
  ),
  flatten: routine(
    { mylist: items, levels: nullable(whole), skip_nulls: optional(flag, true) },
    ({ mylist, levels, skip_nulls }) => flatten(mylist, levels ?? Number.POSITIVE_INFINITY, skip_nulls),
  ),
  batch: routine({ value: items, linecount: whole, fill_with: optional(anything, null) }, call => {
    const width = size(call.linecount)
    const groups: unknown[][] = []
    call.value.forEach((item, i) => (i % width === 0 ? groups.push([item]) : groups.at(-1)?.push(item)))
    const last = groups.at(-1)
    if (call.fill_with !== null && width > MOST) throw new RangeError(`a group is filled up to ${MOST} items or fewer`)
    if (call.fill_with !== null && last !== undefined) while (last.length < width) last.push(call.fill_with)
    return groups
  }),
  slice: routine({ value: items, slices: whole, fill_with: optional(anything, null) }, call => {
    if (size(call.slices) > MOST) throw new RangeError(`a list is cut into ${MOST} slices or fewer`)
    const width = Math.floor(call.value.length / call.slices)
    const extra = call.value.length % call.slices
    return Array.from({ length: call.slices }, (_, i) => {
      const part = call.value.slice(i * width + Math.min(i, extra), (i + 1) * width + Math.min(i + 1, extra))
      return call.fill_with !== null && i >= extra ? [...part, call.fill_with] : part
    })
  }),
  zip: routine({ iterable: items, others: rest(items) }, ({ iterable, others }) => {
    const all = [iterable, ...others]
    return Array.from({ length: Math.min(...all.map(one => one.length)) }, (_, i) =>
      Tuple.of_(...all.map(one => one[i])),
    )
  }),
  zip_longest: routine(
    { iterable: items, others: rest(items), fillvalue: optional(anything, null) },
    ({ iterable, others, fillvalue }) => {
      const all = [iterable, ...others]
      return Array.from({ length: Math.max(...all.map(one => one.length)) }, (_, i) =>
        Tuple.of_(...all.map(one => (i < one.length ? one[i] : fillvalue))),
      )
    },
  ),
  product: routine({ iterable: items, others: rest(items), repeat: optional(whole, 1) }, call => {
    const once = [call.iterable, ...call.others]
    if (call.repeat < 0) throw new RangeError('product is not repeated a negative number of times')
    const pools = Array.from({ length: Math.min(call.repeat, 64) }, () => once).flat()
    if (pools.reduce((all, one) => all * one.length, 1) > MOST) throw new RangeError('product gives too many items')
    return pools
      .reduce<readonly (readonly unknown[])[]>(
        (sets, more) => sets.flatMap(set => more.map(item => [...set, item])),
        [[]],
      )
      .map(set => Tuple.of_(...set))
  }),
  permutations: routine({ iterable: items, r: nullable(whole) }, ({ iterable, r }) =>
    chosen(iterable, r ?? iterable.length, true),
  ),
  combinations: routine({ iterable: items, r: whole }, ({ iterable, r }) => chosen(iterable, r, false)),
}

/** All ways to choose some, in the order of the list; each order of them is one, when the order counts. */
const chosen = (all: readonly unknown[], most: number, ordered: boolean): readonly Tuple[] => {
  if (most < 0) throw new RangeError('a negative number of items cannot be chosen')
  const found: Tuple[] = []
  const go = (taken: readonly number[]): void => {
    if (taken.length === most) {
      if (found.push(Tuple.of_(...taken.map(i => all[i]))) * Math.max(1, most) > 10 * MOST)
        throw new RangeError('these are too many')
      return
    }
    for (let i = ordered ? 0 : (taken.at(-1) ?? -1) + 1; i < all.length; i++) if (!taken.includes(i)) go([...taken, i])
  }
  if (most <= all.length) go([])
  return found
}
