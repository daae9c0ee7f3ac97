import { attributeOf, fold, path } from '../attribute.ts'
import { operators } from '../operators.ts'
import { anything, dict, flag, items, nullable, oneOf, optional } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { compare, equal, Tuple, Undefined } from '../values.ts'

const extreme = (sign: 1 | -1) =>
  routine(
    { value: items, case_sensitive: optional(flag, false), attribute: nullable(path) },
    ({ value, case_sensitive, attribute }) => {
      const keyOf = (item: unknown): unknown => {
        const key = attributeOf(item, attribute)
        return case_sensitive ? key : fold(key)
      }
      return value.reduce(
        (best: unknown, item, i) => (i === 0 || sign * compare(keyOf(item), keyOf(best)) > 0 ? item : best),
        new Undefined('an empty list', { line: 0, column: 0 }),
      )
    },
  )

/** Filters that order, group and add up. */
export const orderFilters: Routines = {
  min: extreme(-1),
  max: extreme(1),
  sum: routine(
    { iterable: items, attribute: nullable(path), start: optional(anything, 0) },
    ({ iterable, attribute, start }) =>
      iterable.reduce((total, item) => operators['+']?.(total, attributeOf(item, attribute)), start),
  ),
  sort: routine(
    {
      value: items,
      reverse: optional(flag, false),
      case_sensitive: optional(flag, false),
      attribute: nullable(path),
    },
    ({ value, reverse, case_sensitive, attribute }) => {
      const paths = attribute === null ? [null] : attribute.split(',')
      const keyed = value.map(item => ({
        item,
        key: paths.map(one => attributeOf(item, one)).map(key => (case_sensitive ? key : fold(key))),
      }))
      return keyed.sort((a, b) => (reverse ? -1 : 1) * compare(a.key, b.key)).map(({ item }) => item)
    },
  ),
  groupby: routine(
    {
      value: items,
      attribute: path,
      default: optional(anything, null),
      case_sensitive: optional(flag, false),
    },
    ({ value, attribute, default: otherwise, case_sensitive }) => {
      const same = (key: unknown): unknown => (case_sensitive ? key : fold(key))
      const keyed = value
        .map(item => ({ item, key: attributeOf(item, attribute, otherwise ?? undefined) }))
        .sort((a, b) => compare(same(a.key), same(b.key)))
      const groups: { readonly key: unknown; readonly list: unknown[] }[] = []
      for (const { item, key } of keyed) {
        const group = groups.at(-1)
        if (group !== undefined && equal(same(group.key), same(key))) group.list.push(item)
        else groups.push({ key, list: [item] })
      }
      // A pair that may also be read by name.
      return groups.map(({ key, list }) => Object.assign(Tuple.of_(key, list), { grouper: key, list }))
    },
  ),
  dictsort: routine(
    {
      value: dict,
      case_sensitive: optional(flag, false),
      by: optional(oneOf('key', 'value'), 'key'),
      reverse: optional(flag, false),
    },
    ({ value, case_sensitive, by, reverse }) => {
      const at = by === 'value' ? 1 : 0
      const key = (pair: readonly unknown[]): unknown => (case_sensitive ? pair[at] : fold(pair[at]))
      return Object.entries(value)
        .sort((a, b) => (reverse ? -1 : 1) * compare(key(a), key(b)))
        .map(pair => Tuple.of_(...pair))
    },
  ),
}
