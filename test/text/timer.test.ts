import { expect, it } from 'vitest'
import { startTimer } from '../../src/text/timer.ts'

it.each([2 ** 31, 3_000_000_000, 1e300, Number.POSITIVE_INFINITY])(
  'a timer of %d ms does not fire at once',
  async ms => {
    let fired = false
    const timer = startTimer(ms, () => {
      fired = true
    })
    await new Promise(resolve => setTimeout(resolve, 20))
    clearTimeout(timer)
    expect(fired).toBe(false)
  },
)
