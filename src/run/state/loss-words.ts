import type { Loss } from '../../model/coordinator.ts'

/** What a message says of a host that is lost. */
export const lossWords = (how: Loss['how']): string => (how === 'failed' ? 'failed' : 'could not be reached')
