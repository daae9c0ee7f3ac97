/** A span of time for a person: `12 ms`, `3.2 s`, `4 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  // Rounded first: 59.96 s must not read as 60.0 s.
  const tenths = Math.round(ms / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export { plural } from '../text/plural.ts'

/** What a task took, where that is worth a word: looks at hosts share their round trips. */
export const tookAWhile = (ms: number): string => (ms < 100 ? '' : duration(ms))

/** How long something has run, in whole seconds; the first second is not worth a flickering number. */
export const tookLong = (ms: number): string =>
  ms < 1000 ? '' : `  ${duration(Math.floor(ms / 1000) * 1000).replace('.0', '')}`
