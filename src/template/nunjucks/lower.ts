import type { Node as Foreign } from 'mlplay-nunjucks-ast'
import { TemplateError } from '../error.ts'
import { bareName } from '../names.ts'
import type {
  Arguments,
  BinaryOperator,
  Comparand,
  ComparisonOperator,
  Expression,
  For,
  Item,
  Name,
  Names,
  Parameter,
  Place,
  Statement,
  Template,
} from '../tree.ts'

// Whatever walks a tree goes down with it: one that is too deep is refused here, before anything does.
const DEEPEST = 400

const binary: Readonly<Record<string, BinaryOperator>> = {
  Add: '+',
  Sub: '-',
  Mul: '*',
  Div: '/',
  FloorDiv: '//',
  Mod: '%',
  Pow: '**',
  Concat: '~',
}

const placeOf = ({ lineno, colno }: Foreign): Place => ({ line: (lineno ?? 0) + 1, column: (colno ?? 0) + 1 })
const textOf = (node: Foreign): string => String(node.value)
const isKeywords = (node: Foreign): boolean => node.typename === 'KeywordArgs'

/** Our own tree for one of nunjucks'. Throws a `TemplateError` for statements that templates here do not have. */
export function lower(root: Foreign): Template {
  let depth = 0

  /** Counts how deep the tree is while `action` lowers what is in `node`. */
  const within = <T>(node: Foreign | null | undefined, action: (node: Foreign, at: Place) => T): T => {
    // Where nunjucks' parser runs off the end it leaves holes in its tree.
    if (node === null || node === undefined)
      throw new TemplateError('this does not parse: something is missing', { line: 1, column: 1 })
    if (++depth > DEEPEST) throw new TemplateError('this is nested too deeply', placeOf(node))
    const lowered = action(node, placeOf(node))
    depth--
    return lowered
  }

  const expression = (node: Foreign): Expression => within(node, lowerExpression)
  const perhaps = (node: Foreign | null | undefined): Expression | null =>
    node === null || node === undefined ? null : expression(node)

  function lowerExpression(node: Foreign, at: Place): Expression {
    switch (node.typename) {
      case 'Literal':
        return { kind: 'literal', at, value: node.value }
      case 'Symbol':
        return { kind: 'name', at, name: textOf(node) }
      case 'Group': {
        const items = node.children.map(expression)
        const [inside] = items
        if (items.length === 1 && inside !== undefined && node.tuple !== true) return { kind: 'group', at, inside }
        return { kind: 'tuple', at, items }
      }
      case 'Array':
        return { kind: 'list', at, items: node.children.map(expression) }
      case 'Dict':
        return {
          kind: 'dict',
          at,
          pairs: node.children.map(pair => ({
            kind: 'pair',
            at: placeOf(pair),
            key: expression(pair.key),
            value: expression(pair.value as Foreign),
          })),
        }
      case 'LookupVal':
        return item(node, at)
      case 'InlineIf':
        return {
          kind: 'conditional',
          at,
          condition: expression(node.cond),
          value: expression(node.body),
          otherwise: perhaps(node.else_),
        }
      case 'Or':
      case 'And': {
        const operator = node.typename === 'Or' ? 'or' : 'and'
        return { kind: 'logical', at, operator, left: expression(node.left), right: expression(node.right) }
      }
      case 'Not':
        return { kind: 'not', at, operand: expression(node.target) }
      case 'Neg':
      case 'Pos':
        return { kind: 'sign', at, operator: node.typename === 'Neg' ? '-' : '+', operand: expression(node.target) }
      case 'Compare':
        return { kind: 'comparison', at, first: expression(node.expr), rest: node.ops.map(comparand) }
      case 'Is': {
        const call = node.right.typename === 'FunCall' ? node.right : undefined
        const name = bareName(textOf(call === undefined ? node.right : call.name))
        return { kind: 'test', at, name, subject: expression(node.left), ...args(call?.args) }
      }
      case 'Filter': {
        const [subject, ...rest] = node.args.children
        const name = bareName(textOf(node.name))
        return { kind: 'filter', at, name, subject: expression(subject as Foreign), ...argumentsOf(rest) }
      }
      case 'FunCall':
        return { kind: 'call', at, callee: expression(node.name), ...args(node.args) }
      case 'Capture':
        return { kind: 'capture', at, body: body(node.body) }
      case 'Caller':
        return { kind: 'caller', at, name: textOf(node.name), parameters: parameters(node.args), body: body(node.body) }
      default: {
        const operator = binary[node.typename]
        if (operator === undefined)
          throw new TemplateError(`'${node.typename}' is not supported in an expression`, placeOf(node))
        return { kind: 'binary', at, operator, left: expression(node.left), right: expression(node.right) }
      }
    }
  }

  const item = (node: Foreign, at: Place): Expression => {
    const target = expression(node.target)
    const { parts } = node.val
    if (parts === undefined) return { kind: 'item', at, target, key: expression(node.val) }
    const [start = null, stop = null, step = null] = parts.map(perhaps)
    return { kind: 'slice', at, target, start, stop, step }
  }

  const comparand = ({ type, expr }: Foreign['ops'][number]): Comparand => ({
    kind: 'comparand',
    at: placeOf(expr),
    operator: type as ComparisonOperator,
    value: expression(expr),
  })

  const args = (list: Foreign | undefined): Arguments => argumentsOf(list?.children ?? [])

  const argumentsOf = (children: readonly Foreign[]): Arguments => ({
    args: children.filter(child => !isKeywords(child)).map(expression),
    named: children
      .filter(isKeywords)
      .flatMap(keywords => keywords.children)
      .map(pair => ({
        kind: 'named',
        at: placeOf(pair),
        name: textOf(pair.key),
        value: expression(pair.value as Foreign),
      })),
  })

  const parameters = (list: Foreign): readonly Parameter[] => {
    const { args: names, named } = args(list)
    return [
      ...names.map(node => ({ kind: 'parameter' as const, at: node.at, name: nameOf(node).name, fallback: null })),
      ...named.map(({ at, name, value }) => ({ kind: 'parameter' as const, at, name, fallback: value })),
    ]
  }

  const target = (node: Foreign): Name | Names =>
    within(node, (_, at) =>
      node.typename === 'Array' ? { kind: 'names', at, targets: node.children.map(target) } : nameOf(expression(node)),
    )

  /** What `{% set %}` gives a value: a name, or an item of a namespace. */
  const settable = (node: Foreign): Name | Item => {
    const lowered = expression(node)
    return lowered.kind === 'item' ? lowered : nameOf(lowered)
  }

  const body = (node: Foreign): readonly Statement[] => within(node, ({ children }) => children.flatMap(statements))

  /** What stands in a list of statements; a plain list in it is part of it. */
  const statements = (node: Foreign): readonly Statement[] => {
    if (node.typename === 'Output') return node.children.map(child => output(node, child))
    if (node.typename === 'NodeList' && node.scope !== true) return body(node)
    return [within(node, statement)]
  }

  const output = (node: Foreign, child: Foreign): Statement => {
    if (child?.typename === 'TemplateData') return { kind: 'text', at: placeOf(child), text: textOf(child) }
    return { kind: node.silent === true ? 'do' : 'output', at: placeOf(node), value: expression(child) }
  }

  function statement(node: Foreign, at: Place): Statement {
    switch (node.typename) {
      case 'NodeList':
        return { kind: 'with', at, body: node.children.flatMap(statements) }
      case 'If': {
        const condition = expression(node.cond)
        const otherwise =
          node.else_ === null ? null : node.else_.typename === 'If' ? statements(node.else_) : body(node.else_)
        return { kind: 'if', at, condition, body: body(node.body), otherwise }
      }
      case 'For':
        return loop(node, at)
      case 'Set':
        return { kind: 'set', at, targets: node.targets.map(settable), value: expression(node.value as Foreign) }
      case 'Macro':
        return { kind: 'macro', at, name: textOf(node.name), parameters: parameters(node.args), body: body(node.body) }
      case 'Include':
        return { kind: 'include', at, template: expression(node.template) }
      default:
        throw new TemplateError(`a statement of this kind (${node.typename}) is not supported`, at)
    }
  }

  const loop = (node: Foreign, at: Place): For => {
    // `for x in list if condition` arrives as an inline if without else.
    const filtered = node.arr.typename === 'InlineIf' && node.arr.else_ === null
    return {
      kind: 'for',
      at,
      target: target(node.name),
      list: expression(filtered ? node.arr.body : node.arr),
      condition: filtered ? expression(node.arr.cond) : null,
      recursive: node.recursive === true,
      body: body(node.body),
      otherwise: node.else_ === null ? null : body(node.else_),
    }
  }

  return { kind: 'template', at: placeOf(root), body: body(root) }
}

const nameOf = (node: Expression): Name => {
  if (node.kind === 'name') return node
  throw new TemplateError('a name is expected here', node.at)
}
