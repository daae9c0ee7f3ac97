import type { Json, JsonObject } from '../../model/json.ts'
import { keywordsOn } from '../../model/keywords.ts'
import { expressionKind, sourcesOf } from '../../model/params.ts'
import type { Inherited, Loop, Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { checkSyntax } from '../../template/template.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { coercedParams } from '../schema/check-params.ts'
import { validate } from '../schema/validate.ts'
import { insteadOf, typeHint } from './ansible-habits.ts'
import { checkKeywords, checkVariableNames } from './check-keywords.ts'
import { missingSource, sourcePaths } from './find-source.ts'
import { conditions, inherit, keywordsOfTask } from './inherit.ts'
import { isFile, isMap, type LoadSession, listOf, type NodeContext, within } from './loading.ts'

export interface TaskContext {
  readonly above: Inherited
  readonly loading: LoadSession
  readonly handler: boolean
}

/** A task: keywords and exactly one task type. What is wrong goes among the faults; without a type there is no task. */
export function loadTask(
  value: { readonly [key: string]: Json },
  spot: NodeContext,
  { above, loading, handler }: TaskContext,
): Task | undefined {
  const place = handler ? 'handler' : 'task'
  const type = typeIn(value, keywordsOn(place), spot, loading)
  if (type === undefined) return undefined
  const given = value[type.name]
  const keywords = Object.fromEntries(Object.entries(value).filter(([key]) => !loading.types.has(key)))
  checkKeywords(place, keywords, { what: `a ${place}`, locate: spot.locate, loading, instead: insteadOf })
  const params = paramsOf(type, given, spot, loading)
  const name =
    typeof keywords['name'] === 'string' || typeof keywords['name'] === 'number' ? String(keywords['name']) : undefined
  const task: Task = {
    kind: 'task',
    address: spot.address,
    name: name ?? type.name,
    named: name !== undefined,
    type: type.name,
    params,
    at: spot.locate([]),
    source: spot.source,
    ...(spot.role === undefined ? {} : { role: spot.role }),
    folder: spot.folder,
    inherited: inherit(above, keywords, spot.locate),
    ...(keywords['loop'] === undefined ? {} : { loop: loopOf(keywords, spot) }),
    ...keywordsOfTask(keywords, spot.locate),
    listen: listOf(keywords['listen']).map(String),
  }
  checkSources(task, type, { loading, locate: spot.locate })
  return task
}

const loopOf = (keywords: JsonObject, { locate }: NodeContext): Loop => {
  const control = isMap(keywords['loop_control']) ? keywords['loop_control'] : {}
  return {
    items: keywords['loop'] ?? [],
    at: locate(['loop']),
    variable: String(control['loop_var'] ?? 'item'),
    ...(control['index_var'] === undefined ? {} : { index: String(control['index_var']) }),
    ...(control['label'] === undefined ? {} : { label: String(control['label']) }),
    ...(control['pause'] === undefined ? {} : { pause: control['pause'] }),
    ...(control['extended'] === true ? { extended: control['extended_allitems'] === false ? 'brief' : 'all' } : {}),
    ...(control['break_when'] === undefined
      ? {}
      : { breakWhen: conditions(control, 'break_when', within(locate, 'loop_control')) }),
  }
}

function typeIn(
  value: JsonObject,
  keywords: readonly string[],
  spot: NodeContext,
  loading: LoadSession,
): AnyTaskType | undefined {
  const { types } = loading
  const found = Object.keys(value).filter(key => types.has(key))
  const [first, second] = found
  if (first !== undefined && second !== undefined) {
    loading.fault('task', `a task has one type, this has ${found.map(key => `'${key}'`).join(' and ')}`, {
      at: spot.locate([second], 'key'),
      hint: 'make a task of each',
    })
  }
  if (first !== undefined) return types.get(first)
  const unknown = Object.keys(value).find(key => !keywords.includes(key))
  if (unknown === undefined) {
    loading.fault('task', 'this task does nothing: it has no type', {
      at: spot.locate([]),
      hint: 'mlplay doc lists the task types',
    })
    return undefined
  }
  const hint = typeHint(unknown, types)
  loading.fault(
    'task-type',
    `unknown task '${unknown}'${hint === undefined ? didYouMean(unknown, [...types.keys(), ...keywords]) : ''}`,
    { at: spot.locate([unknown], 'key'), hint: hint ?? 'mlplay doc lists the task types' },
  )
  return undefined
}

function paramsOf(type: AnyTaskType, given: Json | undefined, spot: NodeContext, loading: LoadSession): JsonObject {
  const { locate } = spot
  const bare = given !== null && given !== undefined && !isMap(given)
  const inOneText = typeof given === 'string' ? wordsOf(type, given) : []
  if (bare && type.shorthand === undefined) {
    loading.fault('params', `${type.name} takes a map of params`, {
      at: locate([type.name]),
      hint:
        inOneText.length > 0
          ? `write ${type.name}: { ${inOneText.join(', ')} }`
          : `it takes ${Object.keys(type.params.properties).join(', ')}; mlplay doc ${type.name} shows an example`,
    })
    return {}
  }
  const squeezed = typeof given === 'string' ? squeezedParams(type, given) : []
  if (squeezed.length > 0) {
    const names = type.nature === 'opaque' && type.shorthand !== undefined ? [type.shorthand, ...squeezed] : squeezed
    loading.fault('params', `'${squeezed[0]}=' stands inside of a text: ${type.name} would not read it`, {
      at: locate([type.name]),
      hint: `write ${type.name}: { ${(inOneText.length > 0 ? inOneText : names.map(name => `${name}: ...`)).join(', ')} }`,
    })
    return {}
  }
  const written: JsonObject = bare ? { [type.shorthand as string]: given as Json } : isMap(given) ? given : {}
  const params = coercedParams(type, written) as JsonObject
  const known = Object.keys(type.params.properties)
  if (known.length > 0 || Object.keys(params).length > 0)
    loading.faults.push(
      ...validate(type.params, params, {
        what: type.name,
        locate,
        path: [type.name],
        templates: true,
        instead: key => type.instead?.[key],
      }),
    )
  if (type.defines === 'variables') checkFactNames(params, type, { spot, loading })
  for (const { message, hint } of type.check?.(params) ?? [])
    loading.fault('params', message, { at: locate([type.name]), hint })
  for (const [name, value] of Object.entries(params)) {
    if (expressionKind(type.params, name) === undefined) loading.syntaxDeep(value, locate, [type.name, name])
    else
      listOf(value).forEach(
        (one, i) =>
          void loading.syntax(
            one,
            'expression',
            locate(Array.isArray(value) ? [type.name, name, i] : [type.name, name]),
          ),
      )
  }
  return params
}

/** Names of facts may be templates; a name that the type has another word for is no fact. */
function checkFactNames(
  params: JsonObject,
  type: AnyTaskType,
  { spot, loading }: { readonly spot: NodeContext; readonly loading: LoadSession },
): void {
  const at = (key: string) => spot.locate([type.name, key], 'key')
  for (const [name, hint] of Object.entries(type.instead ?? {}))
    if (name in params) loading.fault('unknown-key', `${type.name} has no '${name}'`, { at: at(name), hint })
  const written = Object.keys(params).filter(name => !/\{[{%]/.test(name))
  checkVariableNames(written, loading, at)
  for (const name of Object.keys(params)) if (!written.includes(name)) loading.syntax(name, 'string', at(name))
}

/** `src=a dest="b c"` as the entries of a map; none where the text is anything else. */
const wordsOf = (type: AnyTaskType, text: string): readonly string[] => {
  const pairs = [...text.matchAll(/(?:^|\s)(\w+)=("[^"]*"|'[^']*'|\S*)/g)]
  const known = Object.keys(type.params.properties)
  return pairs.length > 0 && pairs.every(([, name = '']) => known.includes(name))
    ? pairs.map(([, name, value = '']) => `${name}: ${/^[\w./-]+$|^["']/.test(value) ? value : JSON.stringify(value)}`)
    : []
}

/** Ansible takes `path=/x mode=0755` and `ls creates=/x`: the params that are written so. */
const squeezedParams = (type: AnyTaskType, text: string): readonly string[] => {
  const [known, front] =
    type.nature === 'opaque'
      ? [['creates', 'removes', 'chdir'], '\\s']
      : [Object.keys(type.params.properties), '(?:^|\\s)']
  const found = known.filter(name => new RegExp(`${front}${name}=\\S`).test(text))
  return type.nature === 'opaque' || found.some(name => text.startsWith(`${name}=`)) ? found : []
}

/** Files that a task names by a plain `src` must be there before a host is touched; templates must parse. */
function checkSources(
  task: Task,
  type: AnyTaskType,
  { loading, locate }: Pick<NodeContext, 'locate'> & { readonly loading: LoadSession },
): void {
  for (const [param, kind] of sourcesOf(type.params)) {
    const src = task.params[param]
    if (typeof src !== 'string' || /\{[{%]/.test(src)) continue
    const paths = sourcePaths(task, kind, src)
    const path = paths.find(isFile)
    if (path === undefined) {
      loading.faults.push(missingSource(type.name, { src, at: locate([type.name, 'src']) }, paths))
      continue
    }
    if (kind !== 'template') continue
    try {
      checkSyntax(loading.text(path), 'text')
    } catch (error) {
      loading.templateFault(error, { file: path, line: 1, column: 1 })
    }
  }
}
