import { closest, distance } from 'fastest-levenshtein'

/** The name that was probably meant, when one is near enough. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const best = closest(word.toLowerCase(), names as string[])
  return distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? best : undefined
}

/** `, did you mean 'x'?`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const best = nearest(word, names)
  return best === undefined ? '' : `, did you mean '${best}'?`
}
