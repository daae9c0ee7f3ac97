/** The text of a quoted text as Python reads its escapes, and so Jinja2; a backslash before anything else stays. */
export const readString = (raw: string): string =>
  raw.includes('\\')
    ? raw.replace(
        /\\(?:\n|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([abfnrtv\\'"]))/g,
        (_, x?: string, u?: string, wide?: string, octal?: string, letter?: string) => {
          const hex = x ?? u ?? wide
          if (hex !== undefined) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(hex, 16)))
          if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
          return letter === undefined ? '' : (escapes[letter] ?? letter)
        },
      )
    : raw

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
}
