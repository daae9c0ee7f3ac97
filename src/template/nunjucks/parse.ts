import type { Node } from 'mlplay-nunjucks-ast'
import type { Tokenizer } from 'nunjucks/src/lexer.js'
import { TemplateError } from '../error.ts'
import { fileSyntax, type Syntax } from '../syntax.ts'
import type { Statement, Template } from '../tree.ts'
import { Grammar } from './grammar.ts'
import { lower } from './lower.ts'
import { END_OF_EXPRESSION, expressionTokens, tokensOf } from './tokens.ts'

/** The tree of a template, by the syntax that its own first line may change. Throws a `TemplateError` with its place. */
export const parseTemplate = (source: string, syntax: Syntax): Template => lower(parsed(() => tokensOf(source, syntax)))

/**
 * The tree of a bare expression, as in `when:`: its only statement is an output. One that stands in `{{ }}` as a whole
 * is taken without them.
 */
export function parseBare(source: string): Template {
  const braces = source.search(/\{[{%]/)
  if (braces >= 0 && source.slice(0, braces).trim() === '') {
    const template = parseTemplate(source, fileSyntax)
    const [first, ...others] = template.body.filter(statement => !isBlank(statement))
    if (first?.kind === 'output' && others.length === 0) return { ...template, body: [first] }
  }
  try {
    return lower(parsed(() => expressionTokens(source, fileSyntax)))
  } catch (error) {
    if (!(error instanceof TemplateError) || braces < 0) throw error
    const before = source.slice(0, braces)
    throw new TemplateError('take the {{ }} away: this is an expression already, names stand in it as they are', {
      line: before.split('\n').length,
      column: braces - before.lastIndexOf('\n'),
      cause: error,
    })
  }
}

const isBlank = (statement: Statement): boolean => statement.kind === 'text' && statement.text.trim() === ''

const START = { line: 1, column: 1 }

/** What nunjucks' parser makes of tokens; its errors as ours. */
const parsed = (tokens: () => Tokenizer): Node => {
  try {
    return new Grammar(tokens()).parseAsRoot()
  } catch (error) {
    if (error instanceof TemplateError) throw error
    if (error instanceof RangeError) throw new TemplateError('this is nested too deeply', { ...START, cause: error })
    // It reads on where there are no more tokens.
    if (error instanceof TypeError)
      throw new TemplateError('this does not parse: something is missing', { ...START, cause: error })
    const { message, lineno, colno } = error as { message?: string; lineno?: number; colno?: number }
    const found = /\[Line (\d+), Column (\d+)\]\s*/.exec(String(message))
    // The parser counts from 1 in what it throws, from 0 everywhere else.
    const line = found === null ? (lineno ?? 1) : Number(found[1])
    const column = found === null ? (colno ?? 1) : Number(found[2])
    const said = String(message)
      .replace(/^(Template render error: )?\(.*?\)\s*/s, '')
      .replace(/\[Line \d+, Column \d+\]\s*/, '')
      .trim()
    throw new TemplateError(inOurWords(said), { line, column, cause: error })
  }
}

const inOurWords = (said: string): string => {
  const unexpected = /^unexpected token: (.+)$/s.exec(said)?.[1]
  if (unexpected === END_OF_EXPRESSION) return 'something is missing at the end'
  if (unexpected === '}}' || unexpected === '%}') return `something is missing before ${unexpected}`
  if (unexpected !== undefined) return `'${unexpected}' is not expected here`
  if (said === 'expected variable end') return 'the expression should end here: an operator or }} is missing'
  const lone = /^unknown block tag: (end\w+|else|elif)$/.exec(said)?.[1]
  if (lone !== undefined) return `this ${lone} belongs to nothing that is open`
  const block = /^expected block end in (\w+) statement$/.exec(said)?.[1]
  if (block !== undefined) return `the ${block} should end here: %} is missing`
  return said
}
