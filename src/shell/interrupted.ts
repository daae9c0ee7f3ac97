import type { Cancellation } from './shell.ts'

/** The person stopped the run. */
export class Interrupted extends Error {}

/** The person stopped the run while something ran on the host: whether it was begun, and is known to be gone. */
export class Cancelled extends Interrupted {
  readonly how: Cancellation
  /** It was to change something, and may have. */
  readonly changing: boolean
  constructor(how: Cancellation, changing: boolean) {
    super('cancelled')
    this.how = how
    this.changing = changing
  }
}
