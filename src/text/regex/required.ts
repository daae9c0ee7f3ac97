import type { Node } from './node.ts'

const MOST = 8

/** Some of the code points that every match contains. */
export const requiredCodes = (tree: Node): readonly number[] => [...new Set(within(tree))].slice(0, MOST)

const within = (node: Node): readonly number[] => {
  switch (node.type) {
    case 'one':
      return node.code === undefined ? [] : [node.code]
    case 'sequence':
      return node.parts.flatMap(within)
    case 'group':
    case 'atomic':
      return within(node.body)
    case 'repeat':
      return node.min > 0 ? within(node.body) : []
    case 'choice': {
      const [first = [], ...others] = node.options.map(within)
      return first.filter(code => others.every(codes => codes.includes(code)))
    }
    default:
      return []
  }
}
