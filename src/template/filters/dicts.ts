import { lookup } from '../access.ts'
import { anything, dict, flag, items, list, oneOf, optional, perhaps, rest, shown, text } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { solid } from '../solid.ts'
import { type Dict, equal, isDict, iterate, show, Tuple, typeName, Undefined } from '../values.ts'

const UNKNOWN = { line: 0, column: 0 }
const keyName = optional(text, 'key')
const valueName = optional(text, 'value')
const merges = ['replace', 'keep', 'append', 'prepend', 'append_rp', 'prepend_rp'] as const
type ListMerge = (typeof merges)[number]

const own = (target: Dict, key: string): unknown => (Object.hasOwn(target, key) ? target[key] : undefined)
const put = (target: Record<string, unknown>, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

const mergeLists = (old: readonly unknown[], later: readonly unknown[], how: ListMerge): readonly unknown[] => {
  const without = (from: readonly unknown[], of: readonly unknown[]) =>
    from.filter(item => !of.some(one => equal(one, item)))
  switch (how) {
    case 'replace':
      return later
    case 'keep':
      return old
    case 'append':
      return [...old, ...later]
    case 'prepend':
      return [...later, ...old]
    case 'append_rp':
      return [...without(old, later), ...later]
    case 'prepend_rp':
      return [...later, ...without(old, later)]
  }
}

interface Merge {
  readonly recursive: boolean
  readonly list_merge: ListMerge
}

const merge = (into: Dict, from: Dict, how: Merge): Dict => {
  const merged: Record<string, unknown> = { ...into }
  for (const [key, value] of Object.entries(from)) {
    const old = own(merged, key)
    const both = Array.isArray(old) && Array.isArray(value)
    put(
      merged,
      key,
      how.recursive && isDict(old) && isDict(value)
        ? merge(old, value, how)
        : both
          ? mergeLists(old, value, how.list_merge)
          : value,
    )
  }
  return merged
}

/** Filters that make, merge and take apart dicts. */
export const dictFilters: Routines = {
  dict2items: routine({ mydict: dict, key_name: keyName, value_name: valueName }, call =>
    Object.entries(call.mydict).map(([key, value]) => ({ [call.key_name]: key, [call.value_name]: value })),
  ),
  items2dict: routine({ mylist: list, key_name: keyName, value_name: valueName }, ({ mylist, ...names }) => {
    const made: Record<string, unknown> = {}
    for (const item of mylist) {
      const [key, value] = [names.key_name, names.value_name].map(name => {
        if (!isDict(item)) throw new TypeError(`items2dict takes a list of dicts, one item is '${typeName(item)}'`)
        if (!Object.hasOwn(item, name)) throw new TypeError(`items2dict: an item has no key '${name}'`)
        return item[name]
      })
      put(made, show(key), value)
    }
    return made
  }),
  items: routine({ value: perhaps }, ({ value }) =>
    value instanceof Undefined ? [] : Object.entries(dict.read(value)).map(pair => Tuple.of_(...pair)),
  ),
  combine: routine(
    {
      first: anything,
      others: rest(anything),
      recursive: optional(flag, false),
      list_merge: optional(oneOf(...merges), 'replace'),
    },
    ({ first, others, ...how }) => {
      const all = [first, ...others].flatMap(one => (Array.isArray(one) ? one : [one])).filter(one => one !== null)
      const odd = all.find(one => !isDict(one))
      if (odd !== undefined) throw new TypeError(`combine takes dicts, one of these is '${typeName(odd)}'`)
      return all.reduce<Dict>((merged, one) => merge(merged, one as Dict, how), {})
    },
  ),
  attr: routine({ obj: perhaps, name: shown }, ({ obj, name }) => lookup(obj, name, { ...UNKNOWN, path: name })),
  extract: routine(
    { item: anything, container: anything, morekeys: optional(anything, null) },
    ({ item, container, morekeys }) => {
      const more = morekeys === null ? [] : Array.isArray(morekeys) ? morekeys : [morekeys]
      return [item, ...more].reduce<unknown>(
        (at, key) => lookup(at, solid(key), { ...UNKNOWN, path: show(key) }),
        container,
      )
    },
  ),
  subelements: routine(
    { obj: anything, subelements: anything, skip_missing: optional(flag, false) },
    ({ obj, subelements, skip_missing }) => {
      if (!isDict(obj) && !Array.isArray(obj))
        throw new TypeError('subelements takes a list of dicts or a dict of dicts')
      const path = Array.isArray(subelements) ? subelements.map(show) : text.read(subelements).split('.')
      return (isDict(obj) ? Object.values(obj) : iterate(obj)).flatMap(element => {
        let at: unknown = solid(element)
        for (const key of path) {
          if (!isDict(at)) throw new TypeError(`subelements: '${key}' is looked for in a '${typeName(at)}', not a dict`)
          if (!Object.hasOwn(at, key)) {
            if (skip_missing) return []
            throw new TypeError(`subelements: an item has no key '${key}'`)
          }
          at = at[key]
        }
        if (!Array.isArray(at))
          throw new TypeError(`subelements: '${path.join('.')}' is a '${typeName(at)}', not a list`)
        return at.map(value => Tuple.of_(element, value))
      })
    },
  ),
  rekey_on_member: routine(
    { data: anything, key: shown, duplicates: optional(oneOf('error', 'overwrite'), 'error') },
    ({ data, key, duplicates }) => {
      if (typeof data === 'string') throw new TypeError('rekey_on_member takes a list or a dict of dicts')
      const made: Record<string, unknown> = {}
      for (const item of isDict(data) ? Object.values(data) : items.read(data)) {
        if (!isDict(item)) throw new TypeError('rekey_on_member: an item is no dict')
        if (!Object.hasOwn(item, key)) throw new TypeError(`rekey_on_member: an item has no key '${key}'`)
        const name = show(item[key])
        if (duplicates === 'error' && Object.hasOwn(made, name))
          throw new TypeError(`rekey_on_member: two items have the ${key} '${name}'`)
        put(made, name, item)
      }
      return made
    },
  ),
}
