import type { Anchor, CharacterTest } from './node.ts'

const WORD = /[\p{L}\p{N}_]/u
const DIGIT = /\p{Nd}/u

const wide =
  (ascii: CharacterTest, pattern: RegExp): CharacterTest =>
  code =>
    code < 128 ? ascii(code) : pattern.test(String.fromCodePoint(code))
const not =
  (holds: CharacterTest): CharacterTest =>
  code =>
    !holds(code)

const asciiDigit: CharacterTest = code => code >= 48 && code <= 57
const asciiWord: CharacterTest = code =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || asciiDigit(code) || code === 95
const asciiSpace: CharacterTest = code => code === 32 || (code >= 9 && code <= 13)
const word = wide(asciiWord, WORD)
const digit = wide(asciiDigit, DIGIT)
// Python's white space: four control characters more than JavaScript's, and no byte order mark.
const space: CharacterTest = code =>
  code < 128
    ? asciiSpace(code) || (code >= 28 && code <= 31)
    : code !== 0xfeff && (code === 0x85 || /\s/.test(String.fromCodePoint(code)))

/** The class for the letter of `\w \W \d \D \s \S`; undefined for others. */
export function classOf(letter: string, ascii: boolean): CharacterTest | undefined {
  switch (letter) {
    case 'w':
      return ascii ? asciiWord : word
    case 'W':
      return not(ascii ? asciiWord : word)
    case 'd':
      return ascii ? asciiDigit : digit
    case 'D':
      return not(ascii ? asciiDigit : digit)
    case 's':
      return ascii ? asciiSpace : space
    case 'S':
      return not(ascii ? asciiSpace : space)
    default:
      return undefined
  }
}

/** `\b` and `\B`. */
export const boundary = (ascii: boolean, inside: boolean): Anchor => {
  const isWord = ascii ? asciiWord : word
  return (codes, at) => {
    // In an empty text `\B` does not match either.
    if (codes.length === 0) return false
    const before = at > 0 && isWord(codes[at - 1] as number)
    const after = at < codes.length && isWord(codes[at] as number)
    return (before !== after) !== inside
  }
}

const simple = (code: number, mapped: string): number => {
  const to = mapped.codePointAt(0) ?? code
  return String.fromCodePoint(to).length === mapped.length ? to : code
}
const lower = (code: number): number => simple(code, String.fromCodePoint(code).toLowerCase())
const upper = (code: number): number => simple(code, String.fromCodePoint(code).toUpperCase())

/** Case folding: code points that differ only in case give the same result. */
export const fold = (code: number): number => {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code
  return lower(upper(code))
}

/** The test applied without regard to case. */
export const ignoringCase =
  (holds: CharacterTest): CharacterTest =>
  code =>
    holds(code) || holds(lower(code)) || holds(upper(code)) || holds(fold(code))
