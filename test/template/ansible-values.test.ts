import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseYaml } from '../../src/load/yaml/yaml.ts'
import { evaluate, renderText, type Scope, TemplateError } from '../../src/template/template.ts'
import { OMIT, repr } from '../../src/template/values.ts'
import { conditionOf } from '../../src/values/condition.ts'
import { renderDeep, renderVariable } from '../../src/values/render.ts'
import { layeredScope } from '../../src/values/scope.ts'
import { type OracleAnswer, oracle } from '../oracle/oracle.ts'

type Row = readonly [as: 'value' | 'condition' | 'expression' | 'file', source: string, vars: string]

const rows = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/ansible-rows.json'), 'utf8')) as readonly Row[]

let answers: readonly OracleAnswer[] = []

beforeAll(async () => {
  answers = await oracle.values(rows.map(([as, expr, vars]) => ({ as, expr, vars })))
}, 300_000)

const scopeOf = (vars: string): Scope => {
  const given = (parseYaml(vars, 'vars').value ?? {}) as Readonly<Record<string, unknown>>
  return layeredScope([{ vars: given }, { vars: { omit: OMIT }, data: true }], (value, scope) =>
    renderVariable(value, scope, {}),
  )
}

const valueIn = ([as, source, vars]: Row): unknown => {
  const scope = scopeOf(vars)
  if (as === 'file') return renderText(source, scope)
  if (as === 'value') return renderDeep(source, scope, {})
  return as === 'condition' ? conditionOf(evaluate(source, scope)) : evaluate(source, scope)
}

/** Python's spelling of the value; what is refused, omitted or no condition is nothing. */
const mine = (row: Row): string | undefined => {
  try {
    const value = valueIn(row)
    return value === OMIT || value === undefined ? undefined : repr(value)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return undefined
  }
}

describe('values, conditions and template files give the same as in Ansible', () => {
  it.each(rows.map((row, i) => [...row, i] as const))('%s %j with %j', (as, source, vars, i) => {
    const answer = answers[i]
    expect(mine([as, source, vars])).toBe(answer?.ok === true ? answer.repr : undefined)
  })

  // Each of these is said in docs/differences-from-ansible.md.
  it.each<[string, Row, string | undefined]>([
    ['an inline if without else is an empty text', ['value', "{{ 'a' if false }}", ''], "''"],
    ['an inline if without else has a default', ['value', "{{ ('a' if false) | default('z') }}", ''], "'z'"],
    ['omit is no text', ['value', "{{ 'a' ~ omit }}", ''], undefined],
    ['omit is no item of a text', ['value', "{{ [omit] | join(',') }}", ''], undefined],
    ['keys of a map are texts', ['value', "{{ {1: 'a', true: 2} }}", ''], "{'1': 'a', 'True': 2}"],
    ['a range is a list', ['value', '{{ range(3) }}', ''], '[0, 1, 2]'],
    ['a tuple in a variable is a list', ['value', '{{ t | type_debug }}', "t: '{{ (1, 2) }}'"], "'list'"],
    ['an item that is omitted is gone at once', ['value', '{{ l | length }}', "l: ['{{ omit }}', 1]"], '1'],
    ['an expression may stand in braces', ['expression', '{{ 1 }}', ''], '1'],
    ['a number with an exponent alone is a number', ['value', '{{ v }}', 'v: 1e3'], '1000.0'],
  ])('on purpose otherwise: %s', (_, row, expected) => {
    expect(mine(row)).toBe(expected)
  })
})
