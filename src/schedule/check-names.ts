import { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import type { Play, Playbook, Step, Task } from '../model/playbook.ts'
import { codeFrame } from '../text/code-frame.ts'
import { didYouMean } from '../text/did-you-mean.ts'
import type { At } from '../text/position.ts'
import { freeNames, type SourceKind } from './template/template.ts'

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
  const known: Known = { names, faults: [], sources: playbook.sources }
  for (const play of playbook.plays) {
    for (const role of play.roles)
      for (const vars of [role.defaults, role.vars, role.params]) check(vars, () => undefined, known)
    for (const task of tasksOf(play)) checkTask(task, known, more.templates)
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

function checkTask(task: Task, known: Known, templates: (task: Task) => readonly string[]): void {
  const { locate, inherited } = task
  check(task.params, path => locate([task.type, ...path]), known)
  for (const { expression, at } of [
    ...inherited.when,
    ...(task.changed_when ?? []),
    ...(task.failed_when ?? []),
    ...(task.until ?? []),
  ])
    if (typeof expression === 'string') report(expression, 'expression', at, known)
  if (task.loop !== undefined) check(task.loop.items, () => task.loop?.at, known)
  check(inherited.environment, () => task.at, known)
  check(inherited.vars, () => task.at, known)
  for (const file of templates(task)) report(known.sources.get(file) ?? '', 'text', { file, line: 1, column: 0 }, known)
}

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
  for (const free of freeNames(source, kind)) {
    if (free.guarded || names.has(free.name) || free.name.startsWith('ansible_')) continue
    const place =
      at?.column === 0 ? { file: at.file, line: free.line, column: free.column, length: free.name.length } : at
    if (
      faults.some(
        fault =>
          fault.at?.file === place?.file && fault.at?.line === place?.line && fault.message.includes(`'${free.name}'`),
      )
    )
      continue
    const text = place === undefined ? undefined : sources.get(place.file)
    faults.push(
      new Fault(
        'undefined-variable',
        `nothing defines the variable '${free.name}'${didYouMean(free.name, [...names])}`,
        {
          at: place,
          hint: "give it a value in the inventory, the play or the role's defaults, or with -e",
          ...(place === undefined || text === undefined ? {} : { frame: codeFrame(text, place) }),
        },
      ),
    )
  }
}
