import type { TemplateOptions } from '../template/template.ts'

/** Template options that count how often a template asked for what may be another thing the next time. */
export interface WatchedOptions extends TemplateOptions {
  readonly uses: () => number
}

/** Files, commands, the clock and chance: what was rendered with their help may not be used later. */
export function watched({ lookup, now, random, controller, include }: TemplateOptions): WatchedOptions {
  let uses = 0
  return {
    uses: () => uses,
    ...(include === undefined ? {} : { include }),
    ...(lookup === undefined
      ? {}
      : {
          lookup: (...asked) => {
            uses++
            return lookup(...asked)
          },
        }),
    ...(now === undefined
      ? {}
      : {
          now: () => {
            uses++
            return now()
          },
        }),
    get random() {
      uses++
      return random
    },
    get controller() {
      uses++
      return controller
    },
  }
}
