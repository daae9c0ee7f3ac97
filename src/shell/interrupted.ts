import type { Cancellation } from './shell.ts'

// How a host leaves the way it was on, other than by coming to its end. They are thrown, as a step may be deep in blocks.

/** A task failed, and its failure was neither ignored nor, so far, rescued. */
export class HostFailed extends Error {
  /** `any_errors_fatal` holds for that task. */
  readonly fatal: boolean
  constructor(fatal: boolean) {
    super('a task failed')
    this.fatal = fatal
  }
}

/** The host, or the one it was to act on, cannot be reached. */
export class HostLost extends Error {
  readonly fatal: boolean
  constructor(message: string, fatal: boolean) {
    super(message)
    this.fatal = fatal
  }
}

/** Other hosts of the batch were lost, and so this one stops too. */
export class HostStopped extends Error {}

/** The host is through early, and all is well: `meta: end_host` and the like. */
export class EndHost extends Error {}

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
