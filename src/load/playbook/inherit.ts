import type { Json } from '../../model/json.ts'
import { type KeywordName, keyword, keywordNames, ownOfPlay, ownOfTask } from '../../model/keywords.ts'
import type { Conditional, Inherited, Locate, OfPlay, OfTask, Vars } from '../../model/playbook.ts'
import { isMap, listOf } from './loading.ts'

type Written = { readonly [key: string]: Json }

export const nothingInherited: Inherited = { when: [], tags: [], vars: {}, params: {}, environment: [], notify: [] }

const inheritedAs = (how: 'nearest' | 'added' | 'merged'): readonly KeywordName[] =>
  keywordNames.filter(name => keyword(name).inherited === how)
const nearest = inheritedAs('nearest')
const added = inheritedAs('added')
const merged = inheritedAs('merged')

/** The keywords of a block, import or task on top of those above it, each as the table of keywords says. */
export function inherit(above: Inherited, keywords: Written, locate: Locate): Inherited {
  const own = nearest.filter(name => keywords[name] !== undefined).map(name => [name, keywords[name]])
  const before = above as unknown as { readonly [name: string]: readonly unknown[] & Vars }
  const given = (names: readonly KeywordName[]) => names.filter(name => (keywords[name] ?? null) !== null)
  return {
    ...above,
    ...Object.fromEntries(own),
    ...Object.fromEntries(
      given(added).map(name => [name, [...(before[name] ?? []), ...listed(name, keywords, locate)]]),
    ),
    ...Object.fromEntries(given(merged).map(name => [name, { ...before[name], ...asMap(keywords[name]) }])),
    tags: [...new Set([...above.tags, ...tagsIn(keywords)])],
  }
}

const listed = (name: KeywordName, keywords: Written, locate: Locate): readonly unknown[] =>
  keyword(name).takes === 'conditions' ? conditions(keywords, name, locate) : listOf(keywords[name])

const asMap = (value: Json | undefined): Written => (isMap(value) ? value : {})

// Written as names in one text, too, and each is there once.
const tagsIn = ({ tags }: Written): readonly string[] =>
  listOf(tags).flatMap(tag =>
    String(tag)
      .split(',')
      .map(one => one.trim()),
  )

/** The keywords of a play that it hands down to its tasks. */
export const handedDown = (keywords: Written): Written =>
  Object.fromEntries(Object.entries(keywords).filter(([name]) => keyword(name as KeywordName)?.onPlay !== 'kept'))

export function conditions(keywords: Written, name: string, locate: Locate): readonly Conditional[] {
  const value = keywords[name]
  if (value === undefined || value === null) return []
  return Array.isArray(value)
    ? value.map((expression: Json, i) => ({ expression, at: locate([name, i]) }))
    : [{ expression: value, at: locate([name]) }]
}

/** The keywords that a task or handler has for itself. */
export const keywordsOfTask = (keywords: Written, locate: Locate): OfTask => read(ownOfTask, keywords, locate)

/** The keywords that a play has for itself. */
export const keywordsOfPlay = (keywords: Written, locate: Locate): OfPlay => read(ownOfPlay, keywords, locate)

const read = (names: readonly KeywordName[], keywords: Written, locate: Locate): object =>
  Object.fromEntries(
    names
      .filter(name => keywords[name] !== undefined)
      .map(name => [name, keyword(name).takes === 'conditions' ? conditions(keywords, name, locate) : keywords[name]])
      // What is of another type than it must be has its fault already.
      .filter(([name, value]) => fits(name as KeywordName, value)),
  )

const fits = (name: KeywordName, value: unknown): boolean =>
  keyword(name).takes === 'identifier'
    ? typeof value === 'string'
    : keyword(name).takes === 'true or false, as written'
      ? typeof value === 'boolean'
      : true
