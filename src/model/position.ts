/**
 * Where a step stands in a play: the stage of the play, the step's number in it, and inside of a block the part (0 block,
 * 1 rescue, 2 always) and the step's number in that. Handlers, and steps that were added at run time, stand under the
 * step at which they run. On a host's way through a play positions only rise, whatever is skipped, rescued or flushed.
 */
export type Position = readonly number[]

/** Before the first step. */
export const beforeFirst: Position = []

/** Negative: `a` comes before `b`. A step comes before what stands under it. */
export function comparePositions(a: Position, b: Position): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] as number) - (b[i] as number)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

export const isBefore = (a: Position, b: Position): boolean => comparePositions(a, b) < 0

/** The same text for the same position: for maps. */
export const positionKey = (position: Position): string => position.join('.')
