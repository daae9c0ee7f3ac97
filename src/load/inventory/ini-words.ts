export interface Word {
  readonly text: string
  /** Where it starts in the line, from 0. */
  readonly start: number
}

/** The words of a host line as a shell splits them: quotes group and vanish, `#` ends the line. */
export function iniWords(line: string): { readonly words: readonly Word[]; readonly openQuote?: number } {
  const words: Word[] = []
  let text = ''
  let start = -1
  for (let i = 0; i < line.length; i++) {
    const character = line[i] ?? ''
    if (character === '#') break
    if (character === ' ' || character === '\t') {
      if (start >= 0) words.push({ text, start })
      text = ''
      start = -1
      continue
    }
    if (start < 0) start = i
    if (character === "'" || character === '"') {
      const quoted = quotedFrom(line, i)
      if (quoted === undefined) return { words, openQuote: i }
      text += quoted.text
      i = quoted.end
    } else if (character === '\\') text += line[++i] ?? ''
    else text += character
  }
  if (start >= 0) words.push({ text, start })
  return { words }
}

const quotedFrom = (line: string, open: number): { readonly text: string; readonly end: number } | undefined => {
  const quote = line[open]
  let text = ''
  for (let i = open + 1; i < line.length; i++) {
    const character = line[i] ?? ''
    if (character === quote) return { text, end: i }
    const next = line[i + 1]
    if (quote === '"' && character === '\\' && (next === '"' || next === '\\')) {
      text += next
      i++
    } else text += character
  }
  return undefined
}
