import type { Node } from 'mlplay-nunjucks-ast'
import { globalNames } from './compile.ts'
import { placeIn, type SourceKind, treeOf } from './tree.ts'

export interface FreeName {
  readonly name: string
  readonly line: number
  readonly column: number
  /** Read only where an undefined value is allowed: `default`, `is defined`, or behind a condition that asked for it. */
  readonly guarded: boolean
  /** What is read of it, where that is written out: `hostname` of `ansible_facts.hostname`. */
  readonly key?: string
}

/** Where a name stands: names that the template itself defines, and whether undefined values are allowed there. */
interface State {
  readonly bound: Set<string>
  /** Names that a condition around this place asked for. */
  readonly asked: ReadonlySet<string>
  readonly guarded: boolean
}

/** Filters whose subject may be undefined. */
const lax = new Set(['default', 'd', 'mandatory'])
/** Filters that a list may pass through with undefined items in it, when they ask for that very test. */
const choosing = new Set(['select', 'reject'])
const definedTests = new Set(['defined', 'undefined'])

/** The variables that a template reads from outside. Throws a `TemplateError` for what does not parse. */
export function freeNames(source: string, kind: SourceKind): readonly FreeName[] {
  const found: FreeName[] = []
  visitAll(treeOf(source, kind), { bound: new Set(), asked: new Set(), guarded: false }, { found })
  return found
}

interface Sink {
  readonly found: FreeName[]
}

function visitAll(node: unknown, state: State, sink: Sink): void {
  if (Array.isArray(node)) for (const item of node) visitAll(item, state, sink)
  else if (node !== null && typeof node === 'object') {
    if ('typename' in node) visit(node as Node, state, sink)
    else if ('expr' in node && 'type' in node) visitAll(node.expr, state, sink)
  }
}

function visit(node: Node, state: State, sink: Sink): void {
  const go = (child: unknown, more: Partial<State> = {}) => visitAll(child, { ...state, ...more }, sink)
  const lazily = (child: unknown) => go(child, { guarded: true })
  switch (node.typename) {
    case 'Symbol':
      return found(node, undefined, state, sink)
    case 'LookupVal':
      if (node.target.typename === 'Symbol' && node.val.typename === 'Literal')
        return found(node.target, String(node.val.value), state, sink)
      go(node.target)
      return go(node.val, { guarded: false })
    case 'Filter':
      return filter(node, go)
    case 'Is': {
      const call = node.right.typename === 'FunCall' ? node.right : undefined
      if (definedTests.has(String(call === undefined ? node.right.value : call.name.value))) lazily(node.left)
      else go(node.left)
      return go(call?.args)
    }
    case 'FunCall':
      // A macro's argument is looked at when the macro reads it.
      if (node.name.typename === 'Symbol' && state.bound.has(String(node.name.value))) return lazily(node.args)
      go(node.name)
      return go(node.args)
    case 'For':
      return loop(node, state, go)
    case 'Set':
      // `{% set x = y %}` only gives y another name.
      if ((node.value as Node | undefined)?.typename === 'Symbol') lazily(node.value)
      else go(node.value)
      for (const target of node.targets) if (target.typename === 'Symbol') state.bound.add(String(target.value))
      return
    case 'Macro':
    case 'Caller':
      return macro(node, state, go)
    case 'NodeList':
      return go(node.children, (node as { scope?: boolean }).scope === true ? { bound: new Set(state.bound) } : {})
    case 'Pair':
      if ((node.key as Node).typename !== 'Symbol') go(node.key)
      return go(node.value)
    case 'InlineIf':
    case 'If':
    case 'And':
    case 'Or':
      return branch(node, state, go)
    default:
      for (const key of parts) go((node as unknown as Record<string, unknown>)[key])
  }
}

const parts = [
  'children',
  'left',
  'right',
  'target',
  'val',
  'args',
  'cond',
  'body',
  'else_',
  'arr',
  'expr',
  'ops',
  'template',
  'parts',
] as const

type Go = (child: unknown, more?: Partial<State>) => void

const found = (node: Node, key: string | undefined, state: State, { found }: Sink): void => {
  const name = String(node.value)
  if (state.bound.has(name) || globalNames.has(name)) return
  const guarded = state.guarded || state.asked.has(name)
  found.push({ name, ...placeIn(node), guarded, ...(key === undefined ? {} : { key }) })
}

function filter(node: Node, go: Go): void {
  const [subject, ...rest] = node.args.children
  const name = String(node.name.value).replace(/^ansible\.builtin\./, '')
  const [first] = rest
  const test = first?.typename === 'Literal' ? String(first.value) : ''
  if (lax.has(name) || (choosing.has(name) && definedTests.has(test)) || (name === 'map' && lax.has(test)))
    go(subject, { guarded: true })
  else go(subject)
  go(rest)
}

function loop(node: Node, { bound }: State, go: Go): void {
  const namesOf = (target: Node): readonly string[] =>
    target.typename === 'Symbol' ? [String(target.value)] : target.children.flatMap(namesOf)
  const within = new Set([...bound, 'loop', ...namesOf(node.name)])
  // `for x in list if condition` arrives as an inline if without else.
  if (node.arr.typename === 'InlineIf' && node.arr.else_ === null) {
    go(node.arr.body)
    go(node.arr.cond, { bound: within })
  } else go(node.arr)
  go(node.body, { bound: within })
  go(node.else_)
}

function macro(node: Node, { bound }: State, go: Go): void {
  bound.add(String(node.name.value))
  const keywords = node.args.children.filter(child => child.typename === 'KeywordArgs').flatMap(child => child.children)
  const names = [
    ...node.args.children.filter(child => child.typename !== 'KeywordArgs').map(child => String(child.value)),
    ...keywords.map(pair => String(pair.key.value)),
  ]
  for (const pair of keywords) go(pair.value)
  go(node.body, { bound: new Set([...bound, 'caller', 'varargs', 'kwargs', ...names]) })
}

// What a condition asks for may be absent in what hangs on it.
function branch(node: Node, { asked }: State, go: Go): void {
  const condition = node.typename === 'InlineIf' || node.typename === 'If' ? node.cond : node.left
  const inside = new Set([...asked, ...askedBy(condition)])
  go(condition)
  if (node.typename === 'And' || node.typename === 'Or') return go(node.right, { asked: inside })
  go(node.body, { asked: inside })
  go(node.else_, { asked: inside })
}

const askedBy = (condition: Node): readonly string[] => {
  const found: FreeName[] = []
  visitAll(condition, { bound: new Set(), asked: new Set(), guarded: false }, { found })
  const names = found.filter(free => free.guarded).map(free => free.name)
  return [...names, ...inVars(condition)]
}

/** `'x' in vars` and `'x' in hostvars[inventory_hostname]` ask for x. */
const inVars = (node: Node): readonly string[] => {
  if (node.typename === 'Group') return node.children.flatMap(inVars)
  if (node.typename === 'Not') return inVars(node.target)
  if (node.typename === 'And' || node.typename === 'Or') return [...inVars(node.left), ...inVars(node.right)]
  const [subject, holder] =
    node.typename === 'Compare'
      ? [node.expr, node.ops[0]?.expr]
      : node.typename === 'In'
        ? [node.left, node.right]
        : [undefined, undefined]
  if (subject?.typename !== 'Literal' || holder === undefined) return []
  const root = holder.typename === 'LookupVal' ? holder.target : holder
  return root.typename === 'Symbol' && ['vars', 'hostvars'].includes(String(root.value)) ? [String(subject.value)] : []
}
