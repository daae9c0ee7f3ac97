/** Splits a line into blanks and words, and words also after hyphens and around dashes. */
const chunksOf = (line: string, hyphens: boolean): string[] => {
  const wordish = /(\s+)/
  const parts = line.split(wordish).filter(part => part !== '')
  if (!hyphens) return parts
  return parts.flatMap(part => (/^\s/.test(part) ? [part] : part.split(HYPHEN).filter(piece => piece !== '')))
}
// After a hyphen inside a word of letters, and around a dash of two or more characters between words.
const HYPHEN =
  /(?<=[^\d\W]{2}-)(?=[^\d\W]-?[^\d\W])|(?<=[\w]{2}-)(?=[^\d\W]{2})|(?<=[^\d\W]-[^\d\W]-)(?=[^\d\W]-?[^\d\W])|(?<=[\w!"'&.,?])(?=-{2,}\w)|(?<=[\w!"'&.,?]-{2,})(?=\w)/u

/** Python's `textwrap.wrap` of one line, without expanding tabs or replacing blanks. */
export function wrapLine(
  line: string,
  width: number,
  how: { readonly breakLong: boolean; readonly hyphens: boolean },
): readonly string[] {
  if (width <= 0) throw new RangeError('the width must be above 0')
  const chunks = chunksOf(line, how.hyphens).reverse()
  const size = (text: string): number => [...text].length
  const made: string[] = []
  while (chunks.length > 0) {
    const current: string[] = []
    let length = 0
    if (made.length > 0 && (chunks.at(-1) as string).trim() === '') chunks.pop()
    while (chunks.length > 0 && length + size(chunks.at(-1) as string) <= width) {
      const chunk = chunks.pop() as string
      current.push(chunk)
      length += size(chunk)
    }
    const long = chunks.at(-1)
    if (long !== undefined && size(long) > width) {
      const room = Math.max(1, width - length)
      if (how.breakLong) {
        const all = [...long]
        // A long word is broken after the last hyphen that fits.
        const hyphen = how.hyphens ? all.slice(0, room).lastIndexOf('-') : -1
        const cut = hyphen > 0 && all.slice(0, hyphen).some(char => char !== '-') ? hyphen + 1 : room
        current.push(all.slice(0, cut).join(''))
        chunks[chunks.length - 1] = all.slice(cut).join('')
      } else if (current.length === 0) current.push(chunks.pop() as string)
    }
    if (current.length > 0 && (current.at(-1) as string).trim() === '') current.pop()
    if (current.length > 0) made.push(current.join(''))
  }
  return made
}
