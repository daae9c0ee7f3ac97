import { anything, flag, nullable, optional, perhaps, shown } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'
import { solid } from '../solid.ts'
import { plain, truthy, typeName, Undefined } from '../values.ts'

const fallback = routine(
  { value: perhaps, default_value: optional(perhaps, ''), boolean: optional(flag, false) },
  ({ value, default_value, boolean }) =>
    value instanceof Undefined || (boolean && !truthy(value)) ? default_value : value,
)

const YES = ['yes', 'on', 'true', '1', 'y', 't']

export const defaultFilters: Routines = {
  default: fallback,
  d: fallback,
  mandatory: routine({ a: perhaps, msg: nullable(shown) }, ({ a, msg }) => {
    if (a instanceof Undefined && msg !== null) throw new TypeError(msg)
    return solid(a)
  }),
  ternary: routine(
    { value: anything, true_val: perhaps, false_val: perhaps, none_val: optional(perhaps, null) },
    ({ value, true_val, false_val, none_val }) =>
      value === null && none_val !== null ? none_val : truthy(value) ? true_val : false_val,
  ),
  bool: routine({ value: anything }, ({ value }) => {
    const bare = plain(value)
    return typeof bare === 'string' ? YES.includes(bare.toLowerCase()) : bare === true || bare === 1
  }),
  type_debug: routine({ obj: anything }, ({ obj }) => typeName(obj)),
}
