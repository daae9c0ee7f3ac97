import type { Tokenizer } from 'nunjucks/src/lexer.js'

/**
 * A string's text as Python reads it, and so Jinja2: nunjucks would drop the backslash of every escape that it does not
 * know, and with it the meaning of '\\d'.
 */
export function readString(this: Tokenizer, delimiter: string): string {
  this.forward()
  let raw = ''
  while (!this.isFinished() && this.current() !== delimiter) {
    if (this.current() === '\\') {
      raw += '\\'
      this.forward()
    }
    raw += this.current()
    this.forward()
  }
  this.forward()
  return raw.replace(
    /\\(?:\n|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([abfnrtv\\'"]))/g,
    (_, x?: string, u?: string, wide?: string, octal?: string, letter?: string) => {
      const hex = x ?? u ?? wide
      if (hex !== undefined) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex, 16)))
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      return letter === undefined ? '' : (escapes[letter] ?? letter)
    },
  )
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
