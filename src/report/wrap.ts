import { stripVTControlCharacters } from 'node:util'
import { textWidth } from './text-width.ts'

const HANG = 4
// Lines of a diff and output in columns are not wrapped.
const VERBATIM = /^(?: {4,}[-+@\\]| {5}\S| {7})/

/** Wraps a line between words at the terminal's width; continuation lines are indented further. */
export function wrap(line: string, columns: number): readonly string[] {
  const bare = stripVTControlCharacters(line)
  if (textWidth(bare) <= columns || VERBATIM.test(bare)) return [line]
  const indent = ' '.repeat(Math.min((/^ */.exec(bare)?.[0].length ?? 0) + HANG, Math.floor(columns / 2)))
  const lines: string[] = []
  let current = ''
  let width = 0
  // Each piece is a word with the blanks before it; colour codes have no width.
  for (const piece of line.match(/ *[^ ]+/g) ?? []) {
    const wide = textWidth(stripVTControlCharacters(piece))
    if (width > 0 && width + wide > columns && stripVTControlCharacters(current).trim() !== '') {
      lines.push(current)
      const word = piece.trimStart()
      current = indent + word
      width = indent.length + textWidth(stripVTControlCharacters(word))
    } else {
      current += piece
      width += wide
    }
  }
  return [...lines, current]
}
