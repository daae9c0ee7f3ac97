import type { Marks, Node } from 'mlplay-nunjucks-ast'
import lexer, { type Token } from 'nunjucks/src/lexer.js'
import nodes from 'nunjucks/src/nodes.js'
import parser from 'nunjucks/src/parser.js'
import { float, integerOf } from '../../text/exact-number.ts'
import { bareName } from '../names.ts'

/** Makes a node of nunjucks' tree, with marks of our own on it. */
export const make = (
  type: string,
  at: { readonly lineno: number; readonly colno: number },
  ...fields: unknown[]
): Node & { addChild(node: Node): void } => {
  const Maker = nodes[type]
  if (Maker === undefined) throw new Error(`nunjucks has no node of type ${type}`)
  return new Maker(at.lineno, at.colno, ...fields)
}

export const marked = <N extends Node>(node: N, marks: Marks): N => Object.assign(node, marks)

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
    return marked(make('Array', start), { parts: [parts[0] ?? null, parts[1] ?? null, parts[2] ?? null] })
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
    return marked(node, { tuple: commas > 0 || node.children.length === 0 })
  }
}
