import { globalNames } from './compile/globals.ts'
import { type SourceKind, treeOf } from './parsed.ts'
import {
  type Arguments,
  type Call,
  type Caller,
  type Conditional,
  type Expression,
  type Filter,
  type For,
  forEachChild,
  type If,
  type Logical,
  type Macro,
  type Name,
  type Names,
  type Node,
  type SetStatement,
} from './tree.ts'

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
  visit(treeOf(source, kind), { bound: new Set(), asked: new Set(), guarded: false }, found)
  return found
}

type Go = (child: Node | null, more?: Partial<State>) => void

function visit(node: Node, state: State, found: FreeName[]): void {
  const go: Go = (child, more) => {
    if (child !== null) visit(child, more === undefined ? state : { ...state, ...more }, found)
  }
  switch (node.kind) {
    case 'name':
      return note(node, undefined, state, found)
    case 'item':
      if (node.target.kind === 'name' && node.key.kind === 'literal')
        return note(node.target, String(node.key.value), state, found)
      go(node.target)
      return go(node.key, { guarded: false })
    case 'filter':
      return filter(node, go)
    case 'test':
      go(node.subject, definedTests.has(node.name) ? { guarded: true } : {})
      return args(node, go)
    case 'call':
      return call(node, state, go)
    case 'for':
      return loop(node, state, go)
    case 'set':
      return set(node, state, go)
    case 'macro':
    case 'caller':
      return macro(node, state, go)
    case 'with':
      return body(node.body, go, { bound: new Set(state.bound) })
    case 'pair':
      if (node.key.kind !== 'name') go(node.key)
      return go(node.value)
    case 'conditional':
    case 'if':
    case 'logical':
      return branch(node, state, go)
    default:
      forEachChild(node, child => {
        go(child)
      })
  }
}

const body = (nodes: readonly Node[] | null, go: Go, more?: Partial<State>): void => {
  for (const node of nodes ?? []) go(node, more)
}

const args = ({ args, named }: Arguments, go: Go, more?: Partial<State>): void => {
  body(args, go, more)
  body(named, go, more)
}

const note = ({ name, at }: Name, key: string | undefined, state: State, found: FreeName[]): void => {
  if (state.bound.has(name) || globalNames.has(name)) return
  const guarded = state.guarded || state.asked.has(name)
  found.push({ name, ...at, guarded, ...(key === undefined ? {} : { key }) })
}

function filter(node: Filter, go: Go): void {
  const { name } = node
  const [first] = node.args
  const test = first?.kind === 'literal' ? String(first.value) : ''
  const allowed = lax.has(name) || (choosing.has(name) && definedTests.has(test)) || (name === 'map' && lax.has(test))
  go(node.subject, allowed ? { guarded: true } : {})
  args(node, go)
}

function call(node: Call, { bound }: State, go: Go): void {
  // A macro's argument is looked at when the macro reads it.
  if (node.callee.kind === 'name' && bound.has(node.callee.name)) return args(node, go, { guarded: true })
  go(node.callee)
  args(node, go)
}

function set({ targets, value }: SetStatement, { bound }: State, go: Go): void {
  // `{% set x = y %}` only gives y another name.
  go(value, value.kind === 'name' ? { guarded: true } : {})
  for (const target of targets) if (target.kind === 'name') bound.add(target.name)
}

function loop(node: For, { bound }: State, go: Go): void {
  const namesOf = (target: Name | Names): readonly string[] =>
    target.kind === 'name' ? [target.name] : target.targets.flatMap(namesOf)
  const within = new Set([...bound, 'loop', ...namesOf(node.target)])
  go(node.list)
  go(node.condition, { bound: within })
  body(node.body, go, { bound: within })
  body(node.otherwise, go)
}

function macro(node: Macro | Caller, { bound }: State, go: Go): void {
  bound.add(node.name)
  body(node.parameters, go)
  const names = node.parameters.map(parameter => parameter.name)
  body(node.body, go, { bound: new Set([...bound, 'caller', 'varargs', 'kwargs', ...names]) })
}

// What a condition asks for may be absent in what hangs on it.
function branch(node: Conditional | If | Logical, { asked }: State, go: Go): void {
  const condition = node.kind === 'logical' ? node.left : node.condition
  const inside = { asked: new Set([...asked, ...askedBy(condition)]) }
  go(condition)
  if (node.kind === 'logical') return go(node.right, inside)
  if (node.kind === 'conditional') {
    go(node.value, inside)
    return go(node.otherwise, inside)
  }
  body(node.body, go, inside)
  body(node.otherwise, go, inside)
}

const askedBy = (condition: Expression): readonly string[] => {
  const found: FreeName[] = []
  visit(condition, { bound: new Set(), asked: new Set(), guarded: false }, found)
  const names = found.filter(free => free.guarded).map(free => free.name)
  return [...names, ...inVars(condition)]
}

/** `'x' in vars` and `'x' in hostvars[inventory_hostname]` ask for x. */
const inVars = (node: Expression): readonly string[] => {
  switch (node.kind) {
    case 'group':
      return inVars(node.inside)
    case 'not':
      return inVars(node.operand)
    case 'logical':
      return [...inVars(node.left), ...inVars(node.right)]
    case 'comparison': {
      const holder = node.rest[0]?.value
      const root = holder?.kind === 'item' ? holder.target : holder
      if (node.first.kind !== 'literal' || root?.kind !== 'name') return []
      return root.name === 'vars' || root.name === 'hostvars' ? [String(node.first.value)] : []
    }
    default:
      return []
  }
}
