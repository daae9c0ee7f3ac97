import type { Event, TaskEvent } from '../model/event.ts'
import { type Colour, type Paint, paintWith } from '../text/colour.ts'
import { formatPosition } from '../text/position.ts'
import { visibleLine } from '../text/visible.ts'
import { plural } from './duration.ts'
import { FleetLines } from './fleet-lines.ts'
import type { PlayTally } from './play-tally.ts'
import { recap } from './recap.ts'
import { RunDigest } from './run-digest.ts'
import { type DisplayOptions, statusWord, taskLines } from './task-lines.ts'
import { pad, textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>
interface TranscriptOptions {
  readonly colour: boolean
  readonly diff: boolean
  readonly verbosity: number
  /** Leaves out tasks that changed nothing; the live view counts them. */
  readonly brief?: boolean
  readonly now?: () => number
  /** The terminal; undefined when the output is no terminal. */
  readonly stream?: { readonly columns: number }
}
/** With more hosts than this the report groups them. */
export const MANY = 10
// Longer host names are shown in full, but do not widen the column.
const WIDEST = 30

/** Turns events into lines of text. It keeps only what the next lines depend on. */
export class Transcript {
  readonly #options: TranscriptOptions
  readonly #paint: Paint
  readonly #digest = new RunDigest()
  #display: DisplayOptions
  #started = false
  #fleet: FleetLines | undefined
  /** The play has several hosts, so one line stands for a task on all of them. */
  #linePerTask = false

  constructor(options: TranscriptOptions) {
    const { colour, diff, verbosity } = options
    this.#options = options
    this.#paint = paintWith(colour)
    this.#display = { colour, diff, verbosity, check: false, width: 0 }
  }

  /** Progress of the hosts of this play; undefined when there are few. */
  get tally(): PlayTally | undefined {
    const tally = this.#fleet?.tally
    return tally !== undefined && tally.hosts > MANY ? tally : undefined
  }

  lines(event: Event): readonly string[] {
    return this.#fit(this.#all(event))
  }

  /** Progress of the play when nothing was printed for a while. */
  heartbeat(): readonly string[] {
    return this.#fit(this.#fleet?.heartbeat() ?? [])
  }

  // Wrapped here, because a terminal breaks lines in the middle of a word.
  #fit(lines: readonly string[]): readonly string[] {
    const columns = this.#options.stream?.columns
    // A terminal that does not know its width reports 0.
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
    const told = event.event === 'task' && !this.#display.diff ? { ...event, diff: undefined } : event
    return this.#fleet.after(told, own)
  }

  #lines(event: Event): readonly string[] {
    switch (event.event) {
      case 'run':
        this.#display = { ...this.#display, check: event.check }
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
        const at = event.at === undefined ? '' : ` (${formatPosition(event.at)})`
        return [`${this.#paint('yellow', 'warning:')} ${visibleLine(`${event.message}${at}`)}`]
      }
      case 'cancelled':
        return this.#cancelled(event)
      case 'retry':
        return this.#retry(event)
      case 'interrupted': {
        const text =
          event.grace > 0
            ? `interrupted by ${visibleLine(event.signal)}: no new task starts, running tasks have ${event.grace} s to finish; Ctrl-C again kills them`
            : `interrupted again: running tasks are being killed`
        return [this.#paint('yellow', text)]
      }
      case 'summary': {
        const style = { paint: this.#paint, digest: this.#digest, columns: this.#options.stream?.columns }
        return ['', ...recap(event, style).split('\n')]
      }
      default:
        return []
    }
  }

  #play(event: Of<'play'>): readonly string[] {
    const { brief = false, now = Date.now } = this.#options
    const many = event.hosts.length > 1
    const widest = event.hosts.reduce((most, host) => Math.max(most, textWidth(visibleLine(host))), 0)
    this.#display = { ...this.#display, width: many && this.#display.verbosity < 1 ? 0 : Math.min(WIDEST, widest) }
    this.#linePerTask = many
    this.#fleet = new FleetLines(event, { look: this.#display, now, brief })
    const batch = event.batch === undefined ? '' : `, batch ${event.batch[0]} of ${event.batch[1]}`
    const title = this.#paint('bold', `PLAY ${visibleLine(event.play)}`)
    const before = this.#started ? [''] : []
    this.#started = true
    return [...before, `${title}  (${plural(event.hosts.length, 'host')}${batch})`]
  }

  #task(event: TaskEvent): readonly string[] {
    const { verbosity, brief } = this.#options
    const seen = this.#digest.add(event)
    if (verbosity >= 1) return taskLines(event, this.#display)
    if (this.#fleet !== undefined && this.#linePerTask) return this.#fleet.task(event, seen)
    if (event.status === 'skipped' && event.message === undefined) return []
    // An ok task with a message, such as a debug, is always shown.
    if (brief === true && event.status === 'ok' && event.message === undefined) return []
    return taskLines(event, this.#display)
  }

  #cancelled(event: Of<'cancelled'>): readonly string[] {
    this.#digest.addCancelled(event)
    const how = event.confirmed ? 'killed before it finished' : 'the host did not answer: it may still run there'
    return [this.#row(['interrupted', 'yellow'], event, how)]
  }

  #retry(event: Of<'retry'>): readonly string[] {
    // With many hosts, each attempt of a task is shown once.
    if (!this.#digest.isFirstRetry(event) && this.#display.verbosity < 1) return []
    const { attempt, attempts, delay, message } = event
    const next = `attempt ${attempt} of ${attempts}${message === undefined ? '' : `: ${visibleLine(message)}`}; next attempt in ${delay} s`
    return [this.#row(['retry', 'yellow'], event, next)]
  }

  #row(
    [word, colour]: readonly [string, Colour],
    { host, task, item }: Of<'cancelled'> | Of<'retry'>,
    text: string,
  ): string {
    const name = pad(visibleLine(host), this.#display.width)
    const what = `${visibleLine(task)}${item === undefined ? '' : ` [${visibleLine(item)}]`}`
    return `  ${this.#paint(colour, this.#column(word))}  ${name}  ${what}  ${this.#paint('dim', text)}`
  }

  #rollback({ host, failed_task, undone, not_undone }: Of<'rollback'>): readonly string[] {
    const rest = not_undone.length === 0 ? '' : `, ${plural(not_undone.length, 'change')} could not be undone`
    const head = `${visibleLine(host)}  because '${visibleLine(failed_task)}' failed: ${plural(undone.length, 'change')} undone${rest}`
    const line = `  ${this.#paint('magenta', this.#column('rollback'))}  ${head}`
    const failed = not_undone.map(what => `    ${this.#paint('red', 'not undone:')} ${visibleLine(what)}`)
    // With many hosts only the changes that could not be undone are listed: someone has to look at them.
    if (this.#linePerTask && this.#display.verbosity < 1) return [line, ...failed]
    return [line, ...undone.map(what => `    ${this.#paint('green', 'undone:')} ${visibleLine(what)}`), ...failed]
  }

  #notRun({ host, handler }: Of<'notified'>): readonly string[] {
    // With many hosts the recap lists them together.
    if (this.#linePerTask && this.#display.verbosity < 1) return []
    const name = pad(visibleLine(host), this.#display.width)
    return [`  ${this.#paint('yellow', this.#column('not run'))}  ${name}  ${visibleLine(handler)}  (notified handler)`]
  }

  #column(word: string): string {
    return word.padEnd(statusWord('ok', this.#display.check).length)
  }
}
