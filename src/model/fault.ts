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

/** A user's mistake or a refusal, never a bug of mlplay: exit code 3 unless `exitCode` says otherwise. */
export class Fault extends Error {
  readonly code: string
  readonly at: At | undefined
  readonly hint: string | undefined
  readonly frame: string | undefined
  readonly all: readonly Fault[]

  constructor(code: string, message: string, detail: FaultDetail = {}) {
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
