import type { Json, JsonObject } from '../model/json.ts'
import type { Inherited, Loop, Task } from '../model/playbook.ts'
import type { AnyTaskType } from '../model/task-type.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { missingSource, sourcePaths } from './find-source.ts'
import { checkKeywords, conditions, inherit } from './inherit.ts'
import { handlerKeywords, handlerSchema, taskKeywords, taskSchema } from './keywords.ts'
import { isFile, isMap, type Loading, listOf, type Spot } from './loading.ts'
import { validate } from './validate.ts'

export interface TaskContext {
  readonly above: Inherited
  readonly loading: Loading
  readonly handler: boolean
}

/** A task: keywords and exactly one task type. What is wrong goes among the faults; without a type there is no task. */
export function loadTask(
  value: { readonly [key: string]: Json },
  spot: Spot,
  { above, loading, handler }: TaskContext,
): Task | undefined {
  const known = handler ? handlerKeywords : taskKeywords
  const type = typeIn(value, Object.keys(known), spot, loading)
  if (type === undefined) return undefined
  const given = value[type.name]
  const keywords = Object.fromEntries(Object.entries(value).filter(([key]) => !loading.types.has(key)))
  const what = handler ? 'a handler' : 'a task'
  loading.faults.push(
    ...validate(handler ? handlerSchema : taskSchema, keywords, {
      what,
      locate: spot.locate,
      path: [],
      templates: true,
    }),
  )
  checkKeywords(keywords, loading, spot.locate)
  const params = paramsOf(type, given, spot, loading)
  const name = typeof keywords['name'] === 'string' ? keywords['name'] : undefined
  const task: Task = {
    kind: 'task',
    id: loading.nextId(),
    name: name ?? type.name,
    named: name !== undefined,
    type: type.name,
    params,
    at: spot.locate([]),
    locate: spot.locate,
    ...(spot.role === undefined ? {} : { role: spot.role }),
    folder: spot.folder,
    inherited: inherit(above, keywords, spot.locate),
    ...(keywords['loop'] === undefined ? {} : { loop: loopOf(keywords, spot) }),
    ...(typeof keywords['register'] === 'string' ? { register: keywords['register'] } : {}),
    ...judged(keywords, spot),
    ...(keywords['retries'] === undefined ? {} : { retries: keywords['retries'] }),
    ...(keywords['delay'] === undefined ? {} : { delay: keywords['delay'] }),
    listen: listOf(keywords['listen']).map(String),
  }
  checkSources(task, type, loading)
  return task
}

const judged = (keywords: JsonObject, { locate }: Spot): Pick<Task, 'changed_when' | 'failed_when' | 'until'> =>
  Object.fromEntries(
    ['changed_when', 'failed_when', 'until']
      .filter(name => keywords[name] !== undefined)
      .map(name => [name, conditions(keywords, name, locate)]),
  )

const loopOf = (keywords: JsonObject, { locate }: Spot): Loop => {
  const control = isMap(keywords['loop_control']) ? keywords['loop_control'] : {}
  return {
    items: keywords['loop'] ?? [],
    at: locate(['loop']),
    variable: String(control['loop_var'] ?? 'item'),
    ...(control['index_var'] === undefined ? {} : { index: String(control['index_var']) }),
    ...(control['label'] === undefined ? {} : { label: String(control['label']) }),
    ...(control['pause'] === undefined ? {} : { pause: Number(control['pause']) }),
  }
}

/** Ansible's names for what exists here under another. */
const renamed: Readonly<Record<string, string>> = {
  apt: 'apt-install',
  package: 'apt-install',
  file: 'ensure-dir, symlink or remove-path',
  template: 'template-file',
  copy: 'copy-file',
  systemd: 'service',
  systemd_service: 'service',
  user: 'system-user',
  uri: 'http-check',
  wait_for: 'wait-for',
  setup: 'facts',
  htpasswd: 'htpasswd-user',
  with_items: 'loop',
  with_dict: 'loop',
}

function typeIn(value: JsonObject, keywords: readonly string[], spot: Spot, loading: Loading): AnyTaskType | undefined {
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
  const plain = unknown.replace(/^(ansible|community)\.\w+\./, '')
  const other = renamed[plain]
  loading.fault(
    'task-type',
    `unknown task '${unknown}'${other === undefined ? didYouMean(unknown, [...types.keys(), ...keywords]) : ''}`,
    {
      at: spot.locate([unknown], 'key'),
      hint: other === undefined ? 'mlplay doc lists the task types' : `here it is called ${other}`,
    },
  )
  return undefined
}

function paramsOf(type: AnyTaskType, given: Json | undefined, spot: Spot, loading: Loading): JsonObject {
  const { locate } = spot
  const bare = given !== null && given !== undefined && !isMap(given)
  if (bare && type.shorthand === undefined) {
    loading.fault('params', `${type.name} takes a map of params`, {
      at: locate([type.name]),
      hint: `for example ${Object.keys(type.params.properties)
        .slice(0, 2)
        .map(name => `${name}: ...`)
        .join(', ')}, a line each; mlplay doc ${type.name}`,
    })
    return {}
  }
  const params: JsonObject = bare ? { [type.shorthand as string]: given as Json } : isMap(given) ? given : {}
  const known = Object.keys(type.params.properties)
  if (known.length > 0 || Object.keys(params).length > 0)
    loading.faults.push(
      ...validate(type.params, params, { what: type.name, locate, path: [type.name], templates: true }),
    )
  for (const [name, value] of Object.entries(params)) {
    if (type.expressions?.includes(name) !== true) loading.syntaxDeep(value, locate, [type.name, name])
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

/** Files that a task names by a plain `src` must be there before a host is touched; templates must parse. */
function checkSources(task: Task, type: AnyTaskType, loading: Loading): void {
  for (const [param, kind] of Object.entries(type.sources ?? {})) {
    const src = task.params[param]
    if (typeof src !== 'string' || /\{[{%]/.test(src)) continue
    const paths = sourcePaths(task, kind, src)
    const path = paths.find(isFile)
    if (path === undefined) {
      loading.faults.push(missingSource(task, src, paths))
      continue
    }
    if (kind !== 'template') continue
    try {
      loading.options.language.checkSyntax(loading.text(path), 'text')
    } catch (error) {
      loading.templateFault(error, { file: path, line: 1, column: 0 })
    }
  }
}
