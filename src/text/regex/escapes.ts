import { RegexError } from './node.ts'

const single: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11 }

/** Reads an escape that means one character, after its backslash. Returns the code point and the length of the escape. */
export function escaped(text: string, at: number): { readonly code: number; readonly length: number } {
  const letter = text.charAt(at)
  const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(text.slice(at, at + 9))
  if (hex !== null) {
    const code = Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16)
    if (code > 0x10ffff) throw new RegexError(`\\${hex[0]} is no character`, at - 1)
    return { code, length: hex[0].length }
  }
  const octal = /^(?:0[0-7]{0,2}|[0-7]{3})/.exec(text.slice(at, at + 3))
  if (octal !== null) {
    const code = Number.parseInt(octal[0], 8)
    if (code > 0o377) throw new RegexError(`\\${octal[0]} is above \\377`, at - 1)
    return { code, length: octal[0].length }
  }
  if (Object.hasOwn(single, letter)) return { code: single[letter] as number, length: 1 }
  if (letter === 'N')
    throw new RegexError('characters by name (\\N{...}) are not supported: write \\u and its number', at - 1)
  if (/[a-zA-Z0-9]/.test(letter)) throw new RegexError(`there is no escape \\${letter}`, at - 1)
  const code = text.codePointAt(at)
  if (code === undefined) throw new RegexError('a backslash at the end', at - 1)
  return { code, length: code > 0xffff ? 2 : 1 }
}
