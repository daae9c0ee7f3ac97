import lexer, { type Token, type Tokenizer } from 'nunjucks/src/lexer.js'
import { readString } from './read-string.ts'

// As Python writes numbers: 1_000, 0x1f, 1e3, 2.5e-7.
const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d+(?:_\d+)*(\.\d+(?:_\d+)*)?([eE][+-]?\d+(?:_\d+)*)?)(?![\w])/y
const INDEX = /\d+/y
const TAG = /\{[{%#]/g
const GAP = /\s*(?=["'])/y
const RAW = /\{%([-+]?)\s*raw\s*([-+]?)%\}([\s\S]*?)\{%([-+]?)\s*endraw\s*([-+]?)%\}/y

/**
 * nunjucks' tokens as Jinja2 would cut them: Python's numbers and escapes, `raw` blocks with their own dashes, `{%+` and
 * `+%}`, the newline after a comment, and no regular expressions between slashes.
 */
export function tokensOf(source: string, { trimBlocks }: { readonly trimBlocks: boolean }): Tokenizer {
  const tokens = lexer.lex(source, { trimBlocks })
  const plain = tokens.nextToken.bind(tokens)
  const waiting: Token[] = []
  const made = (type: string | undefined, value: string): Token => ({
    type: type ?? '',
    value,
    lineno: tokens.lineno,
    colno: tokens.colno,
  })
  const skip = (count: number): void => {
    for (let i = 0; i < count; i++) tokens.forward()
  }
  const skipNewline = (): void => {
    if (trimBlocks && tokens.current() === '\n') tokens.forward()
  }
  const matched = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = tokens.index
    return pattern.exec(source)
  }

  const code = (): Token | null => {
    const current = tokens.current()
    if (/\d/.test(current)) {
      // After a dot it is an index: `list.0.name`.
      const found = matched(source[tokens.index - 1] === '.' ? INDEX : NUMBER)
      if (found !== null) {
        const digits = found[0].replaceAll('_', '')
        const whole = found[1] === undefined && found[2] === undefined
        const token = made(
          whole ? lexer.TOKEN_INT : lexer.TOKEN_FLOAT,
          whole && /^0[xXoObB]/.test(digits) ? BigInt(digits).toString() : digits,
        )
        skip(found[0].length)
        return token
      }
    }
    if (current === 'r' && source[tokens.index + 1] === '/') {
      const token = made(lexer.TOKEN_SYMBOL, 'r')
      tokens.forward()
      return token
    }
    if (source.startsWith('+%}', tokens.index)) {
      const token = made(lexer.TOKEN_BLOCK_END, '%}')
      skip(3)
      tokens.in_code = false
      return token
    }
    const token = plain()
    if (token === null || token.type !== lexer.TOKEN_STRING) return token
    // Texts side by side are one: "a" "b".
    let value = token.value
    for (let gap = matched(GAP); gap !== null; gap = matched(GAP)) {
      skip(gap[0].length)
      value += plain()?.value ?? ''
    }
    return { ...token, value }
  }

  // All up to the next tag: a `#}` among it is text, as where someone commented a brace out.
  const data = (): Token | null => {
    if (tokens.isFinished()) return null
    TAG.lastIndex = tokens.index
    const end = TAG.exec(source)?.index ?? source.length
    const token = made(lexer.TOKEN_DATA, source.slice(tokens.index, end))
    skip(end - tokens.index)
    return token
  }

  const text = (): Token | null => {
    const raw = source.startsWith('{%', tokens.index) ? matched(RAW) : null
    if (raw !== null) {
      const [all, before, start, body = '', end, after] = raw
      const led = start === '-' ? body.trimStart() : body
      const inside = end === '-' ? led.trimEnd() : led
      // What the dashes at the outside take away, comments with dashes take away too.
      if (inside !== '') waiting.push(made(lexer.TOKEN_DATA, inside))
      waiting.push(made(lexer.TOKEN_COMMENT, after === '-' ? '{# -#}' : '{# #}'))
      const opening = made(lexer.TOKEN_COMMENT, before === '-' ? '{#- #}' : '{# #}')
      skip(all.length)
      if (after !== '+') skipNewline()
      return opening
    }
    const comment = source.startsWith('{#', tokens.index)
    if (!comment && !/^\{[{%]/.test(source.slice(tokens.index, tokens.index + 2))) return data()
    const token = plain()
    if (token !== null && comment) skipNewline()
    // `{%+` only says that blanks before it stay: they do here.
    if (token?.type === lexer.TOKEN_BLOCK_START && tokens.current() === '+') tokens.forward()
    return token
  }

  return Object.assign(tokens, {
    _parseString: readString,
    nextToken: () => waiting.shift() ?? (tokens.in_code ? code() : text()),
  })
}
