import type { Json } from './json.ts'

/** Rules between the options of one map, as `meta/argument_specs.yml` writes them. */
export interface OptionRules {
  readonly mutually_exclusive: readonly (readonly string[])[]
  readonly required_together: readonly (readonly string[])[]
  readonly required_one_of: readonly (readonly string[])[]
  readonly required_if: readonly RequiredIf[]
  readonly required_by: { readonly [option: string]: readonly string[] }
}

/** Where `option` is `value`, all of `needs` must be given, or one of them (`any`). */
export interface RequiredIf {
  readonly option: string
  readonly value: Json
  readonly needs: readonly string[]
  readonly any: boolean
}

export interface RoleOption {
  readonly type: OptionType
  readonly required: boolean
  readonly noLog: boolean
  readonly choices?: readonly Json[]
  /** Type of each item of a list. */
  readonly elements?: OptionType
  /** What a map, or each map of a list, may hold. */
  readonly inside?: RoleOptions
  readonly aliases: readonly string[]
}

export interface RoleOptions {
  readonly options: { readonly [name: string]: RoleOption }
  readonly rules: OptionRules
}

export const optionTypes = [
  'str',
  'int',
  'float',
  'bool',
  'list',
  'dict',
  'path',
  'raw',
  'json',
  'jsonarg',
  'bytes',
  'bits',
] as const
export type OptionType = (typeof optionTypes)[number]
