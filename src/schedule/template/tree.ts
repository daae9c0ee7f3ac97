import type { Node } from 'mlplay-nunjucks-ast'
import { parseTemplate } from './grammar.ts'

/** A whole template file, a value of a playbook, or a bare expression as in `when:`. */
export type SourceKind = 'text' | 'string' | 'expression'

/** What a bare expression is put behind to be parsed: places on its first line are off by this much. */
export const OPEN = '{{ '

export const treeOf = (source: string, kind: SourceKind): Node =>
  parseTemplate(kind === 'expression' ? `${OPEN}${source}\n}}` : source, { trimBlocks: kind === 'text' })

/** The place of a node in the text that the user wrote. */
export const placeIn = (node: Node, kind: SourceKind): { readonly line: number; readonly column: number } => ({
  line: node.lineno + 1,
  column: node.colno + 1 - (kind === 'expression' && node.lineno === 0 ? OPEN.length : 0),
})
