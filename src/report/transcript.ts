import type { Event, TaskEvent } from '../model/event.ts'
import { type Colour, type Paint, paintWith } from '../text/colour.ts'
import { showAt } from '../text/position.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { FleetLines } from './fleet-lines.ts'
import type { PlayTally } from './play-tally.ts'
import { recap } from './recap.ts'
import { RunDigest } from './run-digest.ts'
import { type Look, statusWord, taskLines } from './task-lines.ts'
import { pad, textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>
interface TranscriptOptions {
  readonly colour: boolean
  readonly diff: boolean
  readonly verbosity: number
  /** Leaves out what went well and changed nothing: other rows count it. */
  readonly brief?: boolean
  readonly now?: () => number
  /** The terminal, when it is one. */
  readonly stream?: { readonly columns: number }
}
/** With more hosts than these, nobody follows each of them. */
export const MANY = 10
// One very long name must not push all the others' tasks to the right.
const WIDEST = 30

/** A run as lines for a person, event by event. It remembers only what the next line's look depends on. */
export class Transcript {
  readonly #options: TranscriptOptions
  readonly #paint: Paint
  readonly #digest = new RunDigest()
  #look: Look
  #begun = false
  #fleet: FleetLines | undefined
  /** A line stands for a task, and not for each of its hosts. */
  #many = false

  constructor(options: TranscriptOptions) {
    const { colour, diff, verbosity } = options
    this.#options = options
    this.#paint = paintWith(colour)
    this.#look = { colour, diff, verbosity, check: false, width: 0 }
  }

  /** Where the hosts of this play stand, when they are many. */
  get tally(): PlayTally | undefined {
    const tally = this.#fleet?.tally
    return tally !== undefined && tally.hosts > MANY ? tally : undefined
  }

  lines(event: Event): readonly string[] {
    return this.#fit(this.#all(event))
  }

  /** Where the play stands, when nothing was said for long. */
  heartbeat(): readonly string[] {
    return this.#fit(this.#fleet?.heartbeat() ?? [])
  }

  // A terminal would break lines in the middle of a word.
  #fit(lines: readonly string[]): readonly string[] {
    const columns = this.#options.stream?.columns
    // A terminal that does not know its width says 0.
    return columns === undefined || columns === 0 ? lines : lines.flatMap(line => wrap(line, columns))
  }

  #all(event: Event): readonly string[] {
    if (event.event === 'play' || event.event === 'summary') {
      const rest = this.#fleet?.end(this.#digest) ?? []
      this.#fleet = undefined
      return [...rest, ...this.#lines(event)]
    }
    const own = this.#lines(event)
    if (this.#fleet === undefined) return own
    // Hosts whose diffs alone differ did the same, where no diff is shown.
    const told = event.event === 'task' && !this.#look.diff ? { ...event, diff: undefined } : event
    return this.#fleet.after(told, own)
  }

  #lines(event: Event): readonly string[] {
    switch (event.event) {
      case 'run':
        this.#look = { ...this.#look, check: event.check }
        return []
      case 'play':
        return this.#play(event)
      case 'task':
        return this.#task(event)
      case 'rollback':
        return this.#rollback(event)
      case 'notified':
        return event.state === 'not_run' ? this.#notRun(event) : []
      case 'warning': {
        const at = event.at === undefined ? '' : ` (${showAt(event.at)})`
        return [`${this.#paint('yellow', 'warning:')} ${visibleLine(`${event.message}${at}`)}`]
      }
      case 'cancelled':
        return this.#cancelled(event)
      case 'retry':
        return this.#retry(event)
      case 'interrupted': {
        const text =
          event.grace > 0
            ? `interrupted by ${visibleLine(event.signal)}: nothing new begins, and what runs has ${event.grace} s to come to its end; Ctrl-C again ends it at once`
            : `interrupted again: what runs is ended now`
        return [this.#paint('yellow', text)]
      }
      case 'summary': {
        const look = { paint: this.#paint, digest: this.#digest, columns: this.#options.stream?.columns }
        return ['', ...recap(event, look).split('\n')]
      }
      default:
        return []
    }
  }

  #play(event: Of<'play'>): readonly string[] {
    const { brief = false, now = Date.now } = this.#options
    const many = event.hosts.length > 1
    const widest = event.hosts.reduce((most, host) => Math.max(most, textWidth(visibleLine(host))), 0)
    this.#look = { ...this.#look, width: many && this.#look.verbosity < 1 ? 0 : Math.min(WIDEST, widest) }
    this.#many = many
    this.#fleet = new FleetLines(event, { look: this.#look, now, brief })
    const batch = event.batch === undefined ? '' : `, batch ${event.batch[0]} of ${event.batch[1]}`
    const title = this.#paint('bold', `PLAY ${visibleLine(event.play)}`)
    const before = this.#begun ? [''] : []
    this.#begun = true
    return [...before, `${title}  (${plural(event.hosts.length, 'host')}${batch})`]
  }

  #task(event: TaskEvent): readonly string[] {
    const { verbosity, brief } = this.#options
    const seen = this.#digest.note(event)
    if (verbosity >= 1) return taskLines(event, this.#look)
    if (this.#fleet !== undefined && this.#many) return this.#fleet.task(event, seen)
    if (event.status === 'skipped' && event.message === undefined) return []
    // A message is what an ok task such as a debug exists for.
    if (brief === true && event.status === 'ok' && event.message === undefined) return []
    return taskLines(event, this.#look)
  }

  #cancelled(event: Of<'cancelled'>): readonly string[] {
    this.#digest.cancelled(event)
    const how = event.confirmed ? 'ended before it was through' : 'the host did not answer: it may still run there'
    return [this.#row(['interrupted', 'yellow'], event, how)]
  }

  #retry(event: Of<'retry'>): readonly string[] {
    // Of many hosts, one stands for those that try as often.
    if (!this.#digest.firstTry(event) && this.#look.verbosity < 1) return []
    const { attempt, attempts, delay, message } = event
    const next = `attempt ${attempt} of ${attempts}${message === undefined ? '' : `: ${visibleLine(message)}`}; the next in ${delay} s`
    return [this.#row(['retry', 'yellow'], event, next)]
  }

  #row(
    [word, colour]: readonly [string, Colour],
    { host, task, item }: Of<'cancelled'> | Of<'retry'>,
    text: string,
  ): string {
    const name = pad(visibleLine(host), this.#look.width)
    const what = `${visibleLine(task)}${item === undefined ? '' : ` [${visibleLine(item)}]`}`
    return `  ${this.#paint(colour, this.#column(word))}  ${name}  ${what}  ${this.#paint('dim', text)}`
  }

  #rollback({ host, failed_task, undone, not_undone }: Of<'rollback'>): readonly string[] {
    const rest = not_undone.length === 0 ? '' : `, ${plural(not_undone.length, 'change')} could not be`
    const head = `${visibleLine(host)}  because '${visibleLine(failed_task)}' failed: ${plural(undone.length, 'change')} put back${rest}`
    const line = `  ${this.#paint('magenta', this.#column('rollback'))}  ${head}`
    const failed = not_undone.map(what => `    ${this.#paint('red', 'could not be put back:')} ${visibleLine(what)}`)
    // Of many hosts, what was put back is what their task had changed; what was not needs a person.
    if (this.#many && this.#look.verbosity < 1) return [line, ...failed]
    return [line, ...undone.map(what => `    ${this.#paint('green', 'put back:')} ${visibleLine(what)}`), ...failed]
  }

  #notRun({ host, handler }: Of<'notified'>): readonly string[] {
    // The recap names the hosts of many at once.
    if (this.#many && this.#look.verbosity < 1) return []
    const name = pad(visibleLine(host), this.#look.width)
    return [`  ${this.#paint('yellow', this.#column('not run'))}  ${name}  ${visibleLine(handler)}  (notified handler)`]
  }

  #column(word: string): string {
    return word.padEnd(statusWord('ok', this.#look.check).length)
  }
}
