import type { Position } from '../model/position.ts'

/**
 * The stages of a play, by their number in positions: pre_tasks, flush, tasks, flush, post_tasks, flush, and the last
 * handlers, which run when a host leaves early.
 */
export const LAST_HANDLERS = 6

/** After the last step of any play. */
export const afterLast: Position = [LAST_HANDLERS]
