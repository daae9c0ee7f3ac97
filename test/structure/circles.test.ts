import { expect, it } from 'vitest'
import { files, importsOf } from './sources.ts'

/** Groups of files that import each other (Tarjan's strongly connected components of more than one file). */
function circles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const order = new Map<string, number>()
  const lowest = new Map<string, number>()
  const open: string[] = []
  const found: (readonly string[])[] = []
  const visit = (file: string): void => {
    order.set(file, order.size)
    lowest.set(file, order.get(file) ?? 0)
    open.push(file)
    for (const next of edges.get(file) ?? []) {
      if (!order.has(next)) visit(next)
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file) ?? 0, lowest.get(next) ?? 0))
    }
    if (lowest.get(file) !== order.get(file)) return
    const group = open.splice(open.indexOf(file))
    if (group.length > 1) found.push(group.toSorted())
  }
  for (const file of edges.keys()) if (!order.has(file)) visit(file)
  return found
}

it('the search for circles finds those that there are', () => {
  const edges = { a: ['b'], b: ['c'], c: ['a', 'd'], d: ['e'], e: ['e'], f: ['g'], g: ['f', 'a'] }
  expect(circles(new Map(Object.entries(edges)))).toEqual([
    ['a', 'b', 'c'],
    ['f', 'g'],
  ])
})

it('no files import each other in a circle, not for a type either', () => {
  expect(circles(new Map(files.map(file => [file, importsOf(file)])))).toEqual([])
})
