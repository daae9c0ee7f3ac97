import { optionTypes } from '../../model/role-spec.ts'

const text = { type: 'string' } as const
const texts = { type: ['string', 'array'] } as const
const flag = { type: 'boolean' } as const
const names = { type: 'array', items: { type: 'string' }, minItems: 1 } as const
const groups = { type: 'array', items: names, description: 'a list of lists of options' } as const
const version = { type: ['string', 'number'] } as const

/** Rules between the options of an entry point, or of a map. */
const rules = {
  mutually_exclusive: groups,
  required_together: groups,
  required_one_of: groups,
  required_if: {
    type: 'array',
    items: { type: 'array', minItems: 3, maxItems: 4 },
    description: 'a list of [option, value, [options that are needed]]',
  },
  required_by: { type: 'object', additionalProperties: texts },
} as const

const options = { type: ['object', 'null'], additionalProperties: { $ref: '#/$defs/option' } } as const

// Names that other languages have for the types.
const instead = {
  string: 'write str',
  text: 'write str',
  integer: 'write int',
  number: 'write int or float',
  boolean: 'write bool',
  array: 'write list',
  map: 'write dict',
  dictionary: 'write dict',
  object: 'write dict',
}
const type = { enum: optionTypes, instead } as const

const option = {
  type: 'object',
  additionalProperties: false,
  properties: {
    type,
    description: texts,
    required: flag,
    default: {},
    choices: { type: ['array', 'object'] },
    elements: type,
    options,
    no_log: flag,
    aliases: { type: 'array', items: text },
    version_added: version,
    version_added_collection: text,
    ...rules,
  },
} as const

const entryPoint = {
  type: ['object', 'null'],
  additionalProperties: false,
  properties: {
    short_description: text,
    description: texts,
    author: texts,
    version_added: version,
    version_added_collection: text,
    seealso: { type: 'array' },
    notes: texts,
    examples: {},
    requirements: texts,
    todo: texts,
    options,
    ...rules,
  },
} as const

/** What stands below `argument_specs:`: the entry points of a role, each with its options. */
export const argumentSpecsSchema = {
  type: ['object', 'null'],
  additionalProperties: entryPoint,
  $defs: { option },
} as const

/** `meta/argument_specs.yml` of a role. */
export const argumentSpecsFileSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['argument_specs'],
  properties: { argument_specs: { type: ['object', 'null'] } },
} as const
