import { beforeAll, describe, expect, it } from 'vitest'
import { parseYaml } from '../../../src/load/yaml/yaml.ts'
import { renderString, type Scope, TemplateError } from '../../../src/template/template.ts'
import { repr } from '../../../src/template/values.ts'
import { type OracleAnswer, oracle } from '../../oracle/oracle.ts'
import { filterCalls, testCalls, values } from './calls.ts'
import { known } from './known.ts'

const variables = parseYaml(values, 'values.yml').value as Readonly<Record<string, unknown>>
const scope: Scope = { get: name => variables[name], has: name => Object.hasOwn(variables, name) }
const names = Object.keys(variables)

const rows = [
  ...filterCalls.flatMap(call => names.map(name => ({ call, name, expr: `{{ ${name} | ${call} }}` }))),
  ...testCalls.flatMap(call => names.map(name => ({ call, name, expr: `{{ ${name} is ${call} }}` }))),
]

/** As Ansible hands values on: tuples become lists. */
const listed = (value: unknown): unknown =>
  Array.isArray(value)
    ? [...value].map(listed)
    : value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, listed(item)]))
      : value

const mine = (expr: string): string => {
  try {
    return repr(listed(renderString(expr, scope)))
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    return 'refused'
  }
}

let answers: readonly OracleAnswer[] = []
beforeAll(async () => {
  answers = await oracle.values(rows.map(({ expr }) => ({ expr, vars: values })))
}, 300_000)

describe('filters and tests behave as in Ansible', () => {
  it('filters and tests give the same as Ansible for every value', () => {
    const different = rows.flatMap(({ expr }, i) => {
      const answer = answers[i] as OracleAnswer
      const theirs = answer.ok ? answer.repr : 'refused'
      const ours = mine(expr)
      return ours === theirs || known.some(([one]) => one.test(expr))
        ? []
        : [`${expr}\n    ours   ${ours}\n    theirs ${answer.ok ? theirs : answer.error.slice(0, 150)}`]
    })
    expect(different).toEqual([])
  })
})
