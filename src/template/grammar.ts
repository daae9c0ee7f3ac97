import type { Node } from 'mlplay-nunjucks-ast'
import lexer, { type Token } from 'nunjucks/src/lexer.js'
import nodes from 'nunjucks/src/nodes.js'
import parser from 'nunjucks/src/parser.js'
import { ExactNumber, float, integerOf } from '../text/exact-number.ts'
import { TemplateError } from './error.ts'
import { bareName } from './names.ts'
import { fileSyntax, type Syntax } from './syntax.ts'
import { END_OF_EXPRESSION, expressionTokens, tokensOf } from './tokens.ts'

const make = (type: string, at: { readonly lineno: number; readonly colno: number }, ...fields: unknown[]) => {
  const Maker = nodes[type]
  if (Maker === undefined) throw new RangeError(`no node type ${type}`)
  return new Maker(at.lineno, at.colno, ...fields)
}

const numberOf = ({ type, value }: Token): unknown => {
  if (type === lexer.TOKEN_FLOAT) return float(Number(value))
  if (type !== lexer.TOKEN_INT) return undefined
  const exact = integerOf(value)
  if (exact === undefined) throw new SyntaxError(`a number of ${value.length} digits is too long`)
  return exact
}

/**
 * nunjucks' parser with Jinja2's grammar where the two differ: precedence of `+ - ~ * / // %` and of `is`, chained
 * comparisons with `in`, slices, `else` of inline `if`, trailing commas.
 */
class Grammar extends parser.Parser {
  override parseInlineIf(): Node {
    let node = this.parseOr()
    while (this.skipSymbol('if')) {
      const made = make('InlineIf', node, this.parseOr(), node, null) as Node & {
        cond: Node
        body: Node
        else_: Node | null
      }
      if (this.skipSymbol('else')) made.else_ = this.parseInlineIf()
      node = made
    }
    return node
  }

  override parseIn(): Node {
    return this.parseCompare()
  }

  override parseIs(): Node {
    return this.parseCompare()
  }

  override parseCompare(): Node {
    const first = this.parseAdd()
    const ops: { readonly expr: Node; readonly type: string }[] = []
    for (;;) {
      const token = this.peekToken()
      if (token === null) break
      if (token.type === lexer.TOKEN_OPERATOR && ['==', '!=', '<', '>', '<=', '>='].includes(token.value)) {
        this.nextToken()
        ops.push({ expr: this.parseAdd(), type: token.value })
      } else if (this.skipSymbol('in')) ops.push({ expr: this.parseAdd(), type: 'in' })
      else if (token.type === lexer.TOKEN_SYMBOL && token.value === 'not') {
        this.nextToken()
        if (!this.skipSymbol('in')) this.fail('"in" is expected after "not"', token.lineno, token.colno)
        ops.push({ expr: this.parseAdd(), type: 'not in' })
      } else break
    }
    return ops.length === 0 ? first : make('Compare', first, first, ops)
  }

  override parseAdd(): Node {
    return this.#leftToRight(
      [
        ['+', 'Add'],
        ['-', 'Sub'],
      ],
      () => this.parseConcat(),
    )
  }

  override parseConcat(): Node {
    let node = this.#product()
    while (this.skipValue(lexer.TOKEN_TILDE ?? '', '~')) node = make('Concat', node, node, this.#product())
    return node
  }

  #product(): Node {
    return this.#leftToRight(
      [
        ['*', 'Mul'],
        ['//', 'FloorDiv'],
        ['/', 'Div'],
        ['%', 'Mod'],
      ],
      () => this.#power(),
    )
  }

  #leftToRight(operators: readonly (readonly [string, string])[], operand: () => Node): Node {
    let node = operand()
    for (;;) {
      const found = operators.find(([sign]) => this.skipValue(lexer.TOKEN_OPERATOR ?? '', sign))
      if (found === undefined) return node
      node = make(found[1], node, node, operand())
    }
  }

  // As Jinja2: filters and tests bind to the signed value.
  override parseUnary(noFilters?: boolean): Node {
    const token = this.peekToken()
    let node: Node
    if (token !== null && this.skipValue(lexer.TOKEN_OPERATOR ?? '', '-'))
      node = make('Neg', token, this.parseUnary(true))
    else if (token !== null && this.skipValue(lexer.TOKEN_OPERATOR ?? '', '+'))
      node = make('Pos', token, this.parseUnary(true))
    else node = this.parsePrimary()
    if (noFilters !== true) node = this.parseFilter(node)
    return node
  }

  // Jinja2's `**` goes from left to right and binds looser than a sign: `-2 ** 2` is 4.
  #power(): Node {
    let node = this.parseUnary()
    while (this.skipValue(lexer.TOKEN_OPERATOR ?? '', '**')) node = make('Pow', node, node, this.parseUnary())
    return node
  }

  override parsePrimary(noPostfix?: boolean): Node {
    const token = this.peekToken()
    const number = token === null ? undefined : numberOf(token)
    if (token === null || number === undefined) return super.parsePrimary(noPostfix)
    this.nextToken()
    return make('Literal', token, number)
  }

  override parseFilter(start: Node): Node {
    let node = start
    for (;;) {
      if (this.skip(lexer.TOKEN_PIPE ?? '')) {
        const name = this.parseFilterName()
        node = make('Filter', name, name, make('NodeList', name, [node, ...this.parseFilterArgs(node)]))
      } else if (this.skipSymbol('is')) node = this.#test(node)
      else return node
    }
  }

  /** A name with those of the collection before it: `ansible.builtin.match`. */
  #dotted(first: { readonly value: unknown }): string {
    let name = String(first.value)
    for (;;) {
      const dot = this.peekToken()
      if (dot === null || dot.type !== lexer.TOKEN_OPERATOR || dot.value !== '.') return name
      this.nextToken()
      const part = this.nextToken()
      if (part === null || part.type !== lexer.TOKEN_SYMBOL)
        this.fail('the name of a test is expected after the dot', part?.lineno, part?.colno)
      name += `.${part.value}`
    }
  }

  #test(subject: Node): Node {
    const inverted = this.skipSymbol('not')
    const token = this.nextToken()
    if (
      token === null ||
      (token.type !== lexer.TOKEN_SYMBOL && token.type !== lexer.TOKEN_NONE && token.type !== lexer.TOKEN_BOOLEAN)
    )
      this.fail('a test name is expected after "is"', subject.lineno, subject.colno)
    const name = make('Symbol', token, bareName(token.type === lexer.TOKEN_NONE ? 'none' : this.#dotted(token)))
    const next = this.peekToken()
    let args: Node | undefined
    if (next === null) args = undefined
    else if (next.type === lexer.TOKEN_LEFT_PAREN) args = this.parseSignature()
    else if (
      [
        lexer.TOKEN_STRING,
        lexer.TOKEN_INT,
        lexer.TOKEN_FLOAT,
        lexer.TOKEN_NONE,
        lexer.TOKEN_BOOLEAN,
        lexer.TOKEN_LEFT_BRACKET,
        lexer.TOKEN_LEFT_CURLY,
      ].includes(next.type)
    )
      args = make('NodeList', next, [this.parsePrimary()])
    else if (
      next.type === lexer.TOKEN_SYMBOL &&
      !['else', 'and', 'or', 'if', 'is', 'in', 'not', 'recursive'].includes(next.value)
    )
      args = make('NodeList', next, [this.parsePrimary()])
    const test = make('Is', name, subject, args === undefined ? name : make('FunCall', name, name, args))
    return inverted ? make('Not', name, test) : test
  }

  override parsePostfix(start: Node): Node {
    let node = start
    for (;;) {
      const token = this.peekToken()
      if (token === null) return node
      if (token.type === lexer.TOKEN_LEFT_PAREN) node = make('FunCall', token, node, this.parseSignature())
      else if (token.type === lexer.TOKEN_LEFT_BRACKET) {
        this.nextToken()
        node = make('LookupVal', token, node, this.#subscript(token))
      } else if (token.type === lexer.TOKEN_OPERATOR && token.value === '.') {
        this.nextToken()
        const name = this.nextToken()
        if (
          name.type !== lexer.TOKEN_SYMBOL &&
          name.type !== lexer.TOKEN_INT &&
          name.type !== lexer.TOKEN_NONE &&
          name.type !== lexer.TOKEN_BOOLEAN
        )
          this.fail(`a name is expected after the dot, not ${name.value}`, name.lineno, name.colno)
        node = make(
          'LookupVal',
          token,
          node,
          make('Literal', name, name.type === lexer.TOKEN_INT ? Number(name.value) : String(name.value)),
        )
      } else return node
    }
  }

  #subscript(start: { readonly lineno: number; readonly colno: number }): Node {
    const parts: (Node | null)[] = [null]
    for (;;) {
      if (this.skip(lexer.TOKEN_RIGHT_BRACKET ?? '')) break
      if (this.skip(lexer.TOKEN_COLON ?? '')) parts.push(null)
      else {
        if (parts.at(-1) !== null) this.fail('"]" is expected', start.lineno, start.colno)
        parts[parts.length - 1] = this.parseExpression()
      }
    }
    const [only] = parts
    if (parts.length === 1) return only ?? this.fail('an index is expected', start.lineno, start.colno)
    const slice = make('Array', start)
    return Object.assign(slice, { typename_: 'Slice', parts: [parts[0] ?? null, parts[1] ?? null, parts[2] ?? null] })
  }

  // Trailing commas in lists, dicts and tuples; a one-element tuple stays a tuple.
  override parseAggregate(): Node | null {
    const open = this.nextToken()
    const kind =
      open.type === lexer.TOKEN_LEFT_PAREN
        ? 'Group'
        : open.type === lexer.TOKEN_LEFT_BRACKET
          ? 'Array'
          : open.type === lexer.TOKEN_LEFT_CURLY
            ? 'Dict'
            : undefined
    if (kind === undefined) return null
    const close =
      { Group: lexer.TOKEN_RIGHT_PAREN, Array: lexer.TOKEN_RIGHT_BRACKET, Dict: lexer.TOKEN_RIGHT_CURLY }[kind] ?? ''
    const node = make(kind, open)
    let commas = 0
    for (;;) {
      if (this.skip(close)) break
      if (node.children.length > commas) {
        if (!this.skip(lexer.TOKEN_COMMA ?? ''))
          this.fail('"," or the closing bracket is expected', open.lineno, open.colno)
        commas++
        continue
      }
      const item = this.parseExpression()
      if (kind !== 'Dict') node.addChild(item)
      else {
        if (!this.skip(lexer.TOKEN_COLON ?? '')) this.fail('":" is expected after the key', open.lineno, open.colno)
        node.addChild(make('Pair', item, item, this.parseExpression()))
      }
    }
    return Object.assign(node, { tuple: commas > 0 || node.children.length === 0 })
  }

  /** Names that a `for` or a `set` gives a value: `a`, `a, b` or `(a, b)`. */
  #targets(): readonly Node[] {
    const open = this.skip(lexer.TOKEN_LEFT_PAREN ?? '')
    const targets: Node[] = []
    do {
      if (open && this.peekToken()?.type === lexer.TOKEN_RIGHT_PAREN) break
      const nested = this.peekToken()?.type === lexer.TOKEN_LEFT_PAREN
      targets.push(nested ? this.parseAggregateOf(this.#targets()) : this.parsePrimary())
    } while (this.skip(lexer.TOKEN_COMMA ?? ''))
    if (open && !this.skip(lexer.TOKEN_RIGHT_PAREN ?? '')) this.fail('")" is expected after the names')
    return targets
  }

  parseAggregateOf(names: readonly Node[]): Node {
    return make('Array', names[0] ?? { lineno: 0, colno: 0 }, [...names])
  }

  /** `1, 2` without parentheses is a tuple where a statement takes a value. */
  #tuple(): Node {
    const first = this.parseExpression()
    const items = [first]
    while (this.skip(lexer.TOKEN_COMMA ?? '')) {
      if (this.peekToken()?.type === lexer.TOKEN_BLOCK_END) break
      items.push(this.parseExpression())
    }
    return items.length === 1 ? first : Object.assign(make('Group', first, items), { tuple: true })
  }

  override parseFor(): Node {
    const start = this.nextToken()
    const names = this.#targets()
    const [only] = names
    const name = names.length === 1 && only?.typename === 'Symbol' ? only : this.parseAggregateOf(names)
    if (!this.skipSymbol('in')) this.fail('"in" is expected after the names of the loop', start.lineno, start.colno)
    const arr = this.#tuple()
    const recursive = this.skipSymbol('recursive')
    this.advanceAfterBlockEnd('for')
    const body = this.parseUntilBlocks('endfor', 'else')
    let otherwise: Node | null = null
    if (this.skipSymbol('else')) {
      this.advanceAfterBlockEnd('else')
      otherwise = this.parseUntilBlocks('endfor')
    }
    this.advanceAfterBlockEnd()
    return Object.assign(make('For', start, arr, name, body, otherwise), { recursive })
  }

  override parseSet(): Node {
    const start = this.nextToken()
    const targets = this.#targets()
    if (this.skipValue(lexer.TOKEN_OPERATOR ?? '', '=')) {
      const value = this.#tuple()
      this.advanceAfterBlockEnd('set')
      return make('Set', start, targets, value)
    }
    const wrap = this.#filters()
    this.advanceAfterBlockEnd('set')
    const body = make('Capture', start, this.parseUntilBlocks('endset'))
    this.advanceAfterBlockEnd()
    return make('Set', start, targets, wrap(body))
  }

  override parseFilterStatement(): Node {
    const start = this.nextToken()
    const first = this.parseFilterName()
    const args = this.parseFilterArgs(first)
    const more = this.#filters()
    this.advanceAfterBlockEnd('filter')
    const body = make('Capture', start, this.parseUntilBlocks('endfilter'))
    this.advanceAfterBlockEnd()
    const filtered = make('Filter', first, first, make('NodeList', first, [body, ...args]))
    return make('Output', start, [more(filtered)])
  }

  /** A chain of `| filter`, to be put around what comes after. */
  #filters(): (node: Node) => Node {
    const chain: { readonly name: Node; readonly args: readonly Node[] }[] = []
    while (this.skip(lexer.TOKEN_PIPE ?? '')) {
      const name = this.parseFilterName()
      chain.push({ name, args: this.parseFilterArgs(name) })
    }
    return node =>
      chain.reduce(
        (inside, { name, args }) => make('Filter', name, name, make('NodeList', name, [inside, ...args])),
        node,
      )
  }

  // `with a=1, b=2`: names for what is inside.
  #with(): Node {
    const start = this.nextToken()
    const pairs: (readonly [Node, Node])[] = []
    while (this.peekToken()?.type !== lexer.TOKEN_BLOCK_END) {
      const name = this.parsePrimary()
      if (!this.skipValue(lexer.TOKEN_OPERATOR ?? '', '=')) this.fail('"=" is expected in {% with %}')
      pairs.push([name, this.parseExpression()])
      if (!this.skip(lexer.TOKEN_COMMA ?? '')) break
    }
    this.advanceAfterBlockEnd('with')
    const body = this.parseUntilBlocks('endwith')
    this.advanceAfterBlockEnd()
    const sets = pairs.map(([name, value]) => make('Set', start, [name], value))
    return Object.assign(make('NodeList', start, [...sets, body]), { scope: true })
  }

  readonly #open: { readonly name: string; readonly lineno: number; readonly colno: number }[] = []

  // What is missing at the end is told where it was opened.
  override parseUntilBlocks(...names: string[]): Node {
    const inside = super.parseUntilBlocks(...names)
    const open = this.#open.at(-1)
    if (this.peekToken() === null && open !== undefined)
      this.fail(
        `this ${open.name} has no ${names.find(name => name.startsWith('end')) ?? names[0]}`,
        open.lineno,
        open.colno,
      )
    return inside
  }

  override advanceAfterVariableEnd(): void {
    const token = this.peekToken()
    if (token !== null && token.type === lexer.TOKEN_OPERATOR && token.value === '=')
      this.fail("'=' gives a name to a value: compare with ==", token.lineno, token.colno)
    super.advanceAfterVariableEnd()
  }

  override parseStatement(): Node | null {
    const token = this.peekToken()
    if (token === null) return super.parseStatement()
    this.#open.push({ name: String(token.value), lineno: token.lineno, colno: token.colno })
    const node = this.#statement(token)
    this.#open.pop()
    return node
  }

  #statement(token: Token): Node | null {
    if (token.type === lexer.TOKEN_SYMBOL) {
      if (token.value === 'do') {
        this.nextToken()
        const node = make('Output', token, [this.parseExpression()])
        this.advanceAfterBlockEnd('do')
        return Object.assign(node, { silent: true })
      }
      if (token.value === 'with') return this.#with()
    }
    return super.parseStatement()
  }
}

/** The tree of a template, by the syntax that its own first line may change. A syntax error carries its place. */
export const parseTemplate = (source: string, syntax: Syntax): Node =>
  parsing(() => {
    const root = new Grammar(tokensOf(source, syntax)).parseAsRoot()
    const [first, ...others] = root.children
    if (first?.typename === 'Output' && others.length === 0) Object.assign(first, { alone: true })
    return root
  })

/** The tree of a bare expression, as in `when:`; one that stands in `{{ }}` as a whole is taken without them. */
export function parseBare(source: string): Node {
  const braces = source.search(/\{[{%]/)
  if (braces >= 0 && source.slice(0, braces).trim() === '') {
    const root = parseTemplate(source, fileSyntax)
    const [first, ...others] = root.children.filter(child => !isBlank(child))
    if (first?.typename === 'Output' && others.length === 0) return { ...root, children: [first] }
  }
  try {
    return parsing(() => new Grammar(expressionTokens(source, fileSyntax)).parseAsRoot())
  } catch (error) {
    if (!(error instanceof TemplateError) || braces < 0) throw error
    const before = source.slice(0, braces)
    throw new TemplateError('take the {{ }} away: this is an expression already, names stand in it as they are', {
      line: before.split('\n').length,
      column: braces - before.lastIndexOf('\n'),
      cause: error,
    })
  }
}

const isBlank = (node: Node): boolean =>
  node.typename === 'Output' &&
  node.children.every(child => child.typename === 'TemplateData' && String(child.value).trim() === '')

// Whatever walks a tree goes down with it: a tree that is too deep is told before.
const DEEPEST = 400

const depthOf = (root: Node): Node | undefined => {
  const waiting: { readonly part: unknown; readonly depth: number }[] = [{ part: root, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part, depth } = next
    if (depth > DEEPEST) return part as Node
    const deeper = !Array.isArray(part) && 'typename' in (part as object) ? depth + 1 : depth
    for (const child of Object.values(part as object))
      if (child !== null && typeof child === 'object' && !(child instanceof ExactNumber))
        waiting.push({ part: child, depth: deeper })
  }
  return undefined
}

const parsing = (action: () => Node): Node => {
  try {
    const root = action()
    const deep = depthOf(root)
    if (deep === undefined) return root
    throw new TemplateError('this is nested too deeply', {
      line: (deep.lineno ?? 0) + 1,
      column: (deep.colno ?? 0) + 1,
    })
  } catch (error) {
    if (error instanceof TemplateError) throw error
    if (error instanceof RangeError)
      throw new TemplateError('this is nested too deeply', { line: 1, column: 1, cause: error })
    const { message, lineno, colno } = error as { message?: string; lineno?: number; colno?: number }
    const found = /\[Line (\d+), Column (\d+)\]\s*/.exec(String(message))
    // The parser counts from 1 in what it throws, from 0 everywhere else.
    const line = found === null ? (lineno ?? 1) : Number(found[1])
    const column = found === null ? (colno ?? 1) : Number(found[2])
    const said = String(message)
      .replace(/^(Template render error: )?\(.*?\)\s*/s, '')
      .replace(/\[Line \d+, Column \d+\]\s*/, '')
      .trim()
    throw new TemplateError(inOurWords(said), { line, column, cause: error })
  }
}

const inOurWords = (said: string): string => {
  const unexpected = /^unexpected token: (.+)$/s.exec(said)?.[1]
  if (unexpected === END_OF_EXPRESSION) return 'something is missing at the end'
  if (unexpected === '}}' || unexpected === '%}') return `something is missing before ${unexpected}`
  if (unexpected !== undefined) return `'${unexpected}' is not expected here`
  if (said === 'expected variable end') return 'the expression should end here: an operator or }} is missing'
  const lone = /^unknown block tag: (end\w+|else|elif)$/.exec(said)?.[1]
  if (lone !== undefined) return `this ${lone} belongs to nothing that is open`
  const block = /^expected block end in (\w+) statement$/.exec(said)?.[1]
  if (block !== undefined) return `the ${block} should end here: %} is missing`
  return said
}
