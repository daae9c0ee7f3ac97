import lexer, { type Token, type Tokenizer } from 'nunjucks/src/lexer.js'
import { TemplateError } from '../error.ts'
import { readHeader } from '../header.ts'
import type { Syntax } from '../syntax.ts'
import { type CodeEnd, readCode } from './code-tokens.ts'
import { placesIn } from './places-in.ts'

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** What stands for the end of a bare expression in what the parser says. */
export const END_OF_EXPRESSION = 'the end'

type Kind = 'block' | 'variable' | 'comment'

interface Patterns {
  readonly start: RegExp
  readonly kinds: ReadonlyMap<string, Kind>
  readonly raw: RegExp
  readonly endRaw: RegExp
}

const patternsOf = new WeakMap<Syntax, Patterns>()

const patterns = (syntax: Syntax): Patterns => {
  const known = patternsOf.get(syntax)
  if (known !== undefined) return known
  const kinds = new Map<string, Kind>([
    [syntax.variableStart, 'variable'],
    [syntax.blockStart, 'block'],
    [syntax.commentStart, 'comment'],
  ])
  // Where one mark begins like another one, the longer is meant.
  const starts = [...kinds.keys()].toSorted((a, b) => b.length - a.length)
  const [open, close] = [escaped(syntax.blockStart), escaped(syntax.blockEnd)]
  const made: Patterns = {
    kinds,
    start: new RegExp(starts.map(escaped).join('|'), 'g'),
    raw: new RegExp(`\\s*raw\\s*(-?)${close}`, 'y'),
    endRaw: new RegExp(`${open}([-+]?)\\s*endraw\\s*([-+]?)${close}`, 'g'),
  }
  patternsOf.set(syntax, made)
  return made
}

/** The tokens of a template, for nunjucks' parser, cut as Jinja2 cuts them. Throws a `TemplateError`. */
export function tokensOf(given: string, base: Syntax): Tokenizer {
  const normal = given.includes('\r') ? given.replace(/\r\n?/g, '\n') : given
  const { syntax, from } = readHeader(normal, base)
  const source = !syntax.keepTrailingNewline && normal.endsWith('\n') ? normal.slice(0, -1) : normal
  const { start, kinds, raw, endRaw } = patterns(syntax)
  const placeOf = placesIn(source)
  const tokens: Token[] = []
  let at = Math.min(from, source.length)
  const fail = (message: string, offset: number): never => {
    const { lineno, colno } = placeOf(offset)
    throw new TemplateError(message, { line: lineno + 1, column: colno + 1 })
  }
  const push = (type: string | undefined, value: string, offset: number): void => {
    tokens.push({ type: type ?? '', value, ...placeOf(offset) })
  }
  const data = (text: string, offset: number): void => {
    if (text !== '')
      push(lexer.TOKEN_DATA, syntax.newline === '\n' ? text : text.replaceAll('\n', syntax.newline), offset)
  }
  // Blanks before a tag go with `-`, and those of its line with lstrip_blocks unless `+` keeps them.
  const before = (text: string, sign: string, tag: { readonly offset: number; readonly kind: Kind }): string => {
    if (sign === '-') return text.trimEnd()
    if (sign === '+' || !syntax.lstripBlocks || tag.kind === 'variable') return text
    const line = text.lastIndexOf('\n') + 1
    const starts = line > 0 || tag.offset === text.length || source[tag.offset - text.length - 1] === '\n'
    return starts && text.slice(line).trim() === '' ? text.slice(0, line) : text
  }
  const afterTag = (sign: string): void => {
    if (sign === '-') while (at < source.length && /\s/.test(source[at] as string)) at++
    else if (sign !== '+' && syntax.trimBlocks && source[at] === '\n') at++
  }
  const signAt = (offset: number): string => (/[-+]/.test(source[offset] ?? '') ? (source[offset] as string) : '')

  const comment = (offset: number): void => {
    const end = source.indexOf(syntax.commentEnd, at)
    if (end < 0) fail(`this comment has no ${syntax.commentEnd}`, offset)
    const sign = end > at || signAt(end - 1) === '' ? signAt(end - 1) : ''
    at = end + syntax.commentEnd.length
    afterTag(sign)
  }

  const rawBlock = (offset: number): boolean => {
    raw.lastIndex = at
    const opening = raw.exec(source)
    if (opening === null) return false
    at = raw.lastIndex
    if (opening[1] === '-') afterTag('-')
    endRaw.lastIndex = at
    const closing = endRaw.exec(source)
    if (closing === null) return fail(`this ${syntax.blockStart} raw ${syntax.blockEnd} has no endraw`, offset)
    data(before(source.slice(at, closing.index), closing[1] ?? '', { offset: closing.index, kind: 'block' }), at)
    at = endRaw.lastIndex
    afterTag(closing[2] ?? '')
    return true
  }

  const code = (offset: number, kind: 'block' | 'variable', mark: string): void => {
    const [startType, endType] =
      kind === 'block'
        ? [lexer.TOKEN_BLOCK_START, lexer.TOKEN_BLOCK_END]
        : [lexer.TOKEN_VARIABLE_START, lexer.TOKEN_VARIABLE_END]
    const close = kind === 'block' ? syntax.blockEnd : syntax.variableEnd
    push(startType, mark, offset)
    const end: CodeEnd = { close, signs: kind === 'block' ? '-+' : '-' }
    const found = readCode(source, at, { end, push, fail, literal: kind === 'variable' && syntax.backslashesStay })
    if (found === undefined) return fail(`this ${mark} has no ${close}`, offset)
    push(endType, close, found.from)
    at = found.to
    if (kind === 'block' || found.sign === '-') afterTag(found.sign)
  }

  while (at < source.length) {
    start.lastIndex = at
    const tag = start.exec(source)
    if (tag === null) {
      data(source.slice(at), at)
      break
    }
    const [mark] = tag
    const kind = kinds.get(mark) as Kind
    const sign = signAt(tag.index + mark.length)
    data(before(source.slice(at, tag.index), sign, { offset: tag.index, kind }), at)
    at = tag.index + mark.length + sign.length
    if (kind === 'comment') comment(tag.index)
    else if (kind === 'variable' || !rawBlock(tag.index)) code(tag.index, kind, mark)
  }
  return sourceOf(tokens, syntax)
}

/** The tokens of a bare expression, as in `when:`. Throws a `TemplateError`. */
export function expressionTokens(source: string, syntax: Syntax): Tokenizer {
  const placeOf = placesIn(source)
  const tokens: Token[] = []
  const push = (type: string | undefined, value: string, offset: number): void => {
    tokens.push({ type: type ?? '', value, ...placeOf(offset) })
  }
  const fail = (message: string, offset: number): never => {
    const { lineno, colno } = placeOf(offset)
    throw new TemplateError(message, { line: lineno + 1, column: colno + 1 })
  }
  push(lexer.TOKEN_VARIABLE_START, syntax.variableStart, 0)
  readCode(source, 0, { end: undefined, push, fail, literal: false })
  // What is missing at the end is told at the last character that is there.
  push(lexer.TOKEN_VARIABLE_END, END_OF_EXPRESSION, Math.max(0, source.trimEnd().length - 1))
  return sourceOf(tokens, syntax)
}

const sourceOf = (tokens: readonly Token[], syntax: Syntax): Tokenizer => {
  let next = 0
  return {
    tags: {
      BLOCK_START: syntax.blockStart,
      BLOCK_END: syntax.blockEnd,
      VARIABLE_START: syntax.variableStart,
      VARIABLE_END: syntax.variableEnd,
      COMMENT_START: syntax.commentStart,
      COMMENT_END: syntax.commentEnd,
    },
    nextToken: () => tokens[next++] ?? null,
  }
}
