import type { At } from '../text/position.ts'
import type { Address } from './address.ts'
import type { Json, JsonObject } from './json.ts'
import type { KeywordValue } from './keyword-values.ts'
import type { InheritedAs, Keywords, OwnOfPlay, OwnOfTask } from './keywords.ts'
import type { RoleOptions } from './role-spec.ts'
import type { AnyTaskType } from './task-type.ts'

/** A node of a YAML file: `placesIn` of the texts finds the places of what is in it. */
export interface SourceNode {
  readonly file: string
  readonly path: readonly (string | number)[]
}

/** Finds the place of a value (or of its key) inside of a node: `locate(['template-file', 'dest'])`. */
export type Locate = (path: readonly (string | number)[], what?: 'key' | 'value') => At

/** Variables in the order of rising precedence inside their kind. */
export type Vars = { readonly [name: string]: Json }

/** A role as a play uses it: its variables and the folders its files come from. */
export interface RoleUse {
  readonly name: string
  readonly path: string
  readonly defaults: Vars
  readonly vars: Vars
  /** `vars:` of its entry: above what the role itself sets, below a block's variables. */
  readonly given: Vars
  /** What stands beside `role:` in its entry: above facts and results. */
  readonly params: Vars
  /** Where `defaults` and `vars` stand. */
  readonly variableFiles: readonly string[]
  /** The same for two calls that Ansible takes for one: the role, its params, `vars`, `when`, `tags` and files. */
  readonly identity: string
  /** The same for calls that share their handlers. */
  readonly handlersOf: string
  /** The roles that brought it, outermost first: those that depend on it, or whose task calls it. */
  readonly callers: readonly RoleUse[]
  /** The roles that it depends on, with those that they depend on. */
  readonly dependencies: readonly RoleUse[]
  /** It came as another role's dependency. */
  readonly depended: boolean
  /** All tasks of the play see its variables, and not its own alone. */
  readonly public: boolean
  /** What its argument specs say of the settings it takes. */
  readonly spec?: RoleOptions
}

/** What the loader makes of a keyword's value: names and conditions are read, the rest stays as it is written. */
export type Loaded<V extends KeywordValue> = V extends 'conditions'
  ? readonly Conditional[]
  : V extends 'texts'
    ? readonly string[]
    : V extends 'identifier'
      ? string
      : V extends 'true or false, as written'
        ? boolean
        : Json

type Nearest = { readonly [K in InheritedAs<'nearest'>]?: Json }

/** Keywords that a block hands down to what it holds. */
export interface Inherited extends Nearest {
  readonly when: readonly Conditional[]
  readonly tags: readonly string[]
  readonly vars: Vars
  /** `vars:` of the includes around it: above facts and results. */
  readonly params: Vars
  readonly environment: readonly Json[]
  readonly notify: readonly Json[]
}

/** Keywords that a task or handler has for itself. */
export type OfTask = {
  readonly [K in OwnOfTask]?: Loaded<Keywords[K]['takes']>
}

/** Keywords that a play has for itself, as they are written. */
export type OfPlay = { readonly [K in OwnOfPlay]?: Loaded<Keywords[K]['takes']> }

export interface Conditional {
  readonly expression: Json // string expression or boolean
  readonly at: At
}

export interface Loop {
  readonly items: Json // list, or a template that gives one
  readonly at: At
  readonly variable: string
  readonly index?: string
  readonly label?: string
  /** Seconds between two turns: a number, or a template that gives one. */
  readonly pause?: Json
  /** `ansible_loop` tells of the turn, with the whole list (`all`) or without it. */
  readonly extended?: 'all' | 'brief'
  /** After a turn for which these hold, no further one begins. */
  readonly breakWhen?: readonly Conditional[]
}

/** A task: keywords of blocks, role and play above it already merged into `inherited` (nearest wins, lists extended). */
export interface Task extends OfTask {
  readonly kind: 'task'
  readonly address: Address
  readonly name: string // may hold templates; the type's name when none is given
  readonly named: boolean
  readonly type: string
  readonly params: JsonObject
  readonly at: At
  readonly source: SourceNode
  readonly role?: RoleUse
  /** Folders to look for `src` in: the role's, then the playbook's. */
  readonly folder: string
  readonly inherited: Inherited
  readonly loop?: Loop
  /** Handlers only: other names it answers to. */
  readonly listen: readonly string[]
}

export interface Block {
  readonly kind: 'block'
  readonly address: Address
  readonly name?: string
  readonly at: At
  readonly block: readonly Step[]
  readonly rescue: readonly Step[]
  readonly always: readonly Step[]
  /** The tasks of a role that a host runs once however often it is called: the call's `identity`. */
  readonly once?: string
  /** The tasks of a role whose settings are validated before the first of them. */
  readonly validates?: RoleCall
}

/** A call of a role that has argument specs: what a task of it would see, and where the call stands. */
export interface RoleCall {
  readonly address: Address
  readonly role: RoleUse
  readonly spec: RoleOptions
  readonly inherited: Inherited
  readonly at: At
  readonly source: SourceNode
}

/** `meta: flush_handlers`, `end_play`, ... */
export interface Meta {
  readonly kind: 'meta'
  readonly address: Address
  readonly action: 'flush_handlers' | 'end_host' | 'end_batch' | 'end_play' | 'noop' | 'clear_host_errors'
  readonly at: At
  readonly inherited: Inherited
}

export type Step = Task | Block | Meta

export interface Play extends OfPlay {
  readonly address: Address
  readonly name: string
  readonly at: At
  readonly source: SourceNode
  readonly folder: string
  readonly hosts: Json
  readonly hostsAt: At
  readonly vars: Vars
  readonly vars_files: readonly { readonly file: string; readonly vars: Vars }[]
  /** Roles in the order they run, dependencies first. */
  readonly roles: readonly RoleUse[]
  readonly pre_tasks: readonly Step[]
  /** The roles' tasks, then the play's own. */
  readonly tasks: readonly Step[]
  readonly post_tasks: readonly Step[]
  readonly handlers: readonly Task[]
}

export interface Playbook {
  readonly file: string
  readonly plays: readonly Play[]
  /** Text of every file read, for code frames: path -> text. */
  readonly sources: ReadonlyMap<string, string>
}

/** A playbook with the code that its tasks need; all else of it is plain data. */
export interface LoadedPlaybook extends Playbook {
  /** Built-in task types and the user's own from `tasks/` folders. */
  readonly types: ReadonlyMap<string, AnyTaskType>
}
