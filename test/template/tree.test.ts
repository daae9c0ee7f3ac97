import { describe, expect, it } from 'vitest'
import { treeOf } from '../../src/template/parsed.ts'
import { childKeys, forEachChild, type Node, walk } from '../../src/template/tree.ts'

/** A template with every kind of node. */
const everything = `text
{% macro m(a, b=1) %}{{ a }}{% endmacro %}
{% call(x) m(1, b=2) %}{{ x }}{% endcall %}
{% for a, (b, c) in [(1, (2, 3)),] if a recursive %}{{ loop.index }}{% else %}{{ none }}{% endfor %}
{% if (a) and not b or -c %}{{ a[1:2:3] ~ d['k'] }}{% elif a < b <= c %}{% endif %}
{% set n.x = {'k': 1} %}{% do f() %}{% with w = 1 %}{{ w if a else b }}{% endwith %}
{% filter upper %}x{% endfilter %}{{ a is defined }}{% include 'x' %}`

const kindsIn = (root: Node): ReadonlySet<string> => {
  const kinds = new Set<string>()
  walk(root, node => void kinds.add(node.kind))
  return kinds
}

const isNode = (value: unknown): value is Node => value !== null && typeof value === 'object' && 'kind' in value

describe('the tree of a template', () => {
  it('the tree contains every kind of node in the key table', () => {
    expect([...kindsIn(treeOf(everything, 'text'))].toSorted()).toEqual(Object.keys(childKeys).toSorted())
  })

  it('a walk visits every field that contains nodes', () => {
    walk(treeOf(everything, 'text'), node => {
      const children: Node[] = []
      forEachChild(node, child => void children.push(child))
      const held = Object.values(node).flat().filter(isNode)
      expect(new Set(children)).toEqual(new Set(held))
    })
  })

  it.each<[string, Node['kind'], number, number]>([
    ['a\n{{ x }}', 'name', 2, 4],
    ['a\n {{ x.y }}', 'item', 2, 6],
    ['{{ x | upper }}', 'filter', 1, 8],
    ['{{ x is defined }}', 'test', 1, 9],
    ['{{ f(1) }}', 'call', 1, 5],
    ['{{ 1 + 2 }}', 'binary', 1, 4],
    ['\n{% if x %}{% endif %}', 'if', 2, 4],
    ['{{ [1] }}', 'list', 1, 4],
  ])('of %j has its %s at line %i, column %i', (source, kind, line, column) => {
    const places: unknown[] = []
    walk(treeOf(source, 'text'), node => {
      if (node.kind === kind) places.push(node.at)
    })
    expect(places).toEqual([{ line, column }])
  })
})
