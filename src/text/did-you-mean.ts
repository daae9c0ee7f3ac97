/** The name that was probably meant, when one is near enough. */
export function closestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  // A short word is near to everything: of four letters one may be wrong, of seven two.
  const most = Math.max(1, Math.min(3, Math.floor((wanted.length + 1) / 4)))
  let best: { readonly name: string; readonly cost: number } | undefined
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > most) continue
    const far = distance(wanted, name.toLowerCase())
    // A word of which nothing is left was not meant.
    if (far > most || far >= wanted.length) continue
    // Of two that are as near, the one that holds the letters typed: `taks` is tasks, not tags.
    const cost = far + missingLetters(wanted, name.toLowerCase()) / 100
    if (best === undefined || cost < best.cost) best = { name, cost }
  }
  return best?.name
}

/** `, did you mean 'x'?`, or nothing. */
export function didYouMean(word: string, names: readonly string[]): string {
  const best = closestName(word, names)
  return best === undefined ? '' : `, did you mean '${best}'?`
}

/** Letters put in, left out, exchanged; two neighbours swapped count as one slip of the fingers. */
function distance(a: string, b: string): number {
  let before: readonly number[] = []
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      row.push(cost)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}

const missingLetters = (word: string, name: string): number => {
  const letters = [...name]
  return [...word].filter(letter => {
    const at = letters.indexOf(letter)
    if (at >= 0) letters.splice(at, 1)
    return at < 0
  }).length
}
