import { didYouMean } from '../text/did-you-mean.ts'
import { TemplateError } from './error.ts'
import { readString } from './read-string.ts'
import type { Syntax } from './syntax.ts'

export const HEADER = '#jinja2:'

const flags = { trim_blocks: 'trimBlocks', lstrip_blocks: 'lstripBlocks', keep_trailing_newline: 'keepTrailingNewline' }
const marks = {
  block_start_string: 'blockStart',
  block_end_string: 'blockEnd',
  variable_start_string: 'variableStart',
  variable_end_string: 'variableEnd',
  comment_start_string: 'commentStart',
  comment_end_string: 'commentEnd',
}
const names: Readonly<Record<string, keyof Syntax>> = { ...flags, ...marks, newline_sequence: 'newline' } as never
const notThere = new Set(['line_statement_prefix', 'line_comment_prefix'])
const PAIR = /\s*(?:(\w+)\s*(:)?\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^,]*?)\s*)?(,|$)/y

/**
 * The syntax that a template asks for in its first line, `#jinja2: lstrip_blocks: True, ...`, and where the template
 * itself begins. Throws a `TemplateError` at the option that is not known or has no such value.
 */
export function readHeader(source: string, base: Syntax): { readonly syntax: Syntax; readonly from: number } {
  if (!source.startsWith(HEADER)) return { syntax: base, from: 0 }
  const end = source.indexOf('\n')
  const line = source.slice(0, end < 0 ? source.length : end)
  const fail = (message: string, offset: number): never => {
    throw new TemplateError(message, { line: 1, column: offset + 1 })
  }
  if (end < 0) fail(`a line break is expected after the options of ${HEADER}`, line.length)
  const given: Record<string, unknown> = {}
  for (let at = HEADER.length; at <= line.length; ) {
    PAIR.lastIndex = at
    const [all = '', name, colon, value = ''] = PAIR.exec(line) ?? []
    const offset = at + all.length - all.trimStart().length
    if (name === undefined) return fail(`${HEADER} takes options such as lstrip_blocks: True`, offset)
    if (colon === undefined) return fail(`a colon and a value are expected after '${name}'`, offset)
    const key = Object.hasOwn(names, name) ? names[name] : undefined
    if (notThere.has(name)) return fail(`${HEADER} cannot set '${name}' here: write {% ... %} and {# ... #}`, offset)
    if (key === undefined) return fail(`${HEADER} has no '${name}'${didYouMean(name, Object.keys(names))}`, offset)
    given[key] = optionOf(name, value, message => fail(message, at + all.indexOf(value, name.length)))
    at += all.length
    if (all === '' || !all.endsWith(',')) break
  }
  return { syntax: { ...base, ...given }, from: end + 1 }
}

const optionOf = (name: string, text: string, fail: (message: string) => never): unknown => {
  if (Object.hasOwn(flags, name)) {
    if (text !== 'True' && text !== 'False') fail(`'${name}' is True or False, not '${text}'`)
    return text === 'True'
  }
  if (!/^(["']).*\1$/s.test(text) || text.length < 2) fail(`'${name}' takes a text in quotes`)
  const value = readString(text.slice(1, -1))
  if (name === 'newline_sequence') {
    if (!['\n', '\r\n', '\r'].includes(value)) fail(`'${name}' is '\\n', '\\r\\n' or '\\r'`)
  } else if (value === '') fail(`'${name}' is empty`)
  return value
}
