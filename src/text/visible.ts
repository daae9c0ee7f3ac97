// C0 except tab and newline, DEL, C1, and bidirectional controls, which reorder text on screen.
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

const escaped = (char: string): string => {
  const code = char.charCodeAt(0)
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

/** Escapes control characters, so that text from a host cannot move the cursor or change colours. */
export const visible = (text: string): string => text.replace(CONTROL, escaped)

/** Like `visible`, on one line. */
export const visibleLine = (text: string): string =>
  visible(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ')

/** Lines of a command's output. CR LF is a line end; trailing blank lines are dropped. */
export const visibleLines = (text: string): readonly string[] => {
  const trimmed = text.replace(/\r\n/g, '\n').replace(/\s+$/, '')
  return trimmed === '' ? [] : visible(trimmed).split('\n')
}
