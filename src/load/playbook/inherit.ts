import type { Json } from '../../model/json.ts'
import type { Conditional, Inherited, Locate, Vars } from '../../model/playbook.ts'
import type { At } from '../../text/position.ts'
import { isMap, type Loading, listOf } from './loading.ts'

export const nothingInherited: Inherited = { when: [], tags: [], vars: {}, params: {}, environment: [], notify: [] }

const nearest = [
  'no_log',
  'ignore_errors',
  'ignore_unreachable',
  'check_mode',
  'diff',
  'delegate_to',
  'delegate_facts',
  'run_once',
  'throttle',
  'timeout',
  'any_errors_fatal',
  'become',
  'become_user',
  'become_method',
] as const

/** The keywords of a play, block, import or task on top of those above it: lists grow, of the rest the nearest wins. */
export function inherit(above: Inherited, keywords: { readonly [key: string]: Json }, locate: Locate): Inherited {
  const own = Object.fromEntries(
    nearest.filter(name => keywords[name] !== undefined).map(name => [name, keywords[name]]),
  )
  return {
    ...above,
    ...own,
    when: [...above.when, ...conditions(keywords, 'when', locate)],
    tags: [
      ...new Set([
        ...above.tags,
        ...listOf(keywords['tags']).flatMap(tag =>
          String(tag)
            .split(',')
            .map(one => one.trim()),
        ),
      ]),
    ],
    vars: isMap(keywords['vars']) ? { ...above.vars, ...(keywords['vars'] as Vars) } : above.vars,
    environment: [...above.environment, ...listOf(keywords['environment'])],
    notify: [...above.notify, ...listOf(keywords['notify'])],
  }
}

export function conditions(
  keywords: { readonly [key: string]: Json },
  name: string,
  locate: Locate,
): readonly Conditional[] {
  const value = keywords[name]
  if (value === undefined || value === null) return []
  return Array.isArray(value)
    ? value.map((expression: Json, i) => ({ expression, at: locate([name, i]) }))
    : [{ expression: value, at: locate([name]) }]
}

/** Conditions are expressions already; one that stands in braces as a whole is taken without them, with a warning at the run. */
export function checkConditions(list: readonly Conditional[], loading: Loading): void {
  for (const { expression, at } of list) {
    if (typeof expression === 'string') loading.syntax(expression, 'expression', at)
  }
}

/** Templates inside the keywords that hold them. */
export function checkKeywords(keywords: { readonly [key: string]: Json }, loading: Loading, locate: Locate): void {
  for (const name of ['when', 'changed_when', 'failed_when', 'until'])
    checkConditions(conditions(keywords, name, locate), loading)
  for (const name of [
    'name',
    'vars',
    'environment',
    'become',
    'become_user',
    'become_method',
    'diff',
    'delegate_to',
    'delegate_facts',
    'run_once',
    'ignore_errors',
    'ignore_unreachable',
    'any_errors_fatal',
    'max_fail_percentage',
    'force_handlers',
    'check_mode',
    'no_log',
    'timeout',
    'notify',
    'loop',
    'loop_control',
    'retries',
    'delay',
    'hosts',
    'serial',
  ])
    if (keywords[name] !== undefined) loading.syntaxDeep(keywords[name], locate, [name])
  if (listOf(keywords['tags']).some(tag => typeof tag === 'string' && /\{[{%]/.test(tag)))
    loading.fault('tag', 'tags takes names, without templates: they are read before the run', {
      at: locate(['tags']),
      hint: 'write the names themselves, or a when: on a variable',
    })
  if (isMap(keywords['vars']))
    checkVariableNames(Object.keys(keywords['vars']), loading, name => locate(['vars', name], 'key'))
}

export function checkVariableNames(names: readonly string[], loading: Loading, placeOf: (name: string) => At): void {
  for (const name of names)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      loading.fault('variable-name', `'${name}' cannot be the name of a variable`, {
        at: placeOf(name),
        hint: 'letters, digits and _ only, no digit first',
      })
}
