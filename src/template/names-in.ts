import { type Node, walk } from './tree.ts'

/** All names that pieces of a template read or set. */
export function namesIn(nodes: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const node of nodes)
    walk(node, inside => {
      if (inside.kind === 'name') names.add(inside.name)
    })
  return names
}
