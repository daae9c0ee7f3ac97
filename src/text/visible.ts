// C0 (but tab and newline), DEL, C1, and the bidirectional controls that reorder what is read on screen.
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

const escaped = (char: string): string => {
  const code = char.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Text from a host made safe for a terminal: control characters are spelt out, so that no output can move the cursor or recolour the screen. */
export const visible = (text: string): string => text.replace(CONTROL, escaped)

/** The same, on one line. */
export const visibleLine = (text: string): string =>
  visible(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')

/** Lines of a command's output: CR LF counts as a line end, trailing blank lines do not count. */
export const visibleLines = (text: string): readonly string[] => {
  const trimmed = text.replace(/\r\n/g, '\n').replace(/\s+$/, '')
  return trimmed === '' ? [] : visible(trimmed).split('\n')
}
