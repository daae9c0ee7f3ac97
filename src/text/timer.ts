/** Milliseconds that Node's timers can wait at most, some 24 days: with more they fire at once. */
const LONGEST = 2 ** 31 - 1

/** `setTimeout` for any number of milliseconds; what is beyond 24 days, as infinity is, ends after these. */
export const startTimer = (ms: number, then: () => void): NodeJS.Timeout => setTimeout(then, Math.min(ms, LONGEST))
