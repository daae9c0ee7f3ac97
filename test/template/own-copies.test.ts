import { describe, expect, it } from 'vitest'
import { evaluate, renderString } from '../../src/template/template.ts'
import { layeredScope } from '../../src/values/scope.ts'

const scopeOf = (vars: Readonly<Record<string, unknown>>) => layeredScope([{ vars, data: true }], value => value)

describe('a template that modifies values modifies its own copies', () => {
  it.each([
    ["{% set _ = lines.append('c') %}{{ lines }}", ['a', 'b', 'c']],
    ["{% set _ = lines['append']('c') %}{{ lines }}", ['a', 'b', 'c']],
    ["{% set other = lines %}{% set _ = other . append('c') %}{{ lines }}", ['a', 'b', 'c']],
    ['{% for row in rows %}{% set _ = row.update({"n": 2}) %}{% endfor %}{{ rows }}', [{ n: 2 }]],
    ['{{ [rows[0].pop("n"), rows] }}', [1, [{}]]],
    ['{% set _ = hostvars.b.list.extend([2, 3]) %}{{ hostvars.b.list }}', [1, 2, 3]],
    ['{% set _ = lines.sort(reverse=true) %}{{ lines }}', ['b', 'a']],
    ['{{ lines.insert(0, "z") }}{{ lines }}', ['z', 'a', 'b']],
  ])('%s', (source, expected) => {
    const hosts: Readonly<Record<string, unknown>> = { b: { list: [1] } }
    const lazy = new Proxy(hosts, {
      ownKeys: () => {
        throw new Error('a template that reads one host lists them all')
      },
    })
    const vars = { lines: ['a', 'b'], rows: [{ n: 1 }], hostvars: lazy }
    const scope = scopeOf(vars)
    expect(renderString(source, scope)).toEqual(expected)
    expect(renderString(source, scope)).toEqual(expected)
    expect([vars.lines, vars.rows, hosts]).toEqual([['a', 'b'], [{ n: 1 }], { b: { list: [1] } }])
  })

  it('a condition does not modify variables', () => {
    const vars = { list: [1] }
    expect(evaluate('list.append(2) is none and list | length == 2', scopeOf(vars))).toBe(true)
    expect(vars.list).toEqual([1])
  })
})
