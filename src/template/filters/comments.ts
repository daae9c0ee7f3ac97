import { nullable, oneOf, optional, text, whole } from '../parameters.ts'
import { type Routines, routine } from '../routine.ts'

const styles = {
  plain: { decoration: '# ' },
  erlang: { decoration: '% ' },
  c: { decoration: '// ' },
  cblock: { beginning: '/*', decoration: ' * ', end: ' */' },
  xml: { beginning: '<!--', decoration: ' - ', end: '-->' },
} as const
interface Style {
  readonly beginning?: string
  readonly decoration: string
  readonly end?: string
}

/** A text as a comment of some language. */
export const commentFilters: Routines = {
  comment: routine(
    {
      text,
      style: optional(oneOf('plain', 'erlang', 'c', 'cblock', 'xml'), 'plain'),
      newline: optional(text, '\n'),
      beginning: nullable(text),
      prefix: nullable(text),
      prefix_count: optional(whole, 1),
      decoration: nullable(text),
      postfix: nullable(text),
      postfix_count: optional(whole, 1),
      end: nullable(text),
    },
    ({ text: given, style, newline, prefix_count, postfix_count, ...own }) => {
      const base: Style = styles[style]
      const decoration = own.decoration ?? base.decoration
      const beginning = own.beginning ?? base.beginning ?? ''
      const prefix = own.prefix ?? decoration.trimEnd()
      const postfix = own.postfix ?? decoration.trimEnd()
      const end = own.end ?? base.end ?? ''
      const before = prefix === '' ? '' : prefix === newline ? newline : prefix + newline
      const body = (decoration + given.replaceAll(newline, newline + decoration)).replaceAll(
        decoration + newline,
        decoration.trimEnd() + newline,
      )
      return [
        beginning === '' ? '' : beginning + newline,
        before.repeat(Math.max(0, prefix_count)),
        body,
        (newline + postfix).repeat(Math.max(0, postfix_count)),
        end === '' ? '' : newline + end,
      ].join('')
    },
  ),
}
