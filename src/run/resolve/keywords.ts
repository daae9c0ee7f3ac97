import type { Conditional, Locate, Play, SourceNode, Task } from '../../model/playbook.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import type { Scope, TemplateOptions } from '../../template/template.ts'
import type { Script } from '../../text/sh.ts'
import { amountOf } from '../../values/amount.ts'
import type { ScopeOf } from '../../values/host-scopes.ts'
import { quietly } from '../../values/quietly.ts'
import { faultAt, firstFalse, flag, renderDeep } from '../../values/render.ts'
import type { RunAs } from '../session/connect.ts'
import { environmentOf } from './environment.ts'

/** What resolving a task takes from the host that it runs on, and from the command line. */
export interface Resolving {
  readonly play: Play
  readonly memory: { readonly host: { readonly name: string } }
  readonly types: ReadonlyMap<string, AnyTaskType>
  readonly template: TemplateOptions
  /** Where values stand inside of a task. */
  readonly places: (node: SourceNode) => Locate
  readonly scopeOf: ScopeOf
  readonly check: boolean
  readonly become: unknown
  readonly becomeUser: string | undefined
  /** Another host, for `delegate_to`: its own variables say how it is reached. */
  readonly other: (name: string) => { readonly scope: Scope }
}

type Resolved = Pick<Task, 'inherited' | 'at'> & Partial<Pick<Task, 'name' | 'until' | 'retries' | 'delay' | 'loop'>>

/**
 * A task's keywords as typed values, on one host and for one turn of its loop. Each is rendered once, here, when it is
 * first read: what comes after one that ends the task (`when`) is not asked. Reading may need facts (`answer`) and
 * throws a `Fault` for a value that cannot be; those that only say how a task is told of are quiet about both.
 */
export class Keywords {
  readonly #task: Resolved
  readonly #scope: Scope
  readonly #on: Resolving
  #unmet: Conditional | false | undefined
  #name: string | undefined
  #once: boolean | undefined
  #throttle: number | undefined
  #secret: boolean | undefined
  #check: boolean | undefined
  #timeout: number | undefined
  #environment: Script | false | undefined
  #runAs: RunAs | undefined

  constructor(task: Resolved, scope: Scope, on: Resolving) {
    this.#task = task
    this.#scope = scope
    this.#on = on
  }

  /** The first condition of `when` that does not hold. */
  get unmet(): Conditional | undefined {
    this.#unmet ??= firstFalse(this.#task.inherited.when, this.#scope, this.#on.template) ?? false
    return this.#unmet === false ? undefined : this.#unmet
  }

  /** The name of a task that is to be kept out of the log may hold what is secret: it stays as it is written. */
  get name(): string {
    const { name = '' } = this.#task
    if (this.#name === undefined && name.includes('{') && !this.secret) this.#name = String(this.#rendered(name))
    return this.#name ?? name
  }

  get runsOnce(): boolean {
    this.#once ??= this.#located(() => this.#flag(this.#task.inherited.run_once))
    return this.#once
  }

  /** So many hosts at once; 0: as many as there are. */
  get throttle(): number {
    const { throttle, run_once } = this.#task.inherited
    this.#throttle ??= run_once === undefined ? this.#amount('throttle', throttle, 0) : 0
    return this.#throttle
  }

  get check(): boolean {
    const { check_mode } = this.#task.inherited
    this.#check ??= check_mode === undefined ? this.#on.check : this.#flag(check_mode)
    return this.#check
  }

  /** Milliseconds; `undefined`: as long as it takes. */
  get timeout(): number | undefined {
    this.#timeout ??= this.#amount('timeout', this.#task.inherited.timeout, 0) * 1000
    return this.#timeout === 0 ? undefined : this.#timeout
  }

  /** How often it is tried again; `undefined` where it is tried once, whatever comes of it. */
  get retries(): number | undefined {
    const { until, retries } = this.#task
    return until === undefined && retries === undefined ? undefined : this.#amount('retries', retries, 3)
  }

  /** Seconds between two tries. */
  get delay(): number {
    return this.#amount('delay', this.#task.delay, 5)
  }

  /** Seconds between two turns of a loop. */
  get pause(): number {
    const { loop } = this.#task
    return loop?.pause === undefined ? 0 : this.#amount('pause', loop.pause, 0)
  }

  /** `environment:` as exports in front of a script. */
  get environment(): Script | undefined {
    this.#environment ??= environmentOf(this.#task, this.#scope, this.#on.template) ?? false
    return this.#environment === false ? undefined : this.#environment
  }

  /** In whose shell, and on which host, the task acts. */
  get runAs(): RunAs {
    this.#runAs ??= this.#account()
    return this.#runAs
  }

  get delegatesFacts(): boolean {
    return this.#flag(this.#task.inherited.delegate_facts)
  }

  get ignoresErrors(): boolean {
    return this.#flag(this.#task.inherited.ignore_errors)
  }

  get ignoresUnreachable(): boolean {
    return this.#quietFlag(this.#task.inherited.ignore_unreachable, false)
  }

  /** `ignore_errors` of a task that failed before its own could be read. */
  get forgives(): boolean {
    return this.#quietFlag(this.#task.inherited.ignore_errors, false)
  }

  /** `any_errors_fatal`: a rule of safety that cannot be read holds. */
  get fatal(): boolean {
    return this.#quietFlag(this.#task.inherited.any_errors_fatal, true)
  }

  /** `no_log`: neither what it does nor its name's variables are told. */
  get secret(): boolean {
    const { no_log } = this.#task.inherited
    if (no_log === undefined) return false
    this.#secret ??= quietly(() => this.#flag(no_log), undefined)
    return this.#secret ?? false
  }

  /** `undefined` where the task does not say. */
  get diff(): boolean | undefined {
    const { diff } = this.#task.inherited
    return diff === undefined || diff === null ? undefined : this.#quietFlag(diff, false)
  }

  /** Renders all that must be known before the host is looked at: what is missing, or wrong, shows here. */
  resolve(): readonly unknown[] {
    return [this.retries, this.runAs, this.check, this.timeout, this.environment]
  }

  #account(): RunAs {
    const { play, memory, become: asked, becomeUser } = this.#on
    const { delegate_to, become, become_user, become_method } = this.#task.inherited
    const named = delegate_to === undefined || delegate_to === null ? undefined : String(this.#rendered(delegate_to))
    const host = named === memory.host.name ? undefined : named
    // How a host is reached is that host's own matter, whoever acts on it.
    const reached = host === undefined ? this.#scope : this.#on.other(host).scope
    const pick = (own: unknown, ofPlay: unknown, variable: string, fallback: unknown) =>
      own ?? ofPlay ?? (reached.has(variable) ? reached.get(variable) : fallback)
    if (!this.#flag(pick(become, play.become, 'ansible_become', asked)))
      return { user: undefined, method: 'sudo', host }
    const user = pick(become_user, play.become_user, 'ansible_become_user', becomeUser ?? 'root')
    const method = pick(become_method, play.become_method, 'ansible_become_method', 'sudo')
    return { user: String(this.#rendered(user)), method: String(this.#rendered(method)), host }
  }

  #flag(value: unknown): boolean {
    return flag(value, this.#scope, this.#on.template)
  }

  #quietFlag(value: unknown, otherwise: boolean): boolean {
    return value === undefined ? false : quietly(() => this.#flag(value), otherwise)
  }

  #rendered(value: unknown): unknown {
    return renderDeep(value, this.#scope, this.#on.template)
  }

  #amount(name: string, value: Parameters<typeof amountOf>[0]['value'], otherwise: number): number {
    const at = (name === 'pause' ? this.#task.loop?.at : undefined) ?? this.#task.at
    return amountOf({ name, value, at, otherwise }, this.#scope, this.#on.template)
  }

  #located<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw faultAt(error, this.#task.at)
    }
  }
}
