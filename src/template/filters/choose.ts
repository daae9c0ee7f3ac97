import { attributeOf, follow } from '../attribute.ts'
import { anything, itemsOrNone, laxItems, named, nullable, perhaps, rest, shown } from '../parameters.ts'
import { type Context, type Given, type Routines, routine } from '../routine.ts'
import { solid } from '../solid.ts'
import { show, truthy } from '../values.ts'

const known = (context: Context, kind: 'filter' | 'test', name: unknown): ((given: Given) => unknown) => {
  const found = typeof name === 'string' ? context.find(kind, name) : undefined
  if (found === undefined) throw new TypeError(`there is no ${kind} '${show(name)}'`)
  return found
}

const choose = (keep: boolean) =>
  routine(
    { value: itemsOrNone, args: rest(perhaps), keywords: named(perhaps) },
    ({ value, args: [name, ...args], keywords }, context) => {
      if (name === undefined) return value.filter(item => truthy(solid(item)) === keep)
      const test = known(context, 'test', name)
      return value.filter(item => truthy(solid(test({ value: item, args, keywords }))) === keep)
    },
  )

const chooseByAttribute = (keep: boolean) =>
  routine(
    { value: itemsOrNone, attribute: shown, args: rest(perhaps), keywords: named(perhaps) },
    ({ value, attribute, args: [name, ...args], keywords }, context) => {
      if (name === undefined) return value.filter(item => truthy(attributeOf(item, attribute)) === keep)
      const test = known(context, 'test', name)
      return value.filter(item => {
        const given = { value: follow(solid(item), attribute), args, keywords }
        return truthy(solid(test(given))) === keep
      })
    },
  )

/** Filters that go over a list with another filter, a test or an attribute. */
export const chooseFilters: Routines = {
  select: choose(true),
  reject: choose(false),
  selectattr: chooseByAttribute(true),
  rejectattr: chooseByAttribute(false),
  map: routine(
    { value: itemsOrNone, args: rest(perhaps), keywords: named(anything) },
    ({ value, args: [name, ...args], keywords }, context) => {
      if (name === undefined) {
        const { attribute, default: otherwise, ...others } = keywords
        const [odd] = Object.keys(others)
        if (odd !== undefined) throw new TypeError(`map has no argument '${odd}' beside attribute and default`)
        if (attribute === undefined) throw new TypeError('map takes the name of a filter, or attribute=')
        // What is missing is missed by whoever reads it: `default` may come next.
        return value.map(item => follow(solid(item), show(attribute), otherwise))
      }
      const filter = known(context, 'filter', name)
      return value.map(item => filter({ value: item, args, keywords }))
    },
  ),
  join: routine(
    { value: laxItems, d: { ...shown, fallback: '' }, attribute: nullable(shown) },
    ({ value, d, attribute }) => value.map(item => show(attributeOf(solid(item), attribute))).join(d),
  ),
}
