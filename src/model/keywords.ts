import type { Place } from './keyword-places.ts'
import { type KeywordValue, type TakenApart, takenApart } from './keyword-values.ts'

export interface Keyword {
  readonly takes: KeywordValue
  readonly on: readonly Place[]
  /** Places that cannot be without it. */
  readonly neededOn?: readonly Place[]
  /**
   * How it comes to what stands inside: the nearest one counts, all add up, or maps are merged with the nearest on top.
   * Without it, a keyword is that of its own place alone.
   */
  readonly inherited?: 'nearest' | 'added' | 'merged'
  /**
   * What a play does with one that is inherited elsewhere: it keeps it (weaker than what the tasks below it are given), or
   * keeps it and hands it down as well.
   */
  readonly onPlay?: 'kept' | 'kept and inherited'
  /** How texts in its value are read: rendered for each host, as expressions, or as they are written. */
  readonly texts: 'template' | 'expression' | 'plain'
  /** One line for documentation and editors. */
  readonly doc: string
  /** A line of its own for some places. */
  readonly docOn?: { readonly [place in Place]?: string }
}

const tasks = ['task', 'handler'] as const
const steps = ['block', 'task', 'handler', 'import', 'handler import', 'handler block'] as const
const everywhere = ['play', ...steps, 'role'] as const

/**
 * Every keyword of the language, once: what it takes, where it may stand, how it is inherited and how its texts are read.
 * The loader, its checks, `mlplay schema` and docs/keywords.md derive from this table. What a keyword does is told where
 * a stage of the run acts on it.
 */
export const keywords = {
  role: { takes: 'a role', on: ['role'], neededOn: ['role'], texts: 'plain', doc: 'which role' },
  name: {
    takes: 'label',
    on: ['play', ...steps, 'meta', 'import_playbook'],
    texts: 'template',
    doc: 'what a person reads',
  },
  import_playbook: {
    takes: 'a file',
    on: ['import_playbook'],
    neededOn: ['import_playbook'],
    texts: 'plain',
    doc: 'the playbook whose plays stand here',
  },
  tags: {
    takes: 'texts',
    on: [...everywhere, 'meta', 'import_playbook'],
    inherited: 'added',
    texts: 'plain',
    doc: 'run or skip by -t and --skip-tags',
  },
  vars: {
    takes: 'variables',
    on: [...everywhere, 'meta', 'import_playbook'],
    inherited: 'merged',
    onPlay: 'kept',
    texts: 'template',
    doc: 'variables for what is inside',
  },
  environment: {
    takes: 'environment',
    on: everywhere,
    inherited: 'added',
    texts: 'template',
    doc: 'environment variables',
  },
  no_log: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    texts: 'template',
    doc: 'hide changes and output',
  },
  ignore_errors: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    texts: 'template',
    doc: 'a failure does not end the host',
  },
  ignore_unreachable: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    texts: 'template',
    doc: 'a host that cannot be reached goes on with its next task',
  },
  check_mode: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    texts: 'template',
    doc: 'true: only ever look; false: act even in a dry run',
  },
  diff: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    texts: 'template',
    doc: 'show the difference that a change makes, or not, whatever --diff says',
  },
  any_errors_fatal: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    onPlay: 'kept and inherited',
    texts: 'template',
    doc: 'a host that fails or is unreachable here stops all hosts and the whole run',
  },
  throttle: {
    takes: 'a whole number',
    on: everywhere,
    inherited: 'nearest',
    onPlay: 'kept and inherited',
    texts: 'template',
    doc: 'at most so many hosts at once',
  },
  timeout: { takes: 'seconds', on: everywhere, inherited: 'nearest', texts: 'template', doc: 'seconds' },
  become: {
    takes: 'true or false',
    on: everywhere,
    inherited: 'nearest',
    onPlay: 'kept',
    texts: 'template',
    doc: 'act as another account',
  },
  become_user: {
    takes: 'text',
    on: everywhere,
    inherited: 'nearest',
    onPlay: 'kept',
    texts: 'template',
    doc: 'which account; root when not said',
  },
  become_method: {
    takes: 'text',
    on: everywhere,
    inherited: 'nearest',
    onPlay: 'kept',
    texts: 'template',
    doc: 'sudo, su or doas',
  },
  when: {
    takes: 'conditions',
    on: [...steps, 'meta', 'role', 'import_playbook'],
    inherited: 'added',
    texts: 'expression',
    doc: 'an expression, or a list of which all must hold',
  },
  delegate_to: {
    takes: 'text',
    on: [...steps, 'role'],
    inherited: 'nearest',
    texts: 'template',
    doc: 'act on this host instead',
  },
  delegate_facts: {
    takes: 'true or false',
    on: [...steps, 'role'],
    inherited: 'nearest',
    texts: 'template',
    doc: "facts found there are that host's",
  },
  run_once: {
    takes: 'true or false',
    on: [...steps, 'meta', 'role'],
    inherited: 'nearest',
    texts: 'template',
    doc: 'the first host of the batch does it for all',
    docOn: { meta: 'no difference: end_play, end_batch and clear_host_errors are for all hosts' },
  },
  notify: {
    takes: 'texts',
    on: steps,
    inherited: 'added',
    texts: 'template',
    doc: 'handlers to run at the end of the section when this changed something',
  },
  block: {
    takes: 'steps',
    on: ['block', 'handler block'],
    neededOn: ['block', 'handler block'],
    texts: 'plain',
    doc: 'steps',
  },
  rescue: { takes: 'steps', on: ['block'], texts: 'plain', doc: 'steps for when one of the block fails' },
  always: { takes: 'steps', on: ['block'], texts: 'plain', doc: 'steps that run in any case' },
  register: {
    takes: 'identifier',
    on: tasks,
    texts: 'plain',
    doc: 'the variable that holds the result for later tasks',
  },
  loop: {
    takes: 'a list, or a template that gives one',
    on: tasks,
    texts: 'template',
    doc: 'a list: one turn for each',
  },
  loop_control: {
    takes: 'settings of the loop',
    on: tasks,
    texts: 'template',
    doc: 'names, labels and pauses of the turns',
  },
  changed_when: {
    takes: 'conditions',
    on: tasks,
    texts: 'expression',
    doc: 'the task changed something where this holds',
  },
  failed_when: { takes: 'conditions', on: tasks, texts: 'expression', doc: 'the task failed where this holds' },
  until: { takes: 'conditions', on: tasks, texts: 'expression', doc: 'try again until this holds' },
  retries: { takes: 'a whole number', on: tasks, texts: 'template', doc: 'how often to try again' },
  delay: { takes: 'seconds', on: tasks, texts: 'template', doc: 'seconds between tries' },
  guards: {
    takes: 'true or false, as written',
    on: tasks,
    texts: 'plain',
    doc: 'when this task fails, what the play changed on the host is put back',
  },
  listen: {
    takes: 'texts',
    on: ['handler', 'handler import', 'handler block'],
    texts: 'template',
    doc: 'other names it answers to',
  },
  hosts: {
    takes: 'a host pattern',
    on: ['play'],
    neededOn: ['play'],
    texts: 'template',
    doc: 'which hosts: a pattern',
  },
  gather_facts: {
    takes: 'true or false, as written',
    on: ['play'],
    texts: 'plain',
    doc: 'false: never; otherwise when something asks for them',
  },
  connection: { takes: 'text', on: ['play'], texts: 'template', doc: 'ssh, openssh, local, docker or podman' },
  remote_user: { takes: 'text', on: ['play'], texts: 'template', doc: 'the account that logs in' },
  port: { takes: 'a whole number', on: ['play'], texts: 'template', doc: 'the port that ssh listens on' },
  serial: {
    takes: 'numbers of hosts',
    on: ['play'],
    texts: 'template',
    doc: 'hosts at a time: a number, a percentage, or a list of them',
  },
  strategy: {
    takes: 'free or linear',
    on: ['play'],
    texts: 'plain',
    doc: 'free: each host at its own pace; linear: task by task',
  },
  order: { takes: 'an order of hosts', on: ['play'], texts: 'template', doc: 'in which order hosts are taken' },
  max_fail_percentage: {
    takes: 'percentage',
    on: ['play'],
    texts: 'template',
    doc: 'when more hosts of a batch than this fail or are unreachable, the run stops',
  },
  force_handlers: {
    takes: 'true or false',
    on: ['play'],
    texts: 'template',
    doc: 'notified handlers run on hosts that fail, too',
  },
  vars_files: {
    takes: 'files, or lists of files',
    on: ['play'],
    texts: 'plain',
    doc: 'files of variables; of a list in the list, the first that exists',
  },
  roles: { takes: 'roles', on: ['play'], texts: 'plain', doc: 'roles that run before the tasks' },
  pre_tasks: { takes: 'steps', on: ['play'], texts: 'plain', doc: 'steps before the roles' },
  tasks: { takes: 'steps', on: ['play'], texts: 'plain', doc: 'steps' },
  post_tasks: { takes: 'steps', on: ['play'], texts: 'plain', doc: 'steps after the tasks and their handlers' },
  handlers: { takes: 'handlers', on: ['play'], texts: 'plain', doc: 'tasks that run when they are notified' },
} as const satisfies { readonly [name: string]: Keyword }

export type Keywords = typeof keywords
export type KeywordName = keyof Keywords

/** The keywords of a place, by their names. */
export type On<P extends Place> = {
  [K in KeywordName]: P extends Keywords[K]['on'][number] ? K : never
}[KeywordName]

/** The keywords that are inherited so. */
export type InheritedAs<How extends NonNullable<Keyword['inherited']>> = {
  [K in KeywordName]: Keywords[K] extends { readonly inherited: How } ? K : never
}[KeywordName]

type Inherits<K extends KeywordName> = K extends KeywordName
  ? Keywords[K] extends { readonly inherited: string }
    ? K
    : never
  : never
type KeptOnPlay<K extends KeywordName> = K extends KeywordName
  ? Keywords[K] extends { readonly onPlay: string }
    ? K
    : never
  : never
type Whole<K extends KeywordName> = K extends KeywordName
  ? Keywords[K]['takes'] extends TakenApart
    ? never
    : K
  : never

/** Keywords that a task has for itself, as they are written. */
export type OwnOfTask = Whole<Exclude<On<'task'>, Inherits<KeywordName>>>
/** Keywords that a play has for itself, as they are written. */
export type OwnOfPlay = Whole<Exclude<On<'play'>, Inherits<KeywordName>> | KeptOnPlay<On<'play'>>>

export const keywordNames = Object.keys(keywords) as readonly KeywordName[]

const table: { readonly [name in KeywordName]: Keyword } = keywords

/** A keyword by its name, with all that may be said of one. */
export const keyword = (name: KeywordName): Keyword => table[name]

/** The keywords of a place, in the order of the table. */
export const keywordsOn = (place: Place): readonly KeywordName[] =>
  keywordNames.filter(name => table[name].on.includes(place))

const isWhole = (name: KeywordName): boolean => !(takenApart as readonly string[]).includes(table[name].takes)

export const ownOfTask = keywordsOn('task').filter(
  (name): name is OwnOfTask => table[name].inherited === undefined && isWhole(name),
)
export const ownOfPlay = keywordsOn('play').filter(
  (name): name is OwnOfPlay =>
    (table[name].inherited === undefined || table[name].onPlay !== undefined) && isWhole(name),
)
