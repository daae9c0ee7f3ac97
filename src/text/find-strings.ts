/** Finds any number of strings in one pass over a text, with the Aho-Corasick algorithm. */
export interface StringFinder {
  readonly size: number
  /** Calls `found` for the longest string that ends at each position, in ascending order. */
  find(text: string, found: (start: number, end: number) => void): void
}

export function wordFinder(words: readonly string[]): StringFinder {
  const next: Map<number, number>[] = [new Map()]
  const longest: number[] = [0]
  for (const word of words) {
    let node = 0
    for (let i = 0; i < word.length; i++) {
      const code = word.charCodeAt(i)
      let child = next[node]!.get(code)
      if (child === undefined) {
        child = next.push(new Map()) - 1
        longest.push(0)
        next[node]!.set(code, child)
      }
      node = child
    }
    longest[node] = word.length
  }

  const fail: number[] = new Array(next.length).fill(0)
  const step = (from: number, code: number): number => {
    let node = from
    for (;;) {
      const child = next[node]!.get(code)
      if (child !== undefined) return child
      if (node === 0) return 0
      node = fail[node]!
    }
  }
  const queue = [0]
  for (const node of queue) {
    for (const [code, child] of next[node]!) {
      if (node !== 0) fail[child] = step(fail[node]!, code)
      if (longest[child] === 0) longest[child] = longest[fail[child]!]!
      queue.push(child)
    }
  }

  return {
    size: words.length,
    find(text, found) {
      let node = 0
      for (let i = 0; i < text.length; i++) {
        node = step(node, text.charCodeAt(i))
        const length = longest[node]!
        if (length > 0) found(i + 1 - length, i + 1)
      }
    },
  }
}
