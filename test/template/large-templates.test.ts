import { describe, expect, it } from 'vitest'
import {
  evaluate,
  freeNames,
  renderString,
  renderText,
  type Scope,
  TemplateError,
} from '../../src/template/template.ts'

const scope: Scope = { has: name => name === 'n', get: name => (name === 'n' ? '1' : undefined) }
const SIZE = 100_000
const filled = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length))

// Processor time, not the clock's: other programs run beside a test.
const secondsOf = (action: () => unknown): number => {
  const before = process.cpuUsage()
  try {
    action()
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError)
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

// Linear work takes a tenth of a second; what goes back and forth takes ten.
const BOUND = 2

describe('a long template is rendered or refused in linear time', () => {
  it.each<[string, string]>([
    ['a sum', `{{ 1${filled(' + 1')} }}`],
    ['opening parentheses', `{{ ${filled('(')}`],
    ['parentheses that close', `{{ ${'('.repeat(5000)}1${')'.repeat(5000)} }}`],
    ['opening brackets', `{{ ${filled('[')} }}`],
    ['a list', `{{ [${filled('1,')}] }}`],
    ['negations', `{{ ${filled('not ')}1 }}`],
    ['signs', `{{ ${filled('-')}1 }}`],
    ['keys of keys', `{{ n${filled('.a')} }}`],
    ['filters', `{{ n${filled('|d')} }}`],
    ['calls', `{{ n${filled('()')} }}`],
    ['conditions', `{{ 1${filled(' and 1')} }}`],
    ['inline conditions', `{{ 1${filled(' if 1 else 1')} }}`],
    ['open blocks', filled('{% if 1 %}')],
    ['branches', `{% if 1 %}${filled('{% elif 1 %}')}{% endif %}`],
    ['open expressions', filled('{{ ')],
    ['open comments', filled('{# ')],
    ['open tags', filled('{% ')],
    ['tags in a raw block', `{% raw %}${filled('{%  ')}{% endraw %}`],
    ['quotes', `{{ ${filled('"a" ')} }}`],
    ['a quote that stays open', `{{ "${filled("'")}`],
    ['backslashes', `{{ "${filled('\\')}" }}`],
    ['blanks in a tag', `{{${filled(' ')}1}}`],
    ['blanks before a dash', `${filled(' ')}{%- if 1 %}x{% endif %}`],
    ['lines', filled('{{ 1 }}\n')],
    ['empty lines', `${filled('\n')}{{ 1 }}`],
    ['digits', `{{ ${filled('1')} }}`],
    ['options of a header', `#jinja2: ${filled('a,')}\n`],
    ['quotes in a header', `#jinja2: trim_blocks: ${filled("'")}\n`],
    ['braces', filled('{')],
  ])(
    '%s',
    (_, source) => {
      expect(secondsOf(() => renderText(source, scope))).toBeLessThan(BOUND)
      expect(secondsOf(() => renderString(source, scope))).toBeLessThan(BOUND)
      expect(secondsOf(() => freeNames(source, 'text'))).toBeLessThan(BOUND)
      expect(secondsOf(() => evaluate(source.replace(/^\{\{ | \}\}$/g, ''), scope))).toBeLessThan(BOUND)
    },
    120_000,
  )
})

describe('an invalid expression is an error that says what to write', () => {
  it.each<[string, number, RegExp]>([
    ['a = 1', 3, /compare with ==/],
    ['r.rc = 0', 6, /compare with ==/],
    ['{{ n }} == 1', 1, /take the \{\{ \}\} away/],
    ['n == {{ n }}', 6, /take the \{\{ \}\} away/],
    ['n && n', 3, /write 'and'/],
    ['n || n', 4, /.*/],
    ['!n', 1, /write 'not'/],
    ['n ==', 4, /missing at the end/],
    ["n == 'x", 6, /this quoted text has no end/],
    ['(n', 1, /'\)' is missing/],
    ['n)', 2, /nothing is open/],
    ['n + 1', 1, /n is the text '.*', make it a number with 'n \| int'/],
    ['1 < n', 1, /n is the text '.*', make it a number with 'n \| int'/],
    ["'a' + 1", 1, /'a' is a text, make it a number with '\| int'/],
    ['[n, 1] | max', 10, /is a text, make it a number with '\| int'/],
    ['5 | length', 5, /length takes/],
  ])('%s', (expression, column, message) => {
    expect(() => evaluate(expression, scope)).toThrow(
      expect.objectContaining({ line: 1, column, message: expect.stringMatching(message) }),
    )
  })

  it.each<[string, number, number, RegExp]>([
    ['a\n{% if x %}\nb\n', 2, 4, /this if has no endif/],
    ['{% for i in [1] %}\n{% if i %}\n{% endfor %}\n', 3, 4, /this endfor belongs to nothing that is open/],
    ['{% endif %}', 1, 4, /this endif belongs to nothing that is open/],
    ['x\n{{ n', 2, 1, /this \{\{ has no \}\}/],
    ['x\n{# n', 2, 1, /this comment has no #\}/],
    ['{% raw %}', 1, 1, /has no endraw/],
    ['{{ [1 }}', 1, 7, /']' is expected here/],
    ['#jinja2: trim_bloks: True\nx', 1, 10, /no 'trim_bloks', did you mean 'trim_blocks'/],
    ['#jinja2: trim_blocks: yes\nx', 1, 23, /True or False/],
    ['#jinja2: line_statement_prefix: "%"\nx', 1, 10, /cannot set 'line_statement_prefix'/],
  ])('template %j', (source, line, column, message) => {
    expect(() => renderText(source, scope)).toThrow(
      expect.objectContaining({ line, column, message: expect.stringMatching(message) }),
    )
  })
})
