import { anything, named, optional, perhaps } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { isDict, iterate, show, Tuple } from '../values.ts'

type Own = Record<string, unknown>
const self = { read: (value: unknown): Own => value as Own }
const NONE = Symbol('not given')

/** Sets an own property, also one named `__proto__`. */
const put = (target: Own, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true })
}

/** The methods of a dict. */
export const dictMethods: Routines = {
  items: routine({ value: self }, ({ value }) => Object.entries(value).map(([key, item]) => Tuple.of_(key, item))),
  keys: routine({ value: self }, ({ value }) => Object.keys(value)),
  values: routine({ value: self }, ({ value }) => Object.values(value)),
  get: routine(
    { value: self, key: anything, default: optional(perhaps, null) },
    ({ value, key, default: otherwise }) => (Object.hasOwn(value, show(key)) ? value[show(key)] : otherwise),
  ),
  copy: routine({ value: self }, ({ value }) => ({ ...value })),
  update: routine({ value: self, other: optional(anything, null), more: named(perhaps) }, ({ value, other, more }) => {
    const pairs =
      other === null ? [] : isDict(other) ? Object.entries(other) : iterate(other).map(pair => iterate(pair))
    for (const [key, item] of [...pairs, ...Object.entries(more)]) put(value, show(key), item)
    return null
  }),
  setdefault: routine({ value: self, key: anything, default: optional(perhaps, null) }, call => {
    const name = show(call.key)
    if (!Object.hasOwn(call.value, name)) put(call.value, name, call.default)
    return call.value[name]
  }),
  pop: routine({ value: self, key: anything, default: optional(perhaps, NONE as unknown) }, call => {
    const name = show(call.key)
    if (!Object.hasOwn(call.value, name)) {
      if (call.default === NONE) throw new TypeError(`the dict has no key '${name}'`)
      return call.default
    }
    const had = call.value[name]
    delete call.value[name]
    return had
  }),
  popitem: routine({ value: self }, ({ value }) => {
    const last = Object.entries(value).at(-1)
    if (last === undefined) throw new TypeError('the dict is empty')
    delete value[last[0]]
    return Tuple.of_(...last)
  }),
  clear: routine({ value: self }, ({ value }) => {
    for (const key of Object.keys(value)) delete value[key]
    return null
  }),
}
