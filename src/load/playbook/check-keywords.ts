import type { Json } from '../../model/json.ts'
import type { Place } from '../../model/keyword-places.ts'
import { type KeywordName, keyword, keywordsOn } from '../../model/keywords.ts'
import type { Conditional, Locate } from '../../model/playbook.ts'
import type { At } from '../../text/position.ts'
import { placeSchema } from '../schema/place-schema.ts'
import { validate } from '../schema/validate.ts'
import { conditions } from './inherit.ts'
import { isMap, type LoadSession, listOf } from './loading.ts'

type Written = { readonly [key: string]: Json }

interface About {
  /** What the keywords are those of, for messages: `a task`. */
  readonly what: string
  readonly locate: Locate
  readonly loading: LoadSession
  /** What to write instead of a key that is none. */
  readonly instead?: (key: string) => string | undefined
}

/**
 * What is wrong with the keywords of a place goes among the faults: their names, their values, the templates in them.
 * False where names or values are wrong.
 */
export function checkKeywords(place: Place, keywords: Written, about: About): boolean {
  const { what, locate, loading, instead } = about
  const subject = { what, locate, path: [], templates: place !== 'import_playbook', instead }
  const wrong = validate(placeSchema(place), keywords, subject)
  loading.faults.push(...wrong)
  for (const name of keywordsOn(place)) if (keywords[name] !== undefined) checkTexts(name, keywords, about)
  if (isMap(keywords['vars']))
    checkVariableNames(Object.keys(keywords['vars']), loading, name => locate(['vars', name], 'key'))
  return wrong.length === 0
}

/** Lists of steps are read entry by entry, files and names of roles have words of their own where they are looked up. */
const readElsewhere: ReadonlySet<string> = new Set([
  'steps',
  'roles',
  'handlers',
  'a file',
  'a role',
  'files, or lists of files',
])

function checkTexts(name: KeywordName, keywords: Written, { locate, loading }: About): void {
  const { texts, takes } = keyword(name)
  const value = keywords[name]
  if (texts === 'expression') checkConditions(conditions(keywords, name, locate), loading)
  else if (texts === 'template') loading.syntaxDeep(value, locate, [name])
  else if (!readElsewhere.has(takes) && listOf(value).some(one => typeof one === 'string' && /\{[{%]/.test(one)))
    loading.fault(...noTemplate(name, String(value), locate))
}

const noTemplate = (name: KeywordName, value: string, locate: Locate): Parameters<LoadSession['fault']> => {
  const at = locate([name])
  if (name === 'tags')
    return [
      'tag',
      'tags takes names, without templates: they are read before the run',
      { at, hint: 'write the names themselves, or a when: on a variable' },
    ]
  if (keyword(name).takes === 'identifier')
    return [
      'variable-name',
      `'${name}' takes a name, '${value}' is a template`,
      { at, hint: `${name} under a plain name, then set_fact takes a template as the name` },
    ]
  return ['value', `'${name}' takes no template: it is read before the run`, { at, hint: keyword(name).doc }]
}

/** Conditions are expressions already; one that stands in braces as a whole is taken without them, with a warning at the run. */
export function checkConditions(list: readonly Conditional[], loading: LoadSession): void {
  for (const { expression, at } of list) {
    if (typeof expression === 'string') loading.syntax(expression, 'expression', at)
  }
}

export function checkVariableNames(
  names: readonly string[],
  loading: LoadSession,
  placeOf: (name: string) => At,
): void {
  for (const name of names)
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      loading.fault('variable-name', `'${name}' cannot be the name of a variable`, {
        at: placeOf(name),
        hint: 'letters, digits and _ only, no digit first',
      })
}
