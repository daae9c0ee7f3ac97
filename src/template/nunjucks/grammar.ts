import type { Node } from 'mlplay-nunjucks-ast'
import lexer, { type Token } from 'nunjucks/src/lexer.js'
import { ExpressionGrammar, make, marked } from './expression-grammar.ts'

/** Statements of nunjucks' that templates here do not have. */
const notThere = new Set([
  'asyncAll',
  'asyncEach',
  'block',
  'extends',
  'from',
  'ifAsync',
  'import',
  'switch',
  'verbatim',
])

/** nunjucks' parser with Jinja2's statements where the two differ: tuples, `for`, `set`, `with`, `do` and `filter`. */
export class Grammar extends ExpressionGrammar {
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
    return items.length === 1 ? first : marked(make('Group', first, items), { tuple: true })
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
    return marked(make('For', start, arr, name, body, otherwise), { recursive })
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
    return marked(make('NodeList', start, [...sets, body]), { scope: true })
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
        return marked(node, { silent: true })
      }
      if (token.value === 'with') return this.#with()
      if (notThere.has(token.value)) this.fail(`{% ${token.value} %} is not supported`, token.lineno, token.colno)
    }
    return super.parseStatement()
  }
}
