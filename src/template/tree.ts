import type { Node } from 'mlplay-nunjucks-ast'
import { parseBare, parseTemplate } from './grammar.ts'
import { fileSyntax, valueSyntax } from './syntax.ts'

/** A whole template file, a value of a playbook, or a bare expression as in `when:`. */
export type SourceKind = 'text' | 'string' | 'expression'

export const treeOf = (source: string, kind: SourceKind): Node =>
  kind === 'expression' ? parseBare(source) : parseTemplate(source, kind === 'text' ? fileSyntax : valueSyntax)

/** The place of a node in the text that the user wrote. */
export const placeIn = (node: Node): { readonly line: number; readonly column: number } => ({
  line: node.lineno + 1,
  column: node.colno + 1,
})
