import { plural } from '../../text/plural.ts'
import { someNames } from '../../text/some-names.ts'

/** The last word on a run that did not come to its end: why, and who had no turn. */
export function untouched(names: readonly string[], stopped: string | undefined): string {
  const count = `${plural(names.length, 'host')} ${names.length === 1 ? 'was' : 'were'} not touched`
  const who = names.length === 0 ? 'every host had its turn' : `${count}: ${someNames(names, 20)}`
  return `${stopped === undefined ? 'interrupted' : `the run stops here: ${stopped}`}; ${who}`
}
