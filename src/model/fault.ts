import { type At, formatPosition } from '../text/position.ts'

export interface FaultDetail {
  readonly at?: At
  /** What to do about it. */
  readonly hint?: string
  /** Source lines around `at` with a caret. */
  readonly frame?: string
  readonly cause?: unknown
  /** When several faults were found: all of them, the first being this one. */
  readonly all?: readonly Fault[]
}

/** What kind of mistake a fault is. */
export type FaultCode =
  | 'argument-spec'
  | 'ask'
  | 'become'
  | 'boolean'
  | 'condition'
  | 'connection'
  | 'environment'
  | 'extra-vars'
  | 'file'
  | 'handler'
  | 'handlers'
  | 'import'
  | 'inventory'
  | 'keyword'
  | 'last-run'
  | 'limit'
  | 'lookup'
  | 'look'
  | 'loop'
  | 'max_fail_percentage'
  | 'meta'
  | 'missing'
  | 'no-hosts'
  | 'no-inventory'
  | 'order'
  | 'params'
  | 'password'
  | 'play'
  | 'playbook'
  | 'role'
  | 'role-setting'
  | 'schema'
  | 'serial'
  | 'source'
  | 'start-at-task'
  | 'steps'
  | 'tag'
  | 'task'
  | 'task-type'
  | 'template'
  | 'type'
  | 'undefined-variable'
  | 'unknown-host'
  | 'unknown-key'
  | 'value'
  | 'variable-cycle'
  | 'variable-name'
  | 'vars'
  | 'vars_files'
  | 'yaml'

/** A user's mistake or a refusal, never a bug of mlplay: exit code 3 unless `exitCode` says otherwise. */
export class Fault extends Error {
  readonly code: FaultCode
  readonly at: At | undefined
  readonly hint: string | undefined
  readonly frame: string | undefined
  readonly all: readonly Fault[]

  constructor(code: FaultCode, message: string, detail: FaultDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.name = 'Fault'
    this.code = code
    this.at = detail.at
    this.hint = detail.hint
    this.frame = detail.frame
    this.all = detail.all ?? [this]
  }

  /** One fault that stands for many; the same mistake, met by several playbooks in one role, is one. */
  static of(faults: readonly Fault[]): Fault {
    const all = [...new Map(faults.map(fault => [fault.describe(), fault])).values()]
    const [first] = all
    if (first === undefined) throw new RangeError('no fault to report')
    if (all.length === 1) return first
    return new Fault(first.code, first.message, { at: first.at, hint: first.hint, frame: first.frame, all })
  }

  /** `file:line:column message`, the code frame and the hint, as a terminal shows them. */
  describe(): string {
    const head = this.at === undefined ? this.message : `${formatPosition(this.at)} ${this.message}`
    return [head, this.frame, this.hint === undefined ? undefined : `  hint: ${this.hint}`]
      .filter(part => part !== undefined)
      .join('\n')
  }
}
