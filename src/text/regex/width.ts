import type { Node } from './node.ts'

/** The number of code points that the expression matches; undefined when it varies. */
export function widthOf(node: Node): number | undefined {
  switch (node.type) {
    case 'one':
      return 1
    case 'at':
    case 'look':
      return 0
    case 'again':
      return undefined
    case 'group':
    case 'atomic':
      return widthOf(node.body)
    case 'sequence':
      return node.parts.map(widthOf).reduce<number | undefined>((sum, one) => add(sum, one), 0)
    case 'choice':
      return same(node.options.map(widthOf))
    case 'if':
      return same([widthOf(node.yes), widthOf(node.no)])
    case 'repeat': {
      const one = widthOf(node.body)
      return node.min === node.max && one !== undefined ? one * node.min : undefined
    }
  }
}

const add = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b
const same = (widths: readonly (number | undefined)[]): number | undefined =>
  widths.every(width => width === widths[0]) ? widths[0] : undefined
