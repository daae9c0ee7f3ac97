/** A duration for display: `12 ms`, `3.2 s`, `4 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  // Rounded first: 59.96 s must not read as 60.0 s.
  const tenths = Math.round(ms / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

export { plural } from '../text/plural.ts'

/** The duration, or nothing below 100 ms: tasks share round trips, so short times say little. */
export const durationIfLong = (ms: number): string => (ms < 100 ? '' : duration(ms))

/** The elapsed time in whole seconds with leading blanks, or nothing within the first second. */
export const elapsed = (ms: number): string =>
  ms < 1000 ? '' : `  ${duration(Math.floor(ms / 1000) * 1000).replace('.0', '')}`
