declare module 'nunjucks/src/lexer.js' {
  export interface Token {
    readonly type: string
    readonly value: string
    readonly lineno: number
    readonly colno: number
  }
  export interface Tokenizer {
    readonly tags: { readonly [name: string]: string }
    nextToken(): Token | null
  }
  const lexer: { readonly [token: `TOKEN_${string}`]: string }
  export default lexer
}
declare module 'nunjucks/src/parser.js' {
  import type { Node } from 'mlplay-nunjucks-ast'
  import type { Token, Tokenizer } from 'nunjucks/src/lexer.js'

  class Parser {
    constructor(tokens: Tokenizer)
    parseAsRoot(): Node
    nextToken(withWhitespace?: boolean): Token
    peekToken(): Token | null
    pushToken(token: Token): void
    skip(type: string): boolean
    skipValue(type: string, value: string): boolean
    skipSymbol(name: string): boolean
    fail(message: string, line?: number, column?: number): never
    parseExpression(): Node
    parseOr(): Node
    parsePrimary(noPostfix?: boolean): Node
    parseSignature(tolerant?: boolean | null, noParens?: boolean): Node
    parseUnary(noFilters?: boolean): Node
    parseFilterName(): Node
    parseFilterArgs(node: Node): readonly Node[]
    parsePostfix(node: Node): Node
    parseFilter(node: Node): Node
    parseFor(): Node
    parseSet(): Node
    parseFilterStatement(): Node
    parseInlineIf(): Node
    parseCompare(): Node
    parseIn(): Node
    parseIs(): Node
    parseConcat(): Node
    parseAdd(): Node
    parseAggregate(): Node | null
    advanceAfterBlockEnd(name?: string): Token
    advanceAfterVariableEnd(): void
    parseUntilBlocks(...names: string[]): Node
    parseStatement(): Node | null
  }
  const parser: { readonly Parser: typeof Parser }
  export default parser
}
declare module 'mlplay-nunjucks-ast' {
  /** What Jinja2's grammar says of a node beyond what nunjucks has fields for. */
  export interface Marks {
    /** A group with a comma in it. */
    readonly tuple?: boolean
    /** An array that is a slice: start, stop, step. */
    readonly parts?: readonly (Node | null)[]
    /** An output that writes nothing: `do`. */
    readonly silent?: boolean
    /** A list of statements with names of its own: `with`. */
    readonly scope?: boolean
    /** A loop that may call itself. */
    readonly recursive?: boolean
  }
  /** A node of nunjucks' tree: each type has some of the fields. Only lower.ts reads them. */
  export interface Node extends Marks {
    readonly typename: string
    /** From 0, as `colno`. */
    readonly lineno: number
    readonly colno: number
    readonly children: readonly Node[]
    readonly value: unknown
    readonly left: Node
    readonly right: Node
    readonly target: Node
    readonly val: Node
    readonly name: Node
    readonly args: Node
    readonly cond: Node
    readonly body: Node
    readonly else_: Node | null
    readonly arr: Node
    readonly targets: readonly Node[]
    readonly key: Node
    readonly expr: Node
    readonly ops: readonly { readonly expr: Node; readonly type: string }[]
    readonly template: Node
  }
}
