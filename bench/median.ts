/** The middle of a list; of an even number, the lower of the two in the middle. */
export const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) / 2)] ?? Number.NaN
