import { placesIn } from '../load/yaml/places.ts'
import { parseYaml } from '../load/yaml/yaml.ts'
import type { Fault } from '../model/fault.ts'
import type { Inventory } from '../model/inventory.ts'
import { type KeywordName, keyword, keywordNames, ownOfPlay, ownOfTask } from '../model/keywords.ts'
import { expressionKind } from '../model/params.ts'
import type { Inherited, LoadedPlaybook, Task } from '../model/playbook.ts'
import { allTasks, conditionsOf } from '../model/steps.ts'
import { freeNames, type SourceKind, TemplateError } from '../template/template.ts'
import type { At } from '../text/position.ts'
import { type DefinedNames, definedNames } from './defined-names.ts'
import { askedBy, assuredBy, guardsOf } from './guards.ts'
import { undefinedName } from './undefined-name.ts'

/** A value that a variable has, which is rendered when somebody reads the variable. */
interface Definition {
  readonly value: unknown
  readonly at: PlaceOf
}

type Path = readonly (string | number)[]
/** Where something inside of a value stands, or its key. */
type PlaceOf = (path: Path, what?: 'key') => At | undefined

interface Checking {
  readonly defined: DefinedNames
  readonly faults: Fault[]
  /** What was told, by message and place. */
  readonly told: Set<string>
  readonly sources: ReadonlyMap<string, string>
  readonly places: ReturnType<typeof placesIn>
  readonly types: LoadedPlaybook['types']
  readonly templates: (task: Task) => readonly string[]
  /** What each variable may be; an entry goes away when it has been looked at. */
  readonly definitions: Map<string, readonly Definition[]>
  /** Variables that are read where they may be undefined. */
  readonly optional: Set<string>
}

/**
 * Variables that nothing can define: no play, role, file, inventory, `-e`, `register`, `set_fact` or fact. Such a name
 * is a mistake on every host, so it is told before the first is touched. A variable is rendered when it is read, so what
 * it refers to counts where something reads it; and what a condition asks for first is no mistake.
 */
export function checkNames(
  playbook: LoadedPlaybook,
  inventory: Inventory,
  more: {
    readonly extraVars: Readonly<Record<string, unknown>>
    readonly templates: (task: Task) => readonly string[]
  },
): readonly Fault[] {
  const checking: Checking = {
    defined: definedNames(playbook, inventory, more.extraVars),
    faults: [],
    told: new Set(),
    sources: playbook.sources,
    places: placesIn(playbook.sources),
    types: playbook.types,
    templates: more.templates,
    definitions: definitionsIn(playbook, more.extraVars),
    optional: new Set(),
  }
  for (const play of playbook.plays) {
    const guards = assuredBy(play, playbook.types)
    const reader = readerOf(checking, guards)
    const locate = checking.places(play.source)
    for (const name of ['hosts', ...ownOfPlay] as const)
      if (keyword(name).texts === 'template') reader.value(play[name], path => locate([name, ...path]))
    for (const task of allTasks(play)) checkTask(task, checking, guards)
  }
  checkUnread(checking)
  return checking.faults
}

// Nobody is seen to read them; a mistake in them is one all the same.
function checkUnread(checking: Checking): void {
  const { definitions, optional } = checking
  const unread = [...definitions].filter(([name]) => !optional.has(name))
  const reader = readerOf(checking, new Set())
  for (const [, values] of unread) for (const { value, at } of values) reader.value(value, at)
}

/** Definitions of all variables of a playbook. `-e` overrides them all. */
function definitionsIn(
  { plays, sources }: LoadedPlaybook,
  extraVars: Readonly<Record<string, unknown>>,
): Map<string, readonly Definition[]> {
  const found = new Map<string, Definition[]>()
  const add = (vars: object, at: PlaceOf) => {
    for (const [name, value] of Object.entries(vars)) {
      if (Object.hasOwn(extraVars, name)) continue
      const list = found.get(name)
      const one: Definition = { value, at: (path, what) => at([name, ...path], what) }
      if (list === undefined) found.set(name, [one])
      else list.push(one)
    }
  }
  const files = new Set<string>()
  const places = placesIn(sources)
  for (const play of plays) {
    const locate = places(play.source)
    add(play.vars, path => locate(['vars', ...path]))
    for (const { file } of play.vars_files) files.add(file)
    for (const role of play.roles) {
      for (const file of role.variableFiles) files.add(file)
      for (const vars of [role.given, role.params]) add(vars, () => locate(['roles']))
    }
    for (const task of allTasks(play)) {
      const inTask: PlaceOf = path => places(task.source)(['vars', ...path])
      add(task.inherited.vars, inTask)
      add(task.inherited.params, inTask)
    }
  }
  for (const file of files) {
    const text = sources.get(file)
    if (text === undefined) continue
    const { value, locate } = parseYaml(text, file)
    if (value !== null && typeof value === 'object') add(value, locate)
  }
  return found
}

interface Reader {
  /** Text that holds a template or is an expression. */
  readonly text: (source: string, kind: SourceKind, at: At | undefined) => void
  /** Every template inside of a value. */
  readonly value: (value: unknown, at: PlaceOf, path?: Path) => void
}

/** Looks at what texts read; `guards`: names that may be undefined there. */
function readerOf(checking: Checking, guards: ReadonlySet<string>): Reader {
  const { defined, faults, sources, definitions, optional } = checking
  const read = (source: string, kind: SourceKind, at: At | undefined): void => {
    for (const free of namesIn(source, kind)) {
      if (free.guarded || guards.has(free.name)) {
        optional.add(free.name)
        continue
      }
      if (!defined.has(free.name) || isMissingFact(free, defined)) {
        const told = undefinedName(free, { source, kind, at }, { defined, sources })
        const key = keyOf(told)
        if (!checking.told.has(key)) faults.push(told)
        checking.told.add(key)
        continue
      }
      const values = definitions.get(free.name) ?? []
      definitions.delete(free.name)
      for (const { value, at: place } of values) deep(value, place)
    }
  }
  const deep: Reader['value'] = (value, at, path = []) => {
    if (typeof value === 'string') {
      if (/\{[{%]/.test(value)) read(value, 'string', at(path))
    } else if (Array.isArray(value)) value.forEach((item, i) => void deep(item, at, [...path, i]))
    else if (value !== null && typeof value === 'object')
      for (const [key, item] of Object.entries(value)) {
        if (/\{[{%]/.test(key)) read(key, 'string', at([...path, key], 'key'))
        deep(item, at, [...path, key])
      }
  }
  return { text: read, value: deep }
}

const isMissingFact = (
  { name, key }: { readonly name: string; readonly key?: string },
  { facts, gathered }: DefinedNames,
): boolean => name === 'ansible_facts' && key !== undefined && (!gathered || !facts.includes(key)) && !isMethod(key)

const isMethod = (key: string): boolean => ['get', 'items', 'keys', 'values'].includes(key)

const keyOf = ({ message, at }: Fault): string => JSON.stringify([message, at?.file, at?.line, at?.column])

const templated = keywordNames.filter(name => {
  const { inherited, texts, takes } = keyword(name)
  return inherited !== undefined && inherited !== 'merged' && texts === 'template' && takes !== 'environment'
}) as readonly (KeywordName & keyof Inherited)[]

function checkTask(task: Task, checking: Checking, assured: ReadonlySet<string>): void {
  const { inherited, type, loop } = task
  const locate = checking.places(task.source)
  const guards = new Set([...assured, ...guardsOf(task)])
  const reader = readerOf(checking, guards)
  if (task.named) reader.value(task.name, () => locate(['name']))
  const schema = checking.types.get(type)?.params
  for (const [name, value] of Object.entries(task.params))
    if (schema !== undefined && expressionKind(schema, name) !== undefined)
      [value].flat().forEach((one, i) => {
        if (typeof one === 'string')
          reader.text(one, 'expression', locate(Array.isArray(value) ? [type, name, i] : [type, name]))
      })
    else reader.value({ [name]: value }, (path, what) => locate([type, ...path], what))
  for (const list of [...conditionsOf(task), loop?.breakWhen]) {
    // A list holds when all of it does: what an earlier one asks for, a later one may read.
    const before = new Set(list === inherited.when ? assured : guards)
    const conditions = readerOf(checking, before)
    for (const condition of list ?? []) {
      if (typeof condition.expression === 'string') conditions.text(condition.expression, 'expression', condition.at)
      for (const name of askedBy([condition])) before.add(name)
    }
  }
  if (loop !== undefined) {
    reader.value(loop.items, path => locate(['loop', ...path]))
    reader.value(loop.label, () => locate(['loop_control', 'label']))
    reader.value(loop.pause, () => locate(['loop_control', 'pause']))
  }
  for (const name of ownOfTask) if (keyword(name).texts === 'template') reader.value(task[name], () => locate([name]))
  // These may come from a block, a role or the play: they are told where they stand if that is at the task.
  for (const map of inherited.environment) reader.value(map, path => locate(['environment', ...path]))
  for (const name of templated) reader.value(inherited[name], path => locate([name, ...path]))
  for (const file of checking.templates(task))
    reader.text(checking.sources.get(file) ?? '', 'text', { file, line: 1, column: 1 })
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
