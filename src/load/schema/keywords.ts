// What each keyword takes, as plain JSON Schema: the check at load, `mlplay schema` and the docs read the same text.
const text = { type: 'string' } as const
// A text must hold a template, or say in words what the keyword takes: `yes` is a text in YAML 1.2, and no boolean.
const flag = { type: ['boolean', 'string'], pattern: '^(true|false)$|\\{[{%]' } as const
const amount = { type: ['integer', 'string'], minimum: 0, pattern: '^[0-9]+$|\\{[{%]' } as const
const share = {
  type: ['integer', 'string'],
  minimum: -1,
  pattern: '^(-1|[0-9]+%?)$|\\{[{%]',
  takes: 'a number, a percentage or a list of them',
} as const
const seconds = { type: ['number', 'string'], minimum: 0, pattern: '^[0-9.]+$|\\{[{%]' } as const
const identifier = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  description: 'a name of letters, digits and _, no digit first',
} as const
const names = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } as const
const condition = {
  anyOf: [{ type: ['string', 'boolean'] }, { type: 'array', items: { type: ['string', 'boolean'] } }],
} as const
const map = { type: 'object' } as const

const becomeKeywords = {
  become: { ...flag, description: 'act as another account' },
  become_user: { ...text, description: 'which account; root when not said' },
  become_method: { ...text, description: 'sudo, su or doas' },
} as const

/** Keywords of tasks, blocks and plays alike: what stands on the outside holds for all inside. */
export const sharedKeywords = {
  name: { type: ['string', 'number', 'null'], description: 'what a person reads' },
  tags: { ...names, description: 'run or skip by -t and --skip-tags' },
  vars: { ...map, description: 'variables for what is inside' },
  environment: {
    anyOf: [map, { type: 'array', items: { anyOf: [map, text] } }, text],
    description: 'environment variables',
  },
  no_log: { ...flag, description: 'hide changes and output' },
  ignore_errors: { ...flag, description: 'a failure does not end the host' },
  ignore_unreachable: { ...flag, description: 'a host that cannot be reached goes on with its next task' },
  check_mode: { ...flag, description: 'true: only ever look; false: act even in a dry run' },
  diff: flag,
  any_errors_fatal: {
    ...flag,
    description: 'a host that fails or is unreachable here stops all hosts and the whole run',
  },
  throttle: { ...amount, description: 'at most so many hosts at once' },
  timeout: { ...seconds, description: 'seconds' },
  ...becomeKeywords,
} as const

const stepKeywords = {
  ...sharedKeywords,
  when: { ...condition, description: 'an expression, or a list of which all must hold' },
  delegate_to: { ...text, description: 'act on this host instead' },
  delegate_facts: { ...flag, description: "facts found there are that host's" },
  run_once: { ...flag, description: 'the first host of the batch does it for all' },
  notify: { ...names, description: 'handlers to run at the end of the section when this changed something' },
} as const

export const blockKeywords = {
  ...stepKeywords,
  block: { description: 'steps' },
  rescue: { description: 'steps for when one of the block fails' },
  always: { description: 'steps that run in any case' },
} as const

export const taskKeywords = {
  ...stepKeywords,
  register: identifier,
  loop: { anyOf: [{ type: 'array' }, { type: 'string' }], description: 'a list: one turn for each' },
  loop_control: {
    type: 'object',
    additionalProperties: false,
    properties: {
      loop_var: identifier,
      index_var: identifier,
      label: { type: ['string', 'number'] },
      pause: { ...seconds, description: 'seconds between two turns' },
      extended: { type: 'boolean', description: 'ansible_loop tells of each turn' },
      extended_allitems: { type: 'boolean', description: 'false: ansible_loop without the whole list' },
      break_when: { ...condition, description: 'no further turn after one for which this holds' },
    },
  },
  changed_when: condition,
  failed_when: condition,
  until: condition,
  retries: { ...amount, description: 'how often to try again' },
  delay: { ...seconds, description: 'seconds between tries' },
  guards: { type: 'boolean', description: 'when this task fails, what the play changed on the host is put back' },
} as const

export const handlerKeywords = {
  ...taskKeywords,
  listen: { ...names, description: 'other names it answers to' },
} as const

/** `import_tasks` and its kin take these beside their file. */
export const importKeywords = stepKeywords

/** A `meta` step runs nothing on the host, so what says how to run something has no effect on it. */
export const metaKeywords = {
  name: stepKeywords.name,
  when: stepKeywords.when,
  tags: stepKeywords.tags,
  vars: stepKeywords.vars,
  run_once: { ...flag, description: 'no difference: end_play, end_batch and clear_host_errors are for all hosts' },
} as const

/** Lists of steps and roles are judged by those who read them (`mlplay schema` spells them out). */
export const playKeywords = {
  ...sharedKeywords,
  hosts: {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: { type: 'string' }, minItems: 1 },
    ],
    description: 'which hosts: a pattern',
  },
  gather_facts: { ...flag, description: 'false: never; otherwise when something asks for them' },
  connection: text,
  remote_user: text,
  port: amount,
  serial: {
    anyOf: [share, { type: 'array', items: share, minItems: 1 }],
    description: 'hosts at a time: a number, a percentage, or a list of them',
  },
  strategy: { enum: ['free', 'linear'], description: 'free: each host at its own pace; linear: task by task' },
  order: {
    description: 'in which order hosts are taken',
    enum: ['inventory', 'reverse_inventory', 'sorted', 'reverse_sorted', 'shuffle'],
  },
  max_fail_percentage: {
    type: ['number', 'string'],
    minimum: 0,
    pattern: '^[0-9.]+%?$|\\{[{%]',
    description: 'stop the run when more hosts of a batch than this fail; unreachable hosts count',
  },
  force_handlers: { ...flag, description: 'notified handlers run on hosts that fail, too' },
  vars_files: { anyOf: [text, { type: 'array', items: { anyOf: [text, { type: 'array', items: text }] } }] },
  roles: {},
  pre_tasks: {},
  tasks: {},
  post_tasks: {},
  handlers: {},
} as const

const { name: _, ...withoutName } = sharedKeywords

export const roleKeywords = {
  role: { type: 'string', minLength: 1 },
  ...withoutName,
  when: condition,
  delegate_to: stepKeywords.delegate_to,
  delegate_facts: stepKeywords.delegate_facts,
  run_once: stepKeywords.run_once,
} as const

const { notify: __, ...withoutNotify } = stepKeywords

const schemaOf = <P extends object>(properties: P, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
})

export const blockSchema = schemaOf(blockKeywords, ['block'])
export const taskSchema = schemaOf(taskKeywords)
export const handlerSchema = schemaOf(handlerKeywords)
export const playSchema = schemaOf(playKeywords, ['hosts'])
export const roleSchema = schemaOf(roleKeywords, ['role'])
export const importSchema = schemaOf(importKeywords)
export const metaSchema = schemaOf(metaKeywords)
export const importPlaybookSchema = schemaOf(
  { name: sharedKeywords.name, import_playbook: text, vars: map, tags: names, when: condition },
  ['import_playbook'],
)

const handlerImport = { ...withoutNotify, notify: names, listen: handlerKeywords.listen } as const
export const handlerImportSchema = schemaOf(handlerImport)
export const handlerBlockSchema = schemaOf({ ...handlerImport, block: {} }, ['block'])

/** The map that `include_tasks` and `import_tasks` take in the place of a file's name. */
export const includeFileSchema = (kind: 'import_tasks' | 'include_tasks') =>
  kind === 'import_tasks' ? importFile : includeFile
const importFile = schemaOf({ file: text }, ['file'])
const includeFile = schemaOf({ file: text, apply: map }, ['file'])

const from = { type: 'string', minLength: 1 } as const
const rolePlace = {
  name: { type: 'string', minLength: 1, description: 'which role' },
  tasks_from: { ...from, description: 'the file of tasks/ in the place of main.yml' },
  handlers_from: { ...from, description: 'the file of handlers/ in the place of main.yml' },
  vars_from: { ...from, description: 'the file of vars/ in the place of main.yml' },
  defaults_from: { ...from, description: 'the file of defaults/ in the place of main.yml' },
  public: {
    type: 'boolean',
    description: "all tasks of the play see the role's variables: import_role unless false, include_role if true",
  },
  allow_duplicates: { type: 'boolean', description: 'false: not again where the same call has run' },
  rolespec_validate: { type: 'boolean', description: 'false: its meta/argument_specs.yml is not asked' },
} as const

/** The map that `import_role` and `include_role` take. */
export const includeRoleSchema = (kind: string) => (kind === 'import_role' ? importRole : includeRole)
const importRole = schemaOf(rolePlace, ['name'])
const includeRole = schemaOf({ ...rolePlace, apply: map }, ['name'])

/** `meta/main.yml` of a role: galaxy_info is for others to read. */
export const roleMetaSchema = schemaOf({
  galaxy_info: {},
  dependencies: { type: ['array', 'null'], description: 'roles that run before it' },
  allow_duplicates: { type: 'boolean' },
  collections: { type: ['array', 'null'] },
  argument_specs: map,
})
