// How a host leaves the way it was on, other than by coming to its end. They are thrown, as a step may be deep in blocks.

/** A task failed, and its failure was neither ignored nor, so far, rescued. */
export class HostFailed extends Error {}

/** The host is through early, and all is well: `meta: end_host` and the like. */
export class EndHost extends Error {}

/** The person stopped the run. */
export class Interrupted extends Error {}
