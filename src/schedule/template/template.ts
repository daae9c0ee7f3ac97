import type { Node } from 'mlplay-nunjucks-ast'
import { type Closure, compileBody, compileExpression, type Frame, newRun, type Writer } from './compile.ts'
import type { Controller } from './controller.ts'
import { TemplateError } from './error.ts'
import { parseTemplate } from './grammar.ts'
import { checkLookups } from './lookup-calls.ts'
import { solid } from './solid.ts'
import { OPEN, type SourceKind, treeOf } from './tree.ts'

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
  /** @internal */
  readonly body?: (source: string) => Writer
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

const bodyOf = (source: string, trimBlocks: boolean): Writer =>
  cached(`${trimBlocks ? 't' : 's'}${source}`, () =>
    compiling(() => compileBody(parseTemplate(source, { trimBlocks }))),
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

const frameFor = (scope: Scope, options: TemplateOptions): Frame => ({
  scope,
  locals: new Map(),
  parent: undefined,
  run: newRun({ ...options, body: source => bodyOf(source, true) }),
})

/** A whole file: the newline after a block tag goes, the file's last newline stays (as Ansible's templates). */
export function renderText(source: string, scope: Scope, options: TemplateOptions = {}): string {
  const out: string[] = []
  // Jinja2 writes \n whatever the template was saved with.
  bodyOf(source.replace(/\r\n?/g, '\n'), true)(frameFor(scope, options), out)
  return out.join('')
}

/** A value of a playbook: one whole `{{ expression }}` keeps its type, anything else becomes text. */
export function renderString(source: string, scope: Scope, options: TemplateOptions = {}): unknown {
  if (!/\{[{%#]/.test(source)) return source
  const whole = cached(`w${source}`, () => ({ closure: compiling(() => wholeExpression(source)) })).closure
  const frame = frameFor(scope, options)
  if (whole !== undefined) return native(solid(whole(frame)))
  const out: string[] = []
  bodyOf(source, false)(frame, out)
  return out.join('')
}

const wholeExpression = (source: string): Closure | undefined => {
  const only = onlyOutput(parseTemplate(source, { trimBlocks: false }))
  return only === undefined ? undefined : compileExpression(only)
}

const onlyOutput = (root: Node): Node | undefined => {
  const [statement, ...others] = root.children
  const [expression, ...more] = statement?.children ?? []
  const single =
    statement?.typename === 'Output' &&
    others.length === 0 &&
    more.length === 0 &&
    expression?.typename !== 'TemplateData'
  return single ? expression : undefined
}

/** A bare expression, as in `when:`. */
export function evaluate(expression: string, scope: Scope, options: TemplateOptions = {}): unknown {
  return native(solid(expressionOf(expression)(frameFor(scope, options))))
}

const expressionOf = (expression: string): Closure =>
  cached(`e${expression}`, () => {
    try {
      const root = parseTemplate(`${OPEN}${expression}\n}}`, { trimBlocks: false })
      const only = onlyOutput(root)
      if (only === undefined) throw new TemplateError('one expression is expected here', { line: 1, column: 1 })
      return shifted(compiling(() => compileExpression(only)))
    } catch (error) {
      throw shift(atEnd(error, expression))
    }
  })

// What is missing at the end is missed at the braces that were put around: on a line that the expression does not have.
const atEnd = (error: unknown, expression: string): unknown => {
  const lines = expression.split('\n')
  return error instanceof TemplateError && error.line > lines.length
    ? new TemplateError(error.message.replace(/ before \}\}$/, ' at the end'), {
        line: lines.length,
        column: Math.max(1, (lines.at(-1) ?? '').length) + (lines.length === 1 ? OPEN.length : 0),
        cause: error,
      })
    : error
}

// The expression was wrapped in `{{ }}` to be parsed: places on its first line move back.
const shift = (error: unknown): unknown =>
  error instanceof TemplateError && error.line === 1
    ? new TemplateError(error.message, {
        line: 1,
        column: Math.max(1, error.column - OPEN.length),
        undefinedName: error.undefinedName,
        cause: error,
      })
    : error

const shifted =
  (closure: Closure): Closure =>
  frame => {
    try {
      return solid(closure(frame))
    } catch (error) {
      throw shift(error)
    }
  }

/** Marks of the evaluator taken off, deeply; functions cannot leave a template. */
const native = (value: unknown): unknown => {
  if (typeof value === 'function') throw new TemplateError('a function is not a value', { line: 1, column: 1 })
  if (Array.isArray(value))
    return value.some(item => typeof item === 'object' || typeof item === 'function') ? value.map(native) : value
  return value
}

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
  else if (kind === 'text' || /\{[{%#]/.test(source)) {
    bodyOf(source, kind === 'text')
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
