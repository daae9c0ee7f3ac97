import { parseBare, parseTemplate } from './nunjucks/parse.ts'
import { fileSyntax, valueSyntax } from './syntax.ts'
import type { Template } from './tree.ts'

/** A whole template file, a value of a playbook, or a bare expression as in `when:`. */
export type SourceKind = 'text' | 'string' | 'expression'

const MOST_KEPT = 5000

/** A function of a text that remembers what it gave for the texts of late. */
export const remembered = <T>(make: (source: string) => T): ((source: string) => T) => {
  const known = new Map<string, T>()
  return source => {
    const found = known.get(source)
    if (found !== undefined) return found
    if (known.size > MOST_KEPT) known.clear()
    const made = make(source)
    known.set(source, made)
    return made
  }
}

const parsers: Readonly<Record<SourceKind, (source: string) => Template>> = {
  text: remembered(source => parseTemplate(source, fileSyntax)),
  string: remembered(source => parseTemplate(source, valueSyntax)),
  expression: remembered(parseBare),
}

/** The tree of a source, parsed once. Throws a `TemplateError` for what does not parse. */
export const treeOf = (source: string, kind: SourceKind): Template => parsers[kind](source)
