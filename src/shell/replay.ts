import { startTimer } from '../text/timer.ts'
import { NOT_RUN, TIMED_OUT } from './frame.ts'
import type { FramePart } from './shell.ts'
import { type Output, type ScriptOptions, type Shell, Unreachable } from './shell.ts'

/** The output of a replayed host for one script. `facts` are what a probe would report. */
export interface ReplayOutput {
  readonly code?: number
  readonly stdout?: string
  readonly stderr?: string
  readonly facts?: Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>
}

/** `lost`: the connection breaks. `hang`: no answer until the run's signal or the script's timeout. */
export type ReplayAnswer = ReplayOutput | 'lost' | 'hang'

/**
 * A shell that runs nothing and answers from a function: for tests of failing, hanging and vanishing hosts, and for
 * benchmarks of the engine with thousands of hosts.
 */
export function openReplay(answer: (script: string) => ReplayAnswer | Promise<ReplayAnswer>): Shell {
  let queue: Promise<unknown> = Promise.resolve()
  let roundTrips = 0

  const exchange = async (parts: readonly FramePart[], limits: ScriptOptions): Promise<readonly Output[]> => {
    roundTrips++
    const outputs: Output[] = []
    let broken = false
    for (const { script, chained } of parts) {
      const said = chained === true && broken ? { code: NOT_RUN } : await answer(script.text)
      if (said === 'lost') throw new Unreachable('the connection was lost')
      if (said === 'hang') await until(limits)
      const output = outputOf(said === 'hang' ? { code: TIMED_OUT, stderr: 'no answer came' } : said, script.text)
      if (chained === true && output.code !== 0) broken = true
      outputs.push(output)
    }
    return outputs
  }

  const runAll = (parts: readonly FramePart[], limits: ScriptOptions = {}): Promise<readonly Output[]> => {
    const turn = queue.then(() => (parts.length === 0 ? [] : exchange(parts, limits)))
    queue = turn.catch(() => {})
    return turn
  }
  return {
    run: async (script, limits) => {
      const [output] = await runAll([{ script, payload: limits?.payload }], limits)
      if (output === undefined) throw new Unreachable('the shell did not answer')
      return output
    },
    runAll,
    get roundTrips() {
      return roundTrips
    },
    close: async () => {},
  }
}

const none = new Uint8Array()

const outputOf = ({ code = 0, stdout = '', stderr = '', facts }: ReplayOutput, script: string): Output => {
  const text = `${stdout}${facts === undefined ? '' : reported(facts, script)}`
  return {
    code,
    stdout: text === '' ? none : Buffer.from(text, 'latin1'),
    stderr: stderr === '' ? none : Buffer.from(stderr),
  }
}

// Each probe script contains the mark with which its facts are printed.
const reported = (facts: NonNullable<ReplayOutput['facts']>, script: string): string => {
  const mark = /^fact\(\) \{ printf '\\036%s\\036%s=%s' '?(\w+)'?/.exec(script)?.[1] ?? ''
  return Object.entries(facts)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(one => `\x1e${mark}\x1e${name}=${one}`))
    .join('')
}

const until = ({ timeout, signal }: ScriptOptions): Promise<void> =>
  new Promise(resolve => {
    if (timeout !== undefined) startTimer(timeout, resolve)
    if (signal?.aborted === true) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
