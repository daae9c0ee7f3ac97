import { randomBytes } from 'node:crypto'
import { Fault } from '../../model/fault.ts'
import type { JsonObject } from '../../model/json.ts'
import type { AnyTaskType } from '../../model/task-type.ts'
import { NOT_RUN } from '../../shell/frame.ts'
import { Cancelled } from '../../shell/interrupted.ts'
import { problemOf, readState, reporting } from '../../shell/probe-protocol.ts'
import {
  BecomeFailed,
  type FramePart,
  type Output,
  type ScriptOptions,
  type Shell,
  Unreachable,
} from '../../shell/shell.ts'
import { reportedState } from '../../tasks/kit/requirements.ts'
import { lines, type Script } from '../../text/sh.ts'
import { called, probeScript } from './type-code.ts'

/** A look at a host: a script, in whose shell it runs, and how its answer is read. */
export interface Probe {
  readonly shell: Shell
  readonly script: Script
  readonly type: AnyTaskType
  /** Milliseconds until it is given up. */
  readonly timeout: number
}

/** The host gave no answer to a look, or one that cannot be: nothing is known, so nothing is assumed. */
export class LookFailed extends Fault {
  override readonly name = 'LookFailed'
}

/** Milliseconds that a look may take, beside the time that its type asks for. */
const LOOK = 300_000

/**
 * What the probes of one host found. An answer is kept under the script that got it, so a later step gets it only if it
 * would ask the very same question; any change to the host throws all answers away.
 */
export class Probes {
  readonly #mark = randomBytes(8).toString('hex')
  #answers = new Map<Shell, Map<string, Output>>()
  #touched = 0
  readonly #made = new WeakMap<JsonObject, Probe>()
  // What was so before the last changes: good for guessing what comes, never for deciding.
  readonly #old = new Map<Shell, Map<string, Output>>()

  /** `params`: a probe is made once for each of these objects, as they do not change. */
  make(
    type: AnyTaskType,
    params: JsonObject,
    options: { readonly shell: Shell; readonly patient: boolean; readonly prefix: Script | undefined },
  ): Probe | undefined {
    const { shell, patient } = options
    const before = patient ? undefined : this.#made.get(params)
    if (before !== undefined && before.shell === shell) return before
    const look = probeScript(type, params, patient)
    // A command without conditions has nothing to look at: that is worth no round trip.
    if (look === undefined || /^[:\s]*$/.test(look.text)) return undefined
    const asked = reporting(look, this.#mark)
    const script = options.prefix === undefined ? asked : lines(options.prefix, asked)
    const own = called(type, 'probe', () => Number(type.waits?.(params) ?? 0))
    const probe = { shell, script, type, timeout: LOOK + own * 1000 }
    if (!patient) this.#made.set(params, probe)
    return probe
  }

  /** A change whose script reports facts, as a probe does. */
  reporting(change: Script): Script {
    return reporting(change, this.#mark)
  }

  /** What such a change reported. Throws `LookFailed`. */
  reported(outputs: readonly Output[], type: AnyTaskType): JsonObject {
    const state = readState(Buffer.concat(outputs.map(({ stdout }) => stdout)), this.#mark, reportedState(type))
    if (typeof state === 'string') throw new LookFailed('look', `${type.name} was given an odd answer: ${state}`)
    return state
  }

  /** A look that failed is none: who rides along too early is asked again when its turn comes. */
  answered(probe: Probe): boolean {
    return this.#answers.get(probe.shell)?.get(probe.script.text)?.code === 0
  }

  /** The typed state; `undefined` when the question was not asked since the last change. Throws `LookFailed`. */
  state(probe: Probe): JsonObject | undefined {
    const output = this.#answers.get(probe.shell)?.get(probe.script.text)
    return output === undefined ? undefined : this.#read(output, probe)
  }

  /** The newest answer there ever was, perhaps from before a change. */
  guess(probe: Probe): JsonObject | undefined {
    const output =
      this.#answers.get(probe.shell)?.get(probe.script.text) ?? this.#old.get(probe.shell)?.get(probe.script.text)
    return output?.code === 0 ? this.#read(output, probe) : undefined
  }

  #read(output: Output, { type }: Probe): JsonObject {
    const problem = problemOf(output)
    const state = problem === undefined ? readState(output.stdout, this.#mark, reportedState(type)) : problem
    if (typeof state === 'string') throw new LookFailed('look', `${type.name} could not look at the host: ${state}`)
    return state
  }

  /** Others changed the host in the meantime, so often: what was seen before is old. */
  since(touched: number): void {
    if (touched !== this.#touched) this.forget()
    this.#touched = touched
  }

  /** What a host that others act on too is like: good for nobody but who asked just now. */
  forgetOf(shell: Shell): void {
    this.#answers.delete(shell)
  }

  forget(): void {
    for (const [shell, answers] of this.#answers) {
      const old = this.#old.get(shell) ?? new Map<string, Output>()
      this.#old.set(shell, old)
      for (const [text, output] of answers) old.set(text, output)
    }
    this.#answers = new Map()
  }

  /**
   * One round trip per shell: `first` (changes) and then all of `probes` that have no answer yet. The outputs are those
   * of `first`. Probes of other accounts' shells ride in one frame each.
   */
  async ask(
    shell: Shell,
    first: readonly FramePart[],
    ride: { readonly probes: readonly Probe[]; readonly limits: ScriptOptions },
  ): Promise<readonly Output[]> {
    const wanted = new Map<Shell, Map<string, Probe>>([[shell, new Map()]])
    for (const probe of ride.probes) {
      if (this.answered(probe)) continue
      const list = wanted.get(probe.shell) ?? new Map<string, Probe>()
      wanted.set(probe.shell, list.set(probe.script.text, probe))
    }
    let outputs: readonly Output[] = []
    for (const [target, probes] of wanted) {
      const parts = [
        ...(target === shell ? first : []),
        ...[...probes.values()].map(({ script, timeout }) => ({ script, timeout })),
      ]
      if (parts.length === 0) continue
      const all = await (target === shell ? target.runAll(parts, ride.limits) : riding(target, parts, ride.limits))
      const answers = this.#answers.get(target) ?? new Map<string, Output>()
      this.#answers.set(target, answers)
      const skip = parts.length - probes.size
      ;[...probes.keys()].forEach((text, i) => {
        const output = all[skip + i]
        if (output !== undefined && output.code !== NOT_RUN && output.cancelled === undefined) answers.set(text, output)
      })
      // A change that was made before the person's patience ended counts, though it was not looked at again.
      const cut = (first.length === 0 ? all : all.slice(0, skip)).find(({ cancelled }) => cancelled !== undefined)
      if (target === shell && cut?.cancelled !== undefined) throw new Cancelled(cut.cancelled, first.length > 0)
      if (target === shell) outputs = all.slice(0, skip)
    }
    return outputs
  }
}

// Probes that ride along in another shell fail in silence: whoever needs them asks again, and is told then.
const riding = async (shell: Shell, parts: readonly FramePart[], limits: ScriptOptions): Promise<readonly Output[]> => {
  try {
    return await shell.runAll(parts, limits)
  } catch (error) {
    if (error instanceof Unreachable || error instanceof BecomeFailed) return []
    throw error
  }
}
