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

/** Compiled sources by their text. */
const cache = <T>(make: (source: string) => T): ((source: string) => T) => {
  const known = new Map<string, T>()
  return source => {
    const found = known.get(source)
    if (found !== undefined) return found
    if (known.size > 5000) known.clear()
    const made = make(source)
    known.set(source, made)
    return made
  }
}

/** What a source was compiled to. */
interface Compiled<T> {
  readonly run: T
  /** It may change the lists and dicts that it reads. */
  readonly changes: boolean
}

const bodiesBy = (syntax: Syntax): ((source: string) => Compiled<Writer>) =>
  cache(source => compiling(() => ({ run: compileBody(parseTemplate(source, syntax)), changes: mayChange(source) })))

const bodyOfFile = bodiesBy(fileSyntax)
const bodyOfValue = bodiesBy(valueSyntax)

// Where nunjucks' parser runs off the end it leaves holes in its tree.
const compiling = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof TemplateError) throw error
    throw new TemplateError('this does not parse: something is missing', { line: 1, column: 1, cause: error })
  }
}

const included = (source: string): Writer => bodyOfFile(source).run

const frameFor = (scope: Scope, options: TemplateOptions, changes: boolean): Frame => ({
  scope: changes ? ownCopies(scope) : scope,
  locals: new Map(),
  parent: undefined,
  run: newRun(options, included),
})

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
  bodyOf: (source: string) => Compiled<Writer>,
  [scope, options]: readonly [Scope, TemplateOptions],
): unknown =>
  bounded(() => {
    const chunks: Chunks = []
    const body = bodyOf(source)
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
    const deep = error.message.startsWith('Maximum call stack')
    const message = deep ? 'a value or a template is nested too deeply' : error.message
    throw new TemplateError(message, { line: 1, column: 1, cause: error })
  }
}

/** A bare expression, as in `when:`. */
export const evaluate = (expression: string, scope: Scope, options: TemplateOptions = {}): unknown =>
  bounded(() => {
    const { run, changes } = expressionOf(expression)
    return finished(run(frameFor(scope, options, changes)))
  })

const expressionOf = cache<Compiled<Closure>>(expression =>
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
    if (kind === 'text') bodyOfFile(source)
    else bodyOfValue(source)
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
