import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, renderString, renderText, type Scope, TemplateError } from '../../src/template/template.ts'

const scopeOf = (vars: Readonly<Record<string, unknown>>): Scope => ({
  get: name => (Object.hasOwn(vars, name) ? vars[name] : undefined),
  has: name => Object.hasOwn(vars, name),
})
const vars = { x: 'text', n: 1, list: [1], d: { a: 1 }, f: null }
const scope = scopeOf(vars)

const escapes = [
  '{{ x.constructor }}',
  '{{ x.constructor.constructor("return process")().pid }}',
  '{{ x["constr" ~ "uctor"]["constructor"]("globalThis.PWN=1")() }}',
  '{{ list.constructor }}',
  '{{ d.__proto__ }}',
  '{{ d["__proto__"] }}',
  '{{ d.hasOwnProperty("a") }}',
  '{{ d.toString() }}',
  '{{ range.constructor("globalThis.PWN=1")() }}',
  '{{ range["constructor"] }}',
  '{{ range.keywords }}',
  '{{ lookup.call }}',
  '{{ (range|attr("constructor"))("globalThis.PWN=1")() }}',
  '{{ list|map(attribute="constructor")|list }}',
  '{{ [x]|map("attr", "constructor")|list }}',
  '{{ x|attr("__proto__") }}',
  '{{ {}|attr("constructor") }}',
  '{{ process }}{{ globalThis }}{{ require }}{{ this }}{{ self }}',
  '{{ globalThis["process"] }}',
  '{{ d["\\\\\\", (globalThis.PWN=1), []))), ...//"]() }}',
  '{% macro m() %}{{ m.constructor("globalThis.PWN=1")() }}{% endmacro %}{{ m() }}',
  '{% for k in d %}{{ loop.cycle.constructor("globalThis.PWN=1")() }}{% endfor %}',
  '{% set ns = namespace() %}{% set ns.__proto__ = {"PWN": 1} %}{{ {}.PWN }}',
  '{{ "".split.constructor("globalThis.PWN=1")() }}',
  '{{ x|constructor }}{{ x is constructor }}',
  '{{ x|__proto__ }}',
  '{{ "{0.constructor}".format(x) }}',
  '{{ "{a[__proto__]}".format(a=d) }}',
  '{{ "{0.format.constructor}".format(x) }}',
  '{{ "{0.__class__}".format(d) }}',
  '{{ cycler("a").next.constructor("globalThis.PWN=1")() }}',
  '{{ cycler.constructor }}',
  '{{ joiner().constructor("globalThis.PWN=1")() }}',
  '{{ ([d] | groupby("a"))[0].constructor }}',
  '{{ ([d] | groupby("a"))[0]["species"] }}',
  '{% macro m() %}{{ kwargs.constructor }}{% endmacro %}{{ m(a=1) }}',
  '{% macro m() %}{{ varargs.constructor }}{% endmacro %}{{ m(1) }}',
  '{% for i in [1] recursive %}{{ loop.constructor }}{% endfor %}',
  '{{ dict([["__proto__", {"PWN": 1}]]).PWN }}',
  '{{ namespace({"__proto__": {"PWN": 1}}).PWN }}',
  '{{ d.keys.constructor }}',
  '{{ dict(__proto__={"PWN": 1}).PWN }}{{ {}.PWN }}',
  '{{ {"__proto__": {"PWN": 1}}.PWN }}',
  '{{ ({"__proto__": {"PWN": 1}}|combine({"b": 1})).PWN }}',
  '{{ ("{\\"__proto__\\": {\\"PWN\\": 1}}"|from_json).PWN }}',
]

describe('a template cannot reach JavaScript', () => {
  it.each(escapes)('%s', source => {
    expect(() => renderText(source, scope)).toThrow(TemplateError)
    expect((globalThis as { PWN?: unknown }).PWN).toBeUndefined()
    expect(({} as { PWN?: unknown }).PWN).toBeUndefined()
  })

  it('random expressions of dangerous names cannot reach JavaScript', () => {
    const word = fc.constantFrom(
      'x',
      'd',
      'list',
      'range',
      'lookup',
      'constructor',
      '__proto__',
      'prototype',
      'call',
      'apply',
      'bind',
      'process',
      '"constructor"',
      '"globalThis.PWN=1"',
      '()',
      '[',
      ']',
      '.',
      '|',
      '(',
      ')',
      'attr',
      'map',
      'is',
      '"',
      '\\',
      '`',
      '${',
      '{{',
      '}}',
      ',',
      '~',
      '+',
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), words => {
        let result: unknown
        try {
          result = evaluate(words.join(''), scope)
        } catch (error) {
          expect(error).toBeInstanceOf(TemplateError)
        }
        expect(typeof result).not.toBe('function')
        expect((globalThis as { PWN?: unknown }).PWN).toBeUndefined()
      }),
      { numRuns: 3000 },
    )
  })

  it('data is rendered only once, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('{{ 1 + 1 }}', '{% if true %}', '{#', '{{ x }}', ''), (text, lure) => {
        const data = text + lure + text
        expect(renderString('{{ v }}', scopeOf({ v: data }))).toBe(data)
        expect(renderString('a{{ v }}b', scopeOf({ v: data }))).toBe(`a${data}b`)
      }),
    )
  })

  it('a whole expression keeps its type', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(renderString('{{ v }}', scopeOf({ v: value }))).toEqual(value)
      }),
    )
  })
})

describe('an undefined value is an error with its position', () => {
  it.each([
    ['{{ nope }}', 1, 4],
    ['a\n  {{ d.nope }}', 2, 6],
    ['{{ nope + 1 }}', 1, 4],
    ['{{ "a" ~ nope }}', 1, 10],
    ['{{ nope | upper }}', 1, 4],
    ['{{ nope | length }}', 1, 4],
    ['{% if nope %}x{% endif %}', 1, 7],
    ['{{ not nope }}', 1, 8],
    ['{% for i in nope %}{% endfor %}', 1, 13],
    ['{{ nope == 1 }}', 1, 4],
    ['{{ [nope] | join }}', 1, 5],
    ['{{ d.a.b.c }}', 1, 4],
  ])('%s', (source, line, column) => {
    let error: unknown
    try {
      renderText(source, scope)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(TemplateError)
    expect(error).toMatchObject({ line, column })
    expect((error as TemplateError).undefinedName).toContain(source.includes('nope') ? 'nope' : 'd.a')
  })

  it.each([
    '{{ nope | default("d") }}',
    '{{ nope.deep.er | default("d") }}',
    '{{ d.nope | d("d") }}',
    '{{ "d" if nope is undefined }}',
    '{{ nope.x["y"] | default("d") }}',
  ])('an undefined value is accepted by %s', source => {
    expect(renderText(source, scope)).toBe('d')
  })
})

describe('bounds', () => {
  it.each([
    '{{ range(100000000) }}',
    '{{ "x" * 100000000 }}',
    '{% for i in range(2000) %}{% for j in range(2000) %}{% endfor %}{% endfor %}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{% set l = [1] %}{% for i in l recursive %}{{ loop(l) }}{% endfor %}',
    '{{ "x".center(1000000000) }}',
    '{{ "x".ljust(1000000000) }}',
    '{{ "{:>1000000000}".format(1) }}',
    '{{ "%1000000000d" % 1 }}',
    '{{ "x" | indent(1000000000, true) }}',
    '{{ 10 ** 100000 }}',
    '{{ "\t".expandtabs(1000000000) }}',
    '{{ "x".zfill(1000000000) }}',
    '{{ ("x" * 1000000).replace("x", "y" * 1000) }}',
    '{{ [1] | batch(100000000, 0) | list }}',
    '{{ ["x" * 1000000] * 1000 | join }}',
  ])('%s', source => {
    expect(() => renderText(source, scope)).toThrow(TemplateError)
  })
})
