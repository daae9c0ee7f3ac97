import type { Position } from '../model/position.ts'

/** The stages of a play in order. Handlers that are due run after each section, and once more when a host leaves early. */
export const stages = ['pre_tasks', 'flush', 'tasks', 'flush', 'post_tasks', 'flush', 'last handlers'] as const
export const LAST_HANDLERS = 6

/** After the last step of any play. */
export const afterLast: Position = [LAST_HANDLERS]
