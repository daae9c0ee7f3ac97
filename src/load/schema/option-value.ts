import type { Json } from '../../model/json.ts'
import type { OptionRules, RoleOption, RoleOptions } from '../../model/role-spec.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { ExactNumber } from '../../text/exact-number.ts'
import { converted } from './option-type.ts'

/** What is wrong with a role's setting, and where inside of its value. */
export interface InvalidValue {
  /** The setting's name, then keys and indexes inside of its value. */
  readonly path: readonly (string | number)[]
  /** The key at the end of `path` is meant, not its value. */
  readonly key?: true
  /** Begins with the setting: `'port' takes a whole number, this is the text 'abc'`. */
  readonly message: string
  readonly hint?: string
}

type Values = Readonly<Record<string, unknown>>
type Path = InvalidValue['path']

/** What is wrong with one rendered value. */
export function wrongValues(value: unknown, option: RoleOption, path: Path): readonly InvalidValue[] {
  if (value === undefined) return []
  // As to Ansible: nothing is a value like any other where it must be there, and otherwise none at all.
  if (value === null && !option.required) {
    const wrong = option.choices === undefined ? undefined : wrongChoice(value, option, path)
    return wrong === undefined ? [] : [wrong]
  }
  const fit = converted(value, option.type)
  if ('wanted' in fit) return [wrongType(value, fit, { option, path })]
  if (Array.isArray(fit.value)) return wrongItems(fit.value, option, path)
  const wrong = option.choices === undefined ? undefined : wrongChoice(fit.value, option, path)
  if (wrong !== undefined) return [wrong]
  return option.type === 'dict' && option.inside !== undefined ? wrongMap(fit.value as Values, option.inside, path) : []
}

const wrongItems = (items: readonly unknown[], option: RoleOption, path: Path): readonly InvalidValue[] =>
  items.flatMap((item, i) => {
    const { elements, inside, choices } = option
    const each: RoleOption = {
      type: elements ?? 'raw',
      required: true,
      noLog: option.noLog,
      aliases: [],
      ...(choices === undefined ? {} : { choices }),
      ...(inside === undefined ? {} : { inside }),
    }
    return wrongValues(item, each, [...path, i])
  })

const wrongMap = (given: Values, inside: RoleOptions, path: Path): readonly InvalidValue[] => {
  const named = new Map(
    Object.entries(inside.options).flatMap(([name, option]) =>
      [name, ...option.aliases].map(alias => [alias, { name, option }] as const),
    ),
  )
  const what = shownPath(path)
  const unknown = Object.keys(given)
    .filter(key => !named.has(key))
    .map(key => {
      const meant = didYouMean(key, [...named.keys()])
      const message = `${what} has no '${key}'${meant}`
      const hint = `it takes ${Object.keys(inside.options).join(', ')}`
      return { path: [...path, key], key: true as const, message, ...(meant === '' ? { hint } : {}) }
    })
  const values: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(given)) values[named.get(key)?.name ?? key] = value
  const wrong = Object.entries(given).flatMap(([key, value]) => {
    const option = named.get(key)?.option
    return option === undefined ? [] : wrongValues(value, option, [...path, key])
  })
  const broken = [...missing(inside, values), ...brokenRules(inside, values)]
  return [...unknown, ...wrong, ...broken.map(message => ({ path, message: `${what} ${message}` }))]
}

/** The options that must be there and are not, as what is said of their map: `needs 'name'`. */
export const missing = ({ options }: RoleOptions, values: Values): readonly string[] =>
  Object.entries(options)
    .filter(([name, { required }]) => required && !Object.hasOwn(values, name))
    .map(([name]) => `needs '${name}'`)

/** The rules between options that do not hold, each as what is said of their map. */
export function brokenRules({ options, rules }: RoleOptions, values: Values): readonly string[] {
  const there = (name: string) => Object.hasOwn(values, name)
  const filled = (name: string) => there(name) && values[name] !== null
  return [
    ...rules.mutually_exclusive
      .filter(names => names.filter(there).length > 1)
      .map(names => `takes ${some(names.filter(there), 'or')}, not both`),
    ...rules.required_together
      .filter(names => names.some(there) && !names.every(there))
      .map(names => `takes ${some(names, 'and')} together: ${some(lacking(names, there), 'and')} is missing`),
    ...rules.required_one_of.filter(names => !names.some(there)).map(names => `needs ${some(names, 'or')}`),
    ...requiredIf(rules, { options, values }).map(
      ({ option, value, needs, any }) =>
        `needs ${some(any ? needs : lacking(needs, there), any ? 'or' : 'and')}, as '${option}' is ${shown(value)}`,
    ),
    ...Object.entries(rules.required_by)
      .filter(([option, needs]) => filled(option) && !needs.every(filled))
      .map(([option, needs]) => `needs ${some(lacking(needs, filled), 'and')}, as '${option}' is given`),
  ]
}

const requiredIf = (
  rules: OptionRules,
  { options, values }: { readonly options: RoleOptions['options']; readonly values: Values },
): OptionRules['required_if'] =>
  rules.required_if.filter(({ option, value, needs, any }) => {
    if (!Object.hasOwn(values, option)) return false
    const fit = converted(values[option], options[option]?.type ?? 'raw')
    if (!('value' in fit) || !same(fit.value, value)) return false
    const there = needs.filter(name => Object.hasOwn(values, name))
    return any ? there.length === 0 : there.length < needs.length
  })

const lacking = (names: readonly string[], there: (name: string) => boolean) => names.filter(name => !there(name))

const some = (names: readonly string[], word: 'and' | 'or') => names.map(name => `'${name}'`).join(` ${word} `)

const wrongType = (
  value: unknown,
  { wanted, hint }: { readonly wanted: string; readonly hint?: string },
  { option, path }: { readonly option: RoleOption; readonly path: Path },
): InvalidValue => {
  const kind = option.noLog ? '' : `, this is ${shown(value)}`
  // How to write maps as a list is not told from a text.
  const told = option.noLog || option.elements === 'dict' || hint === undefined ? {} : { hint }
  return { path, message: `${shownPath(path)} takes ${wanted}${kind}`, ...told }
}

const wrongChoice = (value: unknown, { choices = [], noLog }: RoleOption, path: Path): InvalidValue | undefined => {
  if (choices.some(choice => same(value, choice)) || meantBoolean(value, choices)) return undefined
  const allowed = choices.map(choice => (typeof choice === 'string' ? choice : JSON.stringify(choice)))
  const message = noLog
    ? `${shownPath(path)} is none of its choices`
    : `${shownPath(path)} cannot be ${shown(value)}${didYouMean(String(value), allowed)}`
  return { path, message, hint: `it is one of ${allowed.join(', ')}` }
}

// A boolean stands for the one choice that means the same: YAML 1.1 reads off as false.
const meantBoolean = (value: unknown, choices: readonly Json[]): boolean => {
  const words = { True: /^(y|yes|on|1|true|t|1\.0)$/, False: /^(n|no|off|0|false|f|0\.0)$/ }
  if (value !== 'True' && value !== 'False') return false
  return choices.filter(choice => typeof choice === 'string' && words[value].test(choice)).length === 1
}

const same = (value: unknown, choice: Json): boolean =>
  value === choice ||
  (value instanceof ExactNumber && String(value) === String(choice)) ||
  (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(choice))

const shownPath = (path: Path): string => `'${path.join('.')}'`

const shown = (value: unknown): string => {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return `the text '${value.length > 40 ? `${value.slice(0, 40)}...` : value}'`
  return typeof value === 'object' && !(value instanceof ExactNumber) ? 'a map' : String(value)
}
