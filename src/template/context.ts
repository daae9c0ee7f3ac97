import { filters } from './filters/all.ts'
import { bareName } from './names.ts'
import { type Context, type Given, invoke } from './routine.ts'
import type { TemplateOptions } from './scope.ts'
import { tests } from './tests/all.ts'

// About two seconds: no host waits longer for the patterns of another.
const MOST_STEPS = 40_000_000
const LEAST_STEPS = 1_000_000

// What a rendering may still take in a run. A pattern that runs away does so for each host and item: the first time costs
// two seconds, each further one half of the time before, so that a run ends whatever their number is.
const allowances = new WeakMap<TemplateOptions, number>()

/** What the filters and tests of one rendering share. */
class SharedContext implements Context {
  readonly options: TemplateOptions
  #steps = 0

  constructor(options: TemplateOptions) {
    this.options = options
  }

  spend(steps: number): void {
    this.#steps += steps
    if (this.#steps <= LEAST_STEPS) return
    const most = allowances.get(this.options) ?? MOST_STEPS
    if (this.#steps <= most) return
    allowances.set(this.options, Math.max(LEAST_STEPS, most / 2))
    throw new RangeError('too many steps')
  }

  find(kind: 'filter' | 'test', name: string): ((given: Given) => unknown) | undefined {
    const table = kind === 'filter' ? filters : tests
    const bare = bareName(name)
    const routine = Object.hasOwn(table, bare) ? table[bare] : undefined
    return routine === undefined ? undefined : given => invoke(bare, routine, given, this)
  }
}

export const contextOf = (options: TemplateOptions): Context => new SharedContext(options)
