import { escaped } from './escapes.ts'
import { RegexError } from './node.ts'
import { type Match, matches, type Regex, type Search } from './regex.ts'

type Piece = string | number

/** Parses a replacement with Python's `\1`, `\g<1>`, `\g<name>` and escapes. Throws a `RegexError`. */
export function replacementOf(text: string, regex: Regex): (match: Match) => string {
  const pieces: Piece[] = []
  const group = (index: number, at: number): void => {
    if (index > regex.groups) throw new RegexError(`there is no group ${index}`, at)
    pieces.push(index)
  }
  for (let at = 0; at < text.length; ) {
    if (text.charAt(at) !== '\\') {
      const next = text.indexOf('\\', at)
      pieces.push(text.slice(at, next < 0 ? undefined : next))
      at = next < 0 ? text.length : next
      continue
    }
    const named = /^g<([^>]*)>/.exec(text.slice(at + 1))
    const numbered = /^[1-9]\d?/.exec(text.slice(at + 1, at + 3))
    if (named !== null) {
      const word = named[1] ?? ''
      const index = /^\d+$/.test(word) ? Number(word) : regex.names.get(word)
      if (index === undefined) throw new RegexError(`there is no group '${word}'`, at)
      group(index, at)
      at += 1 + named[0].length
    } else if (numbered !== null && !/^[0-3][0-7]{2}/.test(text.slice(at + 1, at + 4))) {
      group(Number(numbered[0]), at)
      at += 1 + numbered[0].length
    } else if (/[a-zA-Z0-9]/.test(text.charAt(at + 1)) && !/[abfnrtv0-7]/.test(text.charAt(at + 1))) {
      throw new RegexError(`there is no escape \\${text.charAt(at + 1)} in a replacement`, at)
    } else if (/[a-zA-Z0-9]/.test(text.charAt(at + 1))) {
      const { code, length } = escaped(text, at + 1)
      pieces.push(String.fromCodePoint(code))
      at += 1 + length
    } else {
      // An unknown escape is kept with its backslash; `\\` becomes one backslash.
      pieces.push(text.charAt(at + 1) === '\\' ? '\\' : `\\${text.charAt(at + 1)}`)
      at += 2
    }
  }
  return match => pieces.map(piece => (typeof piece === 'string' ? piece : (match.groups[piece] ?? ''))).join('')
}

/** Python's `re.subn`: the new text and the number of replacements. `most` 0 means no limit. */
export function substitute(
  regex: Regex,
  text: string,
  how: Search & { readonly by: string; readonly most: number },
): { readonly text: string; readonly count: number } {
  const by = replacementOf(how.by, regex)
  let out = ''
  let last = 0
  let count = 0
  for (const match of matches(regex, text, how)) {
    out += text.slice(last, match.start) + by(match)
    last = match.end
    count++
    if (count === how.most) break
  }
  return { text: out + text.slice(last), count }
}
