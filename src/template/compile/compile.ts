import type * as Tree from '../tree.ts'
import { walk } from '../tree.ts'
import { compileCall, compileFilter, compileTest } from './calls.ts'
import type { Compiler, Evaluate, Write } from './compiler.ts'
import {
  compileBinary,
  compileCapture,
  compileComparison,
  compileConditional,
  compileDict,
  compileItem,
  compileList,
  compileLogical,
  compileName,
  compileNot,
  compileSign,
  compileSlice,
  compileTuple,
} from './expressions.ts'
import { compileFor } from './loops.ts'
import { compileMacro } from './macros.ts'
import {
  compileDo,
  compileIf,
  compileInclude,
  compileMacroStatement,
  compileOutput,
  compileSet,
  compileText,
  compileWith,
  inOrder,
} from './statements.ts'

type Compilers<N extends { readonly kind: string }, Compiled> = {
  readonly [K in N['kind']]: (node: Extract<N, { readonly kind: K }>, compiler: Compiler) => Compiled
}

const expressions: Compilers<Tree.Expression, Evaluate> = {
  literal:
    ({ value }) =>
    () =>
      value,
  name: compileName,
  group: ({ inside }, { expression }) => expression(inside),
  list: compileList,
  tuple: compileTuple,
  dict: compileDict,
  item: compileItem,
  slice: compileSlice,
  conditional: compileConditional,
  logical: compileLogical,
  not: compileNot,
  sign: compileSign,
  binary: compileBinary,
  comparison: compileComparison,
  test: compileTest,
  filter: compileFilter,
  call: compileCall,
  capture: compileCapture,
  caller: compileMacro,
}

const statements: Compilers<Tree.Statement, Write> = {
  text: compileText,
  output: compileOutput,
  do: compileDo,
  if: compileIf,
  for: compileFor,
  set: compileSet,
  with: compileWith,
  macro: compileMacroStatement,
  include: compileInclude,
}

/** A template as a function of what it is rendered for. `included` compiles the text of a template that it includes. */
export function compileTemplate(template: Tree.Template, included: Compiler['included']): Write {
  const compiler = compilerFor(template, included)
  const [only, ...others] = template.body
  if (only?.kind === 'output' && others.length === 0) return compileOutput(only, compiler, true)
  return compiler.body(template.body)
}

/** The only output of a bare expression. */
export const compileExpression = (
  template: Tree.Template,
  node: Tree.Expression,
  included: Compiler['included'],
): Evaluate => compilerFor(template, included).expression(node)

const compilerFor = (template: Tree.Template, included: Compiler['included']): Compiler => {
  const names = namesSetIn(template)
  const compiler: Compiler = {
    expression: node => {
      const compile = expressions[node.kind] as (node: Tree.Expression, compiler: Compiler) => Evaluate
      return compile(node, compiler)
    },
    body: body =>
      inOrder(
        body.map(node => {
          const compile = statements[node.kind] as (node: Tree.Statement, compiler: Compiler) => Write
          return compile(node, compiler)
        }),
      ),
    sets: name => names.has(name),
    included,
  }
  return compiler
}

// What loops and macros set by themselves.
const ALWAYS = ['loop', 'caller', 'varargs', 'kwargs']

const namesSetIn = (template: Tree.Template): ReadonlySet<string> => {
  const names = new Set(ALWAYS)
  const add = (target: Tree.Name | Tree.Names | Tree.Item): void => {
    if (target.kind === 'name') names.add(target.name)
    else if (target.kind === 'names') target.targets.forEach(add)
  }
  walk(template, node => {
    if (node.kind === 'for') add(node.target)
    else if (node.kind === 'set') node.targets.forEach(add)
    else if (node.kind === 'macro' || node.kind === 'caller') {
      names.add(node.name)
      for (const { name } of node.parameters) names.add(name)
    }
  })
  return names
}
