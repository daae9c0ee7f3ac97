import type { Node } from 'mlplay-nunjucks-ast'
import { type Chunks, finished, joined } from './chunks.ts'
import { type Closure, compileBody, compileExpression, type Frame, newRun, spend, type Writer } from './compile.ts'
import type { Controller } from './controller.ts'
import { TemplateError } from './error.ts'
import { parseBare, parseTemplate } from './grammar.ts'
import { HEADER } from './header.ts'
import { checkLookups } from './lookup-calls.ts'
import { mayChange, ownCopies } from './own-copies.ts'
import { fileSyntax, type Syntax, valueSyntax } from './syntax.ts'
import { type SourceKind, treeOf } from './tree.ts'
import { OMIT, show } from './values.ts'

export { TemplateError } from './error.ts'
export { type FreeName, freeNames } from './free-names.ts'

/** Variables by name; a value may be had lazily. */
export interface Scope {
  /** `undefined` when there is no such variable. */
  get(name: string): unknown
  has(name: string): boolean
  names?(): Iterable<string>
}

/** Answers `lookup('name', args, key=value)` on the controller, for who sees the variables of `scope`. */
export type Lookups = (
  name: string,
  args: readonly unknown[],
  keywords: Readonly<Record<string, unknown>>,
  scope: Scope,
) => unknown

export interface TemplateOptions {
  readonly lookup?: Lookups
  readonly now?: () => Date
  /** In [0, 1). */
  readonly random?: () => number
  /** The machine that mlplay runs on, for filters and tests that look at it. */
  readonly controller?: Controller
  /** The text of another template of the same folder. */
  readonly include?: (name: string) => string
}

const cache = new Map<string, unknown>()

const cached = <T>(key: string, make: () => T): T => {
  const known = cache.get(key)
  if (known !== undefined) return known as T
  if (cache.size > 5000) cache.clear()
  const made = make()
  cache.set(key, made)
  return made
}

/** What a source was compiled to. */
interface Compiled<T> {
  readonly run: T
  /** It may change the lists and dicts that it reads. */
  readonly changes: boolean
}

const bodyOf = (source: string, syntax: Syntax): Compiled<Writer> =>
  cached(`${syntax.backslashesStay ? 'v' : 'f'}${source}`, () =>
    compiling(() => ({ run: compileBody(parseTemplate(source, syntax)), changes: mayChange(source) })),
  )

// Where nunjucks' parser runs off the end it leaves holes in its tree.
const compiling = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof TemplateError) throw error
    throw new TemplateError('this does not parse: something is missing', { line: 1, column: 1, cause: error })
  }
}

const bodyOfFile = (source: string): Writer => bodyOf(source, fileSyntax).run

const frameFor = (scope: Scope, options: TemplateOptions, changes: boolean): Frame => ({
  scope: changes ? ownCopies(scope) : scope,
  locals: new Map(),
  parent: undefined,
  run: newRun(options, bodyOfFile),
})

/** A whole file, of which `{{ none }}` alone is nothing. Its last line break stays, whatever stands before it. */
export function renderText(source: string, scope: Scope, options: TemplateOptions = {}): string {
  if (!isTemplate(source)) return source
  const value = rendered(source, fileSyntax, [scope, options])
  return value === null || value === OMIT ? '' : show(value)
}

/** A value of a playbook: what a single `{{ expression }}` gives keeps its type, anything else becomes text. */
export const renderString = (source: string, scope: Scope, options: TemplateOptions = {}): unknown =>
  isTemplate(source) ? rendered(source, valueSyntax, [scope, options]) : source

/** What a template gives; null where it writes nothing at all. Line breaks at the end are those of its source. */
const rendered = (source: string, syntax: Syntax, [scope, options]: readonly [Scope, TemplateOptions]): unknown =>
  bounded(() => {
    const chunks: Chunks = []
    const body = bodyOf(source, syntax)
    const frame = frameFor(scope, options, body.changes)
    body.run(frame, chunks)
    const value = joined(chunks, text => spend(frame, text))
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
    throw new TemplateError('a value or a template is nested too deeply', { line: 1, column: 1, cause: error })
  }
}

/** A bare expression, as in `when:`. */
export const evaluate = (expression: string, scope: Scope, options: TemplateOptions = {}): unknown =>
  bounded(() => {
    const { run, changes } = expressionOf(expression)
    return finished(run(frameFor(scope, options, changes)))
  })

const expressionOf = (expression: string): Compiled<Closure> =>
  cached(`e${expression}`, () =>
    compiling(() => {
      const [output] = parseBare(expression).children
      const [only] = output?.children ?? []
      if (only === undefined) throw new TemplateError('an expression is expected here', { line: 1, column: 1 })
      return { run: compileExpression(only), changes: mayChange(expression) }
    }),
  )

/** True when some text inside the value holds a template. */
export function hasTemplate(value: unknown): boolean {
  if (typeof value === 'string') return /\{[{%]/.test(value)
  if (Array.isArray(value)) return value.some(hasTemplate)
  if (value !== null && typeof value === 'object')
    return Object.entries(value).some(([key, item]) => hasTemplate(key) || hasTemplate(item))
  return false
}

export type { SourceKind } from './tree.ts'

/** Throws a `TemplateError` for what is wrong whatever the variables are: syntax, unknown filters and tests. */
export function checkSyntax(source: string, kind: SourceKind): void {
  if (/\b(lookup|query|q)\b/.test(source)) checkLookups(source, kind)
  if (kind === 'expression') expressionOf(source)
  else if (kind === 'text' || isTemplate(source)) {
    bodyOf(source, kind === 'text' ? fileSyntax : valueSyntax)
    if (source.includes('include')) refuseInclude(treeOf(source, kind))
  }
}

// The evaluator can, but a run hands it no files yet: told before the first host instead of at it.
const refuseInclude = (node: unknown): void => {
  if (Array.isArray(node)) return node.forEach(refuseInclude)
  if (node === null || typeof node !== 'object') return
  const { typename, lineno, colno } = node as Node
  if (typename === 'Include')
    throw new TemplateError('{% include %} is not there yet: put the text itself here', {
      line: lineno + 1,
      column: colno + 1,
    })
  for (const child of Object.values(node)) if (typeof child === 'object') refuseInclude(child)
}
