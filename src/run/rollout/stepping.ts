import { Interrupted } from '../../shell/interrupted.ts'
import type { RunRequest } from '../state/request.ts'

/** What `--step` is asked about. */
export interface Step {
  /** The same for a task on all hosts: the answer counts for all of them. */
  readonly id: string
  readonly host: string
  /** Hosts that come to the task, this one included. */
  readonly hosts: number
  readonly task: string
  /** What it would do on this host, as lines. */
  readonly preview: () => Promise<readonly string[]>
}

const KEYS = '(y)es, (n)o, (c)ontinue without asking, (q)uit, (?)'
const HELP = [
  'y: run this task',
  'n: leave it out and go on with the next one',
  'c: run it and all that follow without asking',
  'q: stop the run here; handlers that are due are named',
]

/** `--step`: asks before each task, once for all hosts, until the person wants to be asked no more. */
export function stepping({ ask, quit }: Pick<RunRequest, 'ask' | 'quit'>): (step: Step) => Promise<boolean> {
  let all = false
  const answers = new Map<string, Promise<boolean>>()
  let line: Promise<unknown> = Promise.resolve()
  const asked = async ({ task, host, hosts, preview }: Step): Promise<boolean> => {
    const who = hosts > 1 ? `${host} and the others of ${hosts} hosts` : host
    if (all) return true
    let before = (await preview()).map(line => `    ${line}\n`).join('')
    for (;;) {
      if (all) return true
      const answer = (await ask('step', `${before}${who}: ${task}? ${KEYS}`)).trim().toLowerCase()
      if (answer === 'c' || answer === 'continue') all = true
      else if (answer === 'n' || answer === 'no') return false
      else if (answer === 'y' || answer === 'yes') return true
      else if (answer === 'q' || answer === 'quit') {
        quit?.()
        throw new Interrupted()
      }
      before = HELP.map(line => `    ${line}\n`).join('')
    }
  }
  return step => {
    const known = answers.get(step.id)
    if (known !== undefined) return known
    // One question at a time: the answer to the one before may be that there are to be no more.
    const answer = line.then(() => asked(step))
    line = answer.catch(() => {})
    answers.set(step.id, answer)
    return answer
  }
}
