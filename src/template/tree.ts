/** A place in the text that the user wrote, from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

type Kind<K extends string, Fields> = { readonly kind: K; readonly at: Place } & Readonly<Fields>

export type Literal = Kind<'literal', { value: unknown }>
export type Name = Kind<'name', { name: string }>
/** An expression in parentheses. */
export type Group = Kind<'group', { inside: Expression }>
export type List = Kind<'list', { items: readonly Expression[] }>
export type Tuple = Kind<'tuple', { items: readonly Expression[] }>
export type Pair = Kind<'pair', { key: Expression; value: Expression }>
export type Dict = Kind<'dict', { pairs: readonly Pair[] }>
/** `target.key` and `target[key]`. */
export type Item = Kind<'item', { target: Expression; key: Expression }>
export type Slice = Kind<
  'slice',
  { target: Expression; start: Expression | null; stop: Expression | null; step: Expression | null }
>
/** `value if condition else otherwise`. */
export type Conditional = Kind<
  'conditional',
  { condition: Expression; value: Expression; otherwise: Expression | null }
>
export type Logical = Kind<'logical', { operator: 'and' | 'or'; left: Expression; right: Expression }>
export type Not = Kind<'not', { operand: Expression }>
export type Sign = Kind<'sign', { operator: '+' | '-'; operand: Expression }>
export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '~'
export type Binary = Kind<'binary', { operator: BinaryOperator; left: Expression; right: Expression }>
export type ComparisonOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in'
export type Comparand = Kind<'comparand', { operator: ComparisonOperator; value: Expression }>
/** `first < second <= third`: each comparand is compared with the one before it. */
export type Comparison = Kind<'comparison', { first: Expression; rest: readonly Comparand[] }>
/** An argument with its name: `f(name=value)`. */
export type NamedArgument = Kind<'named', { name: string; value: Expression }>

export interface Arguments {
  readonly args: readonly Expression[]
  readonly named: readonly NamedArgument[]
}

/** `subject is name(args)`. */
export type Test = Kind<'test', { name: string; subject: Expression } & Arguments>
/** `subject | name(args)`. */
export type Filter = Kind<'filter', { name: string; subject: Expression } & Arguments>
export type Call = Kind<'call', { callee: Expression } & Arguments>
/** What statements write, as a value: the body of `{% filter %}` and of a `{% set %}` without `=`. */
export type Capture = Kind<'capture', { body: readonly Statement[] }>

export type Parameter = Kind<'parameter', { name: string; fallback: Expression | null }>

interface Callable {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: readonly Statement[]
}

/** The body of `{% call %}`, handed to the macro that is called. */
export type Caller = Kind<'caller', Callable>

export type Expression =
  | Literal
  | Name
  | Group
  | List
  | Tuple
  | Dict
  | Item
  | Slice
  | Conditional
  | Logical
  | Not
  | Sign
  | Binary
  | Comparison
  | Test
  | Filter
  | Call
  | Capture
  | Caller

export type Text = Kind<'text', { text: string }>
/** `{{ value }}`, and what `{% call %}` and `{% filter %}` write. */
export type Output = Kind<'output', { value: Expression }>
export type Do = Kind<'do', { value: Expression }>
export type If = Kind<
  'if',
  { condition: Expression; body: readonly Statement[]; otherwise: readonly Statement[] | null }
>
/** Names that take a list apart: `a, (b, c)`. */
export type Names = Kind<'names', { targets: readonly (Name | Names)[] }>
export type For = Kind<
  'for',
  {
    target: Name | Names
    list: Expression
    condition: Expression | null
    recursive: boolean
    body: readonly Statement[]
    otherwise: readonly Statement[] | null
  }
>
export type SetStatement = Kind<'set', { targets: readonly (Name | Item)[]; value: Expression }>
/** Statements whose names end with them: `{% with %}`, whose own names are the first of them. */
export type With = Kind<'with', { body: readonly Statement[] }>
export type Macro = Kind<'macro', Callable>
export type Include = Kind<'include', { template: Expression }>

export type Statement = Text | Output | Do | If | For | SetStatement | With | Macro | Include

/** A whole template, or a bare expression as its only output. */
export type Template = Kind<'template', { body: readonly Statement[] }>

export type Node = Expression | Statement | Template | Pair | Comparand | NamedArgument | Parameter | Names

type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>
type ChildKey<N> = {
  [K in keyof N]: N[K] extends Node | readonly Node[] | null ? K : never
}[keyof N]

/** The fields of each kind of node that hold nodes. */
export const childKeys: { readonly [K in Node['kind']]: readonly ChildKey<NodeOf<K>>[] } = {
  template: ['body'],
  text: [],
  output: ['value'],
  do: ['value'],
  if: ['condition', 'body', 'otherwise'],
  for: ['target', 'list', 'condition', 'body', 'otherwise'],
  names: ['targets'],
  set: ['value', 'targets'],
  with: ['body'],
  macro: ['parameters', 'body'],
  caller: ['parameters', 'body'],
  parameter: ['fallback'],
  include: ['template'],
  literal: [],
  name: [],
  group: ['inside'],
  list: ['items'],
  tuple: ['items'],
  dict: ['pairs'],
  pair: ['key', 'value'],
  item: ['target', 'key'],
  slice: ['target', 'start', 'stop', 'step'],
  conditional: ['condition', 'value', 'otherwise'],
  logical: ['left', 'right'],
  not: ['operand'],
  sign: ['operand'],
  binary: ['left', 'right'],
  comparison: ['first', 'rest'],
  comparand: ['value'],
  named: ['value'],
  test: ['subject', 'args', 'named'],
  filter: ['subject', 'args', 'named'],
  call: ['callee', 'args', 'named'],
  capture: ['body'],
}

/** Calls `visit` with each node that stands directly inside of another one. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const key of childKeys[node.kind]) {
    const inside = (node as unknown as Readonly<Record<string, Node | readonly Node[] | null>>)[key]
    if (Array.isArray(inside)) for (const child of inside as readonly Node[]) visit(child)
    else if (inside !== null && inside !== undefined) visit(inside as Node)
  }
}

/** Calls `visit` with a node and all that is in it, outer ones first. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  forEachChild(node, child => {
    walk(child, visit)
  })
}
