/**
 * What the value of a keyword may be: its JSON Schema as it is written, and what it becomes for a host. A text where
 * another type is wanted must hold a template or say in words what the keyword takes: `yes` is a text in YAML 1.2, and
 * no boolean. `takes` and `form` are the words of a fault where types and patterns alone would be riddles.
 */
const text = { type: 'string' } as const
const seconds = { type: ['number', 'string'], minimum: 0, pattern: '^[0-9.]+$|\\{[{%]' } as const
const texts = { anyOf: [text, { type: 'array', items: text }] } as const
const condition = {
  anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
} as const
const identifier = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  form: 'a name of letters, digits and _, no digit first',
} as const
const share = {
  type: ['integer', 'string'],
  minimum: -1,
  pattern: '^(-1|[0-9]+%?)$|\\{[{%]',
  takes: 'a number, a percentage or a list of them',
} as const
const map = { type: 'object' } as const

export const keywordValues = {
  text,
  texts,
  'true or false': { type: ['boolean', 'string'], pattern: '^(true|false)$|\\{[{%]' },
  'true or false, as written': { type: 'boolean' },
  'a whole number': { type: ['integer', 'string'], minimum: 0, pattern: '^[0-9]+$|\\{[{%]' },
  seconds,
  percentage: { type: ['number', 'string'], minimum: 0, pattern: '^[0-9.]+%?$|\\{[{%]' },
  'numbers of hosts': { anyOf: [share, { type: 'array', items: share, minItems: 1 }] },
  label: { type: ['string', 'number', 'null'] },
  identifier,
  conditions: condition,
  variables: map,
  environment: { anyOf: [map, { type: 'array', items: { anyOf: [map, text] } }, text] },
  'a list, or a template that gives one': { anyOf: [{ type: 'array' }, { type: 'string' }] },
  'a host pattern': {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
    ],
  },
  'files, or lists of files': {
    anyOf: [text, { type: 'array', items: { anyOf: [text, { type: 'array', items: text }] } }],
  },
  'a file': text,
  'a role': { type: 'string', minLength: 1 },
  'free or linear': { enum: ['free', 'linear'] },
  'an order of hosts': { enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'] },
  'settings of the loop': {
    type: 'object',
    additionalProperties: false,
    properties: {
      loop_var: { ...identifier, description: 'the variable that holds the item: item unless given' },
      index_var: { ...identifier, description: 'the variable that counts the turns, from 0 on' },
      label: { type: ['string', 'number'], description: 'what is shown in the place of the item' },
      pause: { ...seconds, description: 'seconds between two turns' },
      extended: { type: 'boolean', description: 'ansible_loop tells of each turn' },
      extended_allitems: { type: 'boolean', description: 'false: ansible_loop without the whole list' },
      break_when: { ...condition, description: 'no further turn after one for which this holds' },
    },
  },
  /** Lists that the loader goes through entry by entry: `mlplay schema` spells them out. */
  steps: {},
  roles: {},
  handlers: {},
} as const satisfies { readonly [name: string]: object }

export type KeywordValue = keyof typeof keywordValues

/** Values that the loader takes apart, into fields of their own or step by step. */
export const takenApart = [
  'label',
  'steps',
  'roles',
  'handlers',
  'variables',
  'a host pattern',
  'files, or lists of files',
  'a list, or a template that gives one',
  'settings of the loop',
] as const
export type TakenApart = (typeof takenApart)[number]
