/** The name that was probably meant; undefined when none is similar enough. */
export function closestName(word: string, names: readonly string[]): string | undefined {
  const wanted = word.toLowerCase()
  // Short words are similar to everything, so fewer edits are allowed: one for four letters, two for seven.
  const most = Math.max(1, Math.min(3, Math.floor((wanted.length + 1) / 4)))
  let best: { readonly name: string; readonly cost: number } | undefined
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) > most) continue
    const far = distance(wanted, name.toLowerCase())
    // Not similar when every letter would have to change.
    if (far > most || far >= wanted.length) continue
    // At equal distance, prefer the name that contains the typed letters: `taks` is tasks, not tags.
    const cost = far + missingLetters(wanted, name.toLowerCase()) / 100
    if (best === undefined || cost < best.cost) best = { name, cost }
  }
  return best?.name
}

/** The text `, did you mean 'x'?`, or an empty one. */
export function didYouMean(word: string, names: readonly string[]): string {
  const best = closestName(word, names)
  return best === undefined ? '' : `, did you mean '${best}'?`
}

/** Edit distance in which swapping two neighbouring letters counts as one edit. */
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
