import { parseYaml } from '../load/yaml.ts'
import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Inherited, Play, Playbook, Step, Task } from '../model/playbook.ts'
import { codeFrame } from '../text/code-frame.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import { insideScalar } from '../text/inside-scalar.ts'
import type { At } from '../text/position.ts'
import { freeNames, type SourceKind, TemplateError } from './template/template.ts'

/** Names that the engine itself gives a value. */
export const magicNames = [
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'hostvars',
  'inventory_dir',
  'inventory_file',
  'playbook_dir',
  'role_name',
  'role_path',
  'omit',
  'item',
] as const

interface Known {
  readonly names: ReadonlySet<string>
  readonly faults: Fault[]
  readonly sources: ReadonlyMap<string, string>
  /** Params of a task whose text is an expression. */
  readonly expressions: (task: Task) => readonly string[]
}

/**
 * Variables that nothing can define: no play, role, file, inventory, `-e`, `register`, `set_fact` or fact. Such a name
 * is a mistake on every host, so it is told before the first is touched.
 */
export function checkNames(
  playbook: Playbook,
  inventory: Inventory,
  more: {
    readonly extraVars: Readonly<Record<string, unknown>>
    readonly templates: (task: Task) => readonly string[]
  },
): readonly Fault[] {
  const names = new Set<string>(magicNames)
  const add = (vars: object | undefined) => {
    for (const name of Object.keys(vars ?? {})) names.add(name)
  }
  add(more.extraVars)
  // Layers are shared by thousands of hosts: each is looked at once.
  for (const layer of new Set([...inventory.hosts.values()].flatMap(host => host.layers ?? [host.vars]))) add(layer)
  for (const play of playbook.plays) define(play, names, add)
  const known: Known = {
    names,
    faults: [],
    sources: playbook.sources,
    expressions: task => playbook.types.get(task.type)?.expressions ?? [],
  }
  const files = new Set<string>()
  for (const play of playbook.plays) {
    check(play.vars, path => play.locate(['vars', ...path]), known)
    check(
      [play.become_user, play.serial, play.remote_user].filter(one => one !== undefined),
      () => play.at,
      known,
    )
    for (const file of play.vars_files) files.add(file.file)
    for (const role of play.roles) {
      for (const file of role.variableFiles) files.add(file)
      check(role.params, () => play.locate(['roles']), known)
    }
    for (const task of tasksOf(play)) checkTask(task, known, more.templates)
  }
  for (const file of files) {
    const text = playbook.sources.get(file)
    if (text === undefined) continue
    const { value, locate } = parseYaml(text, file)
    check(value, locate, known)
  }
  return known.faults
}

const tasksOf = (play: Play): readonly Task[] => {
  const inside = (step: Step): readonly Task[] =>
    step.kind === 'task'
      ? [step]
      : step.kind === 'block'
        ? [...step.block, ...step.rescue, ...step.always].flatMap(inside)
        : []
  return [...play.pre_tasks, ...play.tasks, ...play.post_tasks, ...play.handlers].flatMap(inside)
}

const define = (play: Play, names: Set<string>, add: (vars: object | undefined) => void): void => {
  add(play.vars)
  for (const file of play.vars_files) add(file.vars)
  for (const role of play.roles) for (const vars of [role.defaults, role.vars, role.params]) add(vars)
  for (const task of tasksOf(play)) {
    add(task.inherited.vars)
    if (task.register !== undefined) names.add(task.register)
    if (task.loop !== undefined) names.add(task.loop.variable).add(task.loop.index ?? task.loop.variable)
    if (task.type === 'set_fact') add(task.params)
  }
}

const mayHoldNames = [
  ...['vars', 'notify', 'become', 'become_user', 'delegate_to', 'delegate_facts', 'timeout'],
  ...['run_once', 'any_errors_fatal', 'ignore_errors', 'ignore_unreachable', 'check_mode', 'no_log'],
] as readonly (keyof Inherited)[]

function checkTask(task: Task, known: Known, templates: (task: Task) => readonly string[]): void {
  const { locate, inherited } = task
  if (task.named) check(task.name, () => locate(['name']), known)
  for (const [name, value] of Object.entries(task.params))
    if (known.expressions(task).includes(name))
      listOf(value).forEach((one, i) => {
        if (typeof one === 'string')
          report(one, 'expression', locate(Array.isArray(value) ? [task.type, name, i] : [task.type, name]), known)
      })
    else check(value, path => locate([task.type, name, ...path]), known)
  for (const { expression, at } of [
    ...inherited.when,
    ...(task.changed_when ?? []),
    ...(task.failed_when ?? []),
    ...(task.until ?? []),
  ])
    if (typeof expression === 'string') report(expression, 'expression', at, known)
  if (task.loop !== undefined) {
    check(task.loop.items, path => locate(['loop', ...path]), known)
    check(task.loop.label, () => locate(['loop_control', 'label']), known)
  }
  check(task.retries, () => locate(['retries']), known)
  check(task.delay, () => locate(['delay']), known)
  // These may come from a block, a role or the play: they are told where they stand if that is at the task.
  for (const map of inherited.environment) check(map, path => locate(['environment', ...path]), known)
  for (const name of mayHoldNames) check(inherited[name], path => locate([name, ...path]), known)
  for (const file of templates(task)) {
    const text = known.sources.get(file) ?? ''
    report(text, 'text', { file, line: 1, column: 1 }, known)
  }
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const check = (
  value: unknown,
  at: (path: readonly (string | number)[]) => At | undefined,
  known: Known,
  path: readonly (string | number)[] = [],
): void => {
  if (typeof value === 'string') {
    if (/\{[{%]/.test(value)) report(value, 'string', at(path), known)
  } else if (Array.isArray(value)) value.forEach((item, i) => void check(item, at, known, [...path, i]))
  else if (value !== null && typeof value === 'object')
    for (const [key, item] of Object.entries(value)) check(item, at, known, [...path, key])
}

const report = (source: string, kind: SourceKind, at: At | undefined, { names, faults, sources }: Known): void => {
  for (const free of namesIn(source, kind)) {
    if (free.guarded || names.has(free.name) || free.name.startsWith('ansible_')) continue
    const wanted = { line: free.line, column: free.column, length: free.name.length }
    const text = at === undefined ? undefined : sources.get(at.file)
    const place =
      at === undefined
        ? undefined
        : kind === 'text'
          ? { file: at.file, ...wanted }
          : insideScalar(text ?? '', { at, value: source }, wanted)
    const told = `nothing defines the variable '${free.name}'`
    const same = ({ at: other, message }: Fault) =>
      other?.file === place?.file &&
      other?.line === place?.line &&
      other?.column === place?.column &&
      message.startsWith(told)
    if (faults.some(same)) continue
    const boolean = /^(yes|on)$/i.test(free.name) ? 'true' : /^(no|off)$/i.test(free.name) ? 'false' : undefined
    faults.push(
      new Fault('undefined-variable', `${told}${boolean === undefined ? didYouMean(free.name, [...names]) : ''}`, {
        at: place,
        hint:
          boolean === undefined
            ? "give it a value in the inventory, the play or the role's defaults, or with -e"
            : `write ${boolean} (YAML 1.2 reads ${free.name} as a text)`,
        ...(place === undefined || text === undefined ? {} : { frame: codeFrame(text, place) }),
      }),
    )
  }
}

// What does not parse was told already.
const namesIn = (source: string, kind: SourceKind): ReturnType<typeof freeNames> => {
  try {
    return freeNames(source, kind)
  } catch (error) {
    if (error instanceof TemplateError) return []
    throw error
  }
}
