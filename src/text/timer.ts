/** The maximum delay of Node's timers in milliseconds, some 24 days: with more they fire at once. */
const LONGEST = 2 ** 31 - 1

/** `setTimeout` for any delay in milliseconds, capped at 24 days. */
export const startTimer = (ms: number, then: () => void): NodeJS.Timeout => setTimeout(then, Math.min(ms, LONGEST))
