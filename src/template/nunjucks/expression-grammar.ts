import type { Marks, Node } from 'mlplay-nunjucks-ast'
import lexer, { type Token } from 'nunjucks/src/lexer.js'
import parser from 'nunjucks/src/parser.js'
import { float, integerOf } from '../../text/exact-number.ts'
import { bareName } from '../names.ts'

/** The fields of the nodes that the grammar makes, as nunjucks names them; lists have `children`. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  Capture: ['body'],
  Compare: ['expr', 'ops'],
  Filter: ['name', 'args'],
  For: ['arr', 'name', 'body', 'else_'],
  FunCall: ['name', 'args'],
  InlineIf: ['cond', 'body', 'else_'],
  Is: ['left', 'right'],
  Literal: ['value'],
  LookupVal: ['target', 'val'],
  Neg: ['target'],
  Not: ['target'],
  Pair: ['key', 'value'],
  Pos: ['target'],
  Set: ['targets', 'value'],
  Symbol: ['value'],
}
const ofOperator = ['left', 'right']
const ofList = ['children']
const lists = new Set(['Array', 'Dict', 'Group', 'NodeList', 'Output'])

/** Makes a node of nunjucks' tree: a plain record of its fields, which costs a tenth of what nunjucks' classes do. */
export const make = (
  type: string,
  { lineno, colno }: { readonly lineno: number; readonly colno: number },
  ...fields: unknown[]
): Node => {
  const node: Record<string, unknown> = { typename: type, lineno, colno }
  const names = fieldsOf[type] ?? (lists.has(type) ? ofList : ofOperator)
  for (let i = 0; i < names.length; i++) node[names[i] as string] = fields[i] ?? null
  return node as unknown as Node
}

export const marked = <N extends Node>(node: N, marks: Marks): N => Object.assign(node, marks)

const sums = new Map([
  ['+', 'Add'],
  ['-', 'Sub'],
])
const products = new Map([
  ['*', 'Mul'],
  ['//', 'FloorDiv'],
  ['/', 'Div'],
  ['%', 'Mod'],
])
const powers = new Map([['**', 'Pow']])
const comparisons = new Set(['==', '!=', '<', '>', '<=', '>='])

const numberOf = ({ type, value }: Token): unknown => {
  if (type === lexer.TOKEN_FLOAT) return float(Number(value))
  if (type !== lexer.TOKEN_INT) return undefined
  const exact = integerOf(value)
  if (exact === undefined) throw new SyntaxError(`a number of ${value.length} digits is too long`)
  return exact
}

/**
 * nunjucks' parser with Jinja2's expressions where the two differ: precedence of `+ - ~ * / // %` and of `is`, chained
 * comparisons with `in`, slices, `else` of inline `if`, trailing commas.
 */
export class ExpressionGrammar extends parser.Parser {
  override parseInlineIf(): Node {
    let node = this.parseOr()
    while (this.skipSymbol('if')) {
      const condition = this.parseOr()
      node = make('InlineIf', node, condition, node, this.skipSymbol('else') ? this.parseInlineIf() : null)
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
      if (token.type === lexer.TOKEN_OPERATOR && comparisons.has(token.value)) {
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
    let node = this.parseConcat()
    for (let type = this.#operator(sums); type !== undefined; type = this.#operator(sums))
      node = make(type, node, node, this.parseConcat())
    return node
  }

  override parseConcat(): Node {
    let node = this.#product()
    while (this.peekToken()?.type === lexer.TOKEN_TILDE) {
      this.nextToken()
      node = make('Concat', node, node, this.#product())
    }
    return node
  }

  #product(): Node {
    let node = this.#power()
    for (let type = this.#operator(products); type !== undefined; type = this.#operator(products))
      node = make(type, node, node, this.#power())
    return node
  }

  /** The node type of the operator that comes next, if it is one of these. */
  #operator(types: ReadonlyMap<string, string>): string | undefined {
    const token = this.peekToken()
    if (token === null || token.type !== lexer.TOKEN_OPERATOR) return undefined
    const type = types.get(token.value)
    if (type !== undefined) this.nextToken()
    return type
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
    for (let type = this.#operator(powers); type !== undefined; type = this.#operator(powers))
      node = make(type, node, node, this.parseUnary())
    return node
  }

  override parsePrimary(noPostfix?: boolean): Node {
    const token = this.peekToken()
    if (token === null) return super.parsePrimary(noPostfix)
    const number = numberOf(token)
    const leaf =
      number !== undefined || token.type === lexer.TOKEN_STRING
        ? make('Literal', token, number ?? token.value)
        : token.type === lexer.TOKEN_SYMBOL
          ? make('Symbol', token, token.value)
          : undefined
    if (leaf === undefined) return super.parsePrimary(noPostfix)
    this.nextToken()
    return noPostfix === true || number !== undefined ? leaf : this.parsePostfix(leaf)
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
    return marked(make('Array', start, []), { parts: [parts[0] ?? null, parts[1] ?? null, parts[2] ?? null] })
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
    const children: Node[] = []
    let commas = 0
    for (;;) {
      if (this.skip(close)) break
      if (children.length > commas) {
        if (!this.skip(lexer.TOKEN_COMMA ?? ''))
          this.fail('"," or the closing bracket is expected', open.lineno, open.colno)
        commas++
        continue
      }
      const item = this.parseExpression()
      if (kind !== 'Dict') children.push(item)
      else {
        if (!this.skip(lexer.TOKEN_COLON ?? '')) this.fail('":" is expected after the key', open.lineno, open.colno)
        children.push(make('Pair', item, item, this.parseExpression()))
      }
    }
    return marked(make(kind, open, children), { tuple: commas > 0 || children.length === 0 })
  }
}
