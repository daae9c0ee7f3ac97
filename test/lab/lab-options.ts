import { parseArgs } from 'node:util'

/** The command line of `npm run lab --`; an unknown option throws. */
export const parseLab = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { variant: { type: 'string', multiple: true, default: [] }, every: { type: 'boolean', default: false } },
  })
