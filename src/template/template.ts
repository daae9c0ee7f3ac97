import { type Chunks, finished, joined } from './chunks.ts'
import { compileExpression, compileTemplate } from './compile/compile.ts'
import type { Evaluate, Write } from './compile/compiler.ts'
import { Env, Rendering } from './compile/env.ts'
import { TemplateError } from './error.ts'
import { HEADER } from './header.ts'
import { checkLookups } from './lookup-calls.ts'
import { mayChange, ownCopies } from './own-copies.ts'
import { remembered, type SourceKind, treeOf } from './parsed.ts'
import type { Scope, TemplateOptions } from './scope.ts'
import { walk } from './tree.ts'
import { OMIT, show } from './values.ts'

export { TemplateError } from './error.ts'
export { type FreeName, freeNames } from './free-names.ts'
export type { SourceKind } from './parsed.ts'
export type { Lookups, Scope, TemplateOptions } from './scope.ts'

/** What a source was compiled to. */
interface Compiled<T> {
  readonly run: T
  /** It may change the lists and dicts that it reads. */
  readonly changes: boolean
}

const bodiesBy = (kind: 'text' | 'string'): ((source: string) => Compiled<Write>) =>
  remembered(source => ({ run: compileTemplate(treeOf(source, kind), included), changes: mayChange(source) }))

const included = (source: string): Write => bodyOfFile(source).run
const bodyOfFile = bodiesBy('text')
const bodyOfValue = bodiesBy('string')

const envFor = (scope: Scope, options: TemplateOptions, changes: boolean): Env =>
  new Env(changes ? ownCopies(scope) : scope, new Rendering(options))

/** A whole file, of which `{{ none }}` alone is nothing. Its last line break stays, whatever stands before it. */
export function renderText(source: string, scope: Scope, options: TemplateOptions = {}): string {
  if (!isTemplate(source)) return source
  const value = rendered(source, bodyOfFile, [scope, options])
  return value === null || value === OMIT ? '' : show(value)
}

/** A value of a playbook: what a single `{{ expression }}` gives keeps its type, anything else becomes text. */
export const renderString = (source: string, scope: Scope, options: TemplateOptions = {}): unknown =>
  isTemplate(source) ? rendered(source, bodyOfValue, [scope, options]) : source

/** What a template gives; null where it writes nothing at all. Line breaks at the end are those of its source. */
const rendered = (
  source: string,
  bodyOf: (source: string) => Compiled<Write>,
  [scope, options]: readonly [Scope, TemplateOptions],
): unknown =>
  bounded(() => {
    const chunks: Chunks = []
    const body = bodyOf(source)
    const env = envFor(scope, options, body.changes)
    body.run(env, chunks)
    const value = joined(chunks, text => env.rendering.write(text))
    if (typeof value !== 'string' || !source.endsWith('\n')) return value
    return value + '\n'.repeat(Math.max(0, lineBreaksAtEnd(source) - lineBreaksAtEnd(value)))
  })

const lineBreaksAtEnd = (text: string): number => {
  let end = text.length
  while (text[end - 1] === '\n' || (text[end - 1] === '\r' && text[end] === '\n')) end--
  return text.slice(end).replaceAll('\r', '').length
}

/** Tells that a text is to be rendered at all. */
export const isTemplate = (source: string): boolean => /\{[{%#]/.test(source) || source.startsWith(HEADER)

// Values and templates may be nested more deeply than the stack goes: no reason for the program to end.
const bounded = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const deep = error.message.startsWith('Maximum call stack')
    const message = deep ? 'a value or a template is nested too deeply' : error.message
    throw new TemplateError(message, { line: 1, column: 1, cause: error })
  }
}

/** A bare expression, as in `when:`. */
export const evaluate = (expression: string, scope: Scope, options: TemplateOptions = {}): unknown =>
  bounded(() => {
    const { run, changes } = expressionOf(expression)
    return finished(run(envFor(scope, options, changes)))
  })

const expressionOf = remembered<Compiled<Evaluate>>(expression => {
  const template = treeOf(expression, 'expression')
  const [output] = template.body
  if (output?.kind !== 'output')
    throw new TemplateError('an expression is expected here', output?.at ?? { line: 1, column: 1 })
  return { run: compileExpression(template, output.value, included), changes: mayChange(expression) }
})

/** True when some text inside the value holds a template. */
export function hasTemplate(value: unknown): boolean {
  if (typeof value === 'string') return /\{[{%]/.test(value)
  if (Array.isArray(value)) return value.some(hasTemplate)
  if (value !== null && typeof value === 'object')
    return Object.entries(value).some(([key, item]) => hasTemplate(key) || hasTemplate(item))
  return false
}

/** Throws a `TemplateError` for what is wrong whatever the variables are: syntax, unknown filters and tests. */
export function checkSyntax(source: string, kind: SourceKind): void {
  if (kind === 'string' && !isTemplate(source)) return
  if (/\b(lookup|query|q)\b/.test(source)) checkLookups(source, kind)
  if (kind === 'expression') expressionOf(source)
  else if (kind === 'text') bodyOfFile(source)
  else bodyOfValue(source)
  if (source.includes('include')) refuseInclude(source, kind)
}

// The evaluator can, but a run hands it no files yet: told before the first host instead of at it.
const refuseInclude = (source: string, kind: SourceKind): void =>
  walk(treeOf(source, kind), ({ kind: node, at }) => {
    if (node === 'include') throw new TemplateError('{% include %} is not there yet: put the text itself here', at)
  })
