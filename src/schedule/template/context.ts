import { filters } from './filters/all.ts'
import { bareName } from './names.ts'
import { type Context, invoke, type Routines } from './routine.ts'
import type { TemplateOptions } from './template.ts'
import { tests } from './tests/all.ts'

const tables: Readonly<Record<'filter' | 'test', Routines>> = { filter: filters, test: tests }
// About two seconds: no host waits longer for the patterns of another.
const MOST_STEPS = 40_000_000

/** What the filters and tests of one rendering share. */
export function contextOf(options: TemplateOptions): Context {
  let steps = 0
  const context: Context = {
    options,
    spend: more => {
      steps += more
      if (steps > MOST_STEPS) throw new RangeError('too many steps')
    },
    has: (kind, name) => Object.hasOwn(tables[kind], bareName(name)),
    apply: (kind, name, given) => {
      const bare = bareName(name)
      const routine = Object.hasOwn(tables[kind], bare) ? tables[kind][bare] : undefined
      if (routine === undefined) throw new TypeError(`there is no ${kind} '${name}'`)
      return invoke(bare, routine, given, context)
    },
  }
  return context
}
