import type { Json, JsonObject } from '../../model/json.ts'
import type { Locate } from '../../model/playbook.ts'
import type { OptionRules, OptionType, RoleOption, RoleOptions } from '../../model/role-spec.ts'
import { didYouMean } from '../../text/did-you-mean.ts'
import { wrongValues } from '../schema/option-value.ts'
import { argumentSpecsFileSchema, argumentSpecsSchema } from '../schema/role-spec-schema.ts'
import { validate } from '../schema/validate.ts'
import { isMap, type LoadSession, listOf, within } from './loading.ts'
import { partFile } from './role-files.ts'

interface Specs {
  readonly value: JsonObject
  readonly locate: Locate
}

/**
 * The options of a role's entry point: `main`, or the file that `tasks_from` names. They stand in
 * `meta/argument_specs.yml`, or in `meta/main.yml` where there is no such file. All of it is checked, once for each role.
 */
export function roleSpec(
  role: string,
  entry: string,
  { loading, meta }: { readonly loading: LoadSession; readonly meta: Specs | undefined },
): RoleOptions | undefined {
  const specs = specsOf(role, loading) ?? specsIn(meta, loading)
  const found = specs?.value[entry.replace(/\.(ya?ml|json)$/, '')]
  return isMap(found) ? optionsOf(found) : undefined
}

const specsOf = (role: string, loading: LoadSession): Specs | undefined => {
  const file = partFile(role, 'meta', 'argument_specs')
  const document = file === undefined ? undefined : loading.yaml(file)
  if (document === undefined) return undefined
  const { value, locate } = document
  const what = "the role's argument specs"
  const faults = validate(argumentSpecsFileSchema, value, { what, locate, path: [], templates: false })
  loading.faults.push(...faults)
  return faults.length === 0 && isMap(value) ? specsIn({ value, locate }, loading) : undefined
}

const specsIn = (holder: Specs | undefined, loading: LoadSession): Specs | undefined => {
  const value = holder?.value['argument_specs']
  if (holder === undefined || value === undefined || value === null) return undefined
  const locate = within(holder.locate, 'argument_specs')
  const what = "the role's argument specs"
  const faults = validate(argumentSpecsSchema, value, { what, locate, path: [], templates: false })
  loading.faults.push(...faults)
  if (faults.length > 0 || !isMap(value)) return undefined
  for (const [name, entry] of Object.entries(value))
    if (isMap(entry)) checkOptions(entry, within(locate, name), loading)
  return { value, locate }
}

/** What the schema cannot say: keys that depend on others, names in rules, defaults that do not fit. */
function checkOptions(holder: JsonObject, locate: Locate, loading: LoadSession): void {
  const options = isMap(holder['options']) ? holder['options'] : {}
  const fault = (message: string, path: readonly (string | number)[], hint?: string) =>
    loading.fault('argument-spec', message, { at: locate(path), ...(hint === undefined ? {} : { hint }) })
  for (const { name, path } of namesInRules(holder))
    if (!Object.hasOwn(options, name))
      fault(`there is no option '${name}'${didYouMean(name, Object.keys(options))}`, path)
  for (const [name, option] of Object.entries(options)) {
    if (!isMap(option)) continue
    const { type = 'str', elements } = option
    if (elements !== undefined && type !== 'list')
      fault(`'elements' of the option '${name}' has no effect: its type is ${type}`, ['options', name, 'elements'])
    if (option['options'] !== undefined && type !== 'dict' && !(type === 'list' && elements === 'dict'))
      fault(
        `'options' of the option '${name}' has no effect: its type is ${type}`,
        ['options', name, 'options'],
        'write type: dict, or type: list with elements: dict',
      )
    const fallback = option['default']
    if (fallback !== undefined && option['required'] === true)
      fault(`the option '${name}' has a default, so it cannot be required`, ['options', name, 'default'])
    for (const wrong of wrongValues(fallback, optionOf(option), [name]))
      fault(`the default of ${wrong.message}`, ['options', name, 'default', ...wrong.path.slice(1)], wrong.hint)
    checkOptions(option, within(locate, 'options', name), loading)
  }
}

const namesInRules = (
  holder: JsonObject,
): readonly { readonly name: string; readonly path: readonly (string | number)[] }[] => {
  const groups = ['mutually_exclusive', 'required_together', 'required_one_of'].flatMap(rule =>
    listOf(holder[rule]).flatMap((names, i) =>
      listOf(names).map((name, j) => ({ name: String(name), path: [rule, i, j] })),
    ),
  )
  const conditions = listOf(holder['required_if']).flatMap((rule, i) => {
    const [option, , needs] = listOf(rule)
    const needed = listOf(needs).map((name, j) => ({ name: String(name), path: ['required_if', i, 2, j] }))
    return [{ name: String(option), path: ['required_if', i, 0] }, ...needed]
  })
  const by = isMap(holder['required_by']) ? holder['required_by'] : {}
  const following = Object.entries(by).flatMap(([option, needs]) =>
    [option, ...listOf(needs).map(String)].map(name => ({ name, path: ['required_by', option] })),
  )
  return [...groups, ...conditions, ...following]
}

const optionsOf = (holder: JsonObject): RoleOptions => ({
  options: Object.fromEntries(
    Object.entries(isMap(holder['options']) ? holder['options'] : {}).map(([name, option]) => [
      name,
      optionOf(isMap(option) ? option : {}),
    ]),
  ),
  rules: rulesOf(holder),
})

const optionOf = (option: JsonObject): RoleOption => {
  const { choices } = option
  return {
    type: (option['type'] ?? 'str') as OptionType,
    required: option['required'] === true,
    noLog: option['no_log'] === true,
    ...(choices === undefined ? {} : { choices: isMap(choices) ? Object.keys(choices) : listOf(choices) }),
    ...(option['elements'] === undefined ? {} : { elements: option['elements'] as OptionType }),
    ...(isMap(option['options']) ? { inside: optionsOf(option) } : {}),
    aliases: listOf(option['aliases']).map(String),
  }
}

const rulesOf = (holder: JsonObject): OptionRules => {
  const groups = (rule: string) => listOf(holder[rule]).map(names => listOf(names).map(String))
  return {
    mutually_exclusive: groups('mutually_exclusive'),
    required_together: groups('required_together'),
    required_one_of: groups('required_one_of'),
    required_if: listOf(holder['required_if']).map(rule => {
      const [option = '', value = null, needs, any] = listOf(rule)
      return { option: String(option), value: value as Json, needs: listOf(needs).map(String), any: any === true }
    }),
    required_by: Object.fromEntries(
      Object.entries(isMap(holder['required_by']) ? holder['required_by'] : {}).map(([option, needs]) => [
        option,
        listOf(needs).map(String),
      ]),
    ),
  }
}
