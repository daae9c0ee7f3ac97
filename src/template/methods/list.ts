import { anything, flag, items, nullable, optional, perhaps, whole } from '../parameters.ts'
import { type Routine, type Routines, routine } from '../routine.ts'
import { compare, equal, Tuple } from '../values.ts'

const self = {
  read: (value: unknown): unknown[] => {
    if (value instanceof Tuple) throw new TypeError('a tuple cannot be changed')
    return value as unknown[]
  },
}
const changing = (change: (value: unknown[]) => void): Routine =>
  routine({ value: self }, ({ value }) => {
    change(value)
    return null
  })

const indexOf = (value: readonly unknown[], item: unknown, [start, end]: readonly [number, number]): number => {
  const at = value.slice(start, end).findIndex(one => equal(one, item))
  if (at < 0) throw new TypeError('the value is not in the list')
  return at + start
}
const bound = (size: number, at: number): number => (at < 0 ? Math.max(0, at + size) : Math.min(size, at))

/** The methods of a list; `index` and `count` are a tuple's, too. */
export const listMethods: Routines = {
  append: routine({ value: self, item: perhaps }, ({ value, item }) => {
    value.push(item)
    return null
  }),
  extend: routine({ value: self, iterable: items }, ({ value, iterable }) => {
    value.push(...iterable)
    return null
  }),
  insert: routine({ value: self, index: whole, item: perhaps }, ({ value, index, item }) => {
    value.splice(bound(value.length, index), 0, item)
    return null
  }),
  pop: routine({ value: self, index: optional(whole, -1) }, ({ value, index }) => {
    const at = index < 0 ? index + value.length : index
    if (at < 0 || at >= value.length)
      throw new RangeError(value.length === 0 ? 'the list is empty' : `there is no item ${index}`)
    return value.splice(at, 1)[0]
  }),
  remove: routine({ value: self, item: anything }, ({ value, item }) => {
    value.splice(indexOf(value, item, [0, value.length]), 1)
    return null
  }),
  clear: changing(value => {
    value.length = 0
  }),
  reverse: changing(value => value.reverse()),
  sort: routine({ value: self, reverse: optional(flag, false) }, ({ value, reverse }) => {
    value.sort((a, b) => (reverse ? -1 : 1) * compare(a, b))
    return null
  }),
  copy: routine({ value: self }, ({ value }) => [...value]),
  index: routine(
    { value: items, item: anything, start: nullable(whole), end: nullable(whole) },
    ({ value, item, start, end }) =>
      indexOf(value, item, [bound(value.length, start ?? 0), bound(value.length, end ?? value.length)]),
  ),
  count: routine({ value: items, item: anything }, ({ value, item }) => value.filter(one => equal(one, item)).length),
}
