import type { Event, TaskEvent } from '../model/event.ts'
import { type Paint, paintWith } from '../text/colour.ts'
import { showAt } from '../text/position.ts'
import { visibleLine } from '../text/visible.ts'
import { PlayTally } from './play-tally.ts'
import { recap } from './recap.ts'
import { RunDigest } from './run-digest.ts'
import { tallyLines } from './tally-lines.ts'
import { type Look, taskLine, taskLines } from './task-lines.ts'
import type { TaskTally } from './task-tally.ts'
import { pad, textWidth } from './text-width.ts'
import { duration, plural } from './words.ts'

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
// With more hosts than a person follows one by one, a line stands for a task and not for each of its hosts.
const FLEET = 10
// Of one and the same failure: once in full, then as a line, then as a number at the end.
const ALIKE_SHOWN = 4
const HEARTBEAT_MS = 15_000
// One very long name must not push all the others' tasks to the right.
const WIDEST = 30

/** A run as lines for a person, event by event. It remembers only what the next line's look depends on. */
export class Transcript {
  readonly #options: TranscriptOptions
  readonly #paint: Paint
  #check = false
  #width = 0
  #begun = false
  #tally: PlayTally | undefined
  #aggregate = false
  #spoke = 0
  readonly #digest = new RunDigest()
  readonly #now: () => number

  constructor(options: TranscriptOptions) {
    this.#options = options
    this.#paint = paintWith(options.colour)
    this.#now = options.now ?? Date.now
  }

  /** Where the hosts of this play stand, when they are many. */
  get tally(): PlayTally | undefined {
    return this.#tally
  }

  lines(event: Event): readonly string[] {
    if (event.event === 'play' || event.event === 'summary') return [...this.#endPlay(), ...this.#lines(event)]
    const ended = this.#tally?.on(event) ?? []
    const lines = this.#lines(event)
    // Nothing to say is the most frequent case by far.
    if (ended.length === 0 && lines.length === 0 && this.#options.brief === true) return lines
    const all = [...lines, ...ended.flatMap(tally => this.#tallied(tally))]
    const said = all.length === 0 ? this.#heartbeat() : all
    if (said.length > 0) this.#spoke = this.#now()
    return said
  }

  #lines(event: Event): readonly string[] {
    switch (event.event) {
      case 'run':
        this.#check = event.check
        return []
      case 'play':
        return this.#play(event)
      case 'task':
        return this.#task(event)
      case 'rollback':
        return this.#rollback(event)
      case 'notified':
        return event.state === 'owed' ? this.#owed(event) : []
      case 'warning': {
        const at = event.at === undefined ? '' : ` (${showAt(event.at)})`
        return [`${this.#paint('yellow', 'warning:')} ${visibleLine(`${event.message}${at}`)}`]
      }
      case 'interrupted': {
        const text = `interrupted by ${visibleLine(event.signal)}: what runs comes to its end, nothing new begins`
        return [this.#paint('yellow', text)]
      }
      case 'summary':
        return [
          '',
          ...recap(event, { paint: this.#paint, digest: this.#digest, columns: this.#options.stream?.columns }).split(
            '\n',
          ),
        ]
      default:
        return []
    }
  }

  #play(event: Of<'play'>): readonly string[] {
    const fleet = event.hosts.length > FLEET && this.#options.verbosity < 1
    this.#tally = event.hosts.length > FLEET ? new PlayTally(event, this.#now) : undefined
    this.#aggregate = fleet
    this.#spoke = this.#now()
    this.#width = fleet ? 0 : event.hosts.reduce((most, host) => Math.max(most, textWidth(visibleLine(host))), 0)
    this.#width = Math.min(WIDEST, this.#width)
    const batch = event.batch === undefined ? '' : `, batch ${event.batch[0]} of ${event.batch[1]}`
    const title = this.#paint('bold', `PLAY ${visibleLine(event.play)}`)
    const before = this.#begun ? [''] : []
    this.#begun = true
    return [...before, `${title}  (${plural(event.hosts.length, 'host')}${batch})`]
  }

  #task(event: TaskEvent): readonly string[] {
    const { verbosity, brief } = this.#options
    const seen = this.#digest.note(event)
    if (this.#aggregate) return this.#ofMany(event, seen)
    if (verbosity < 1 && event.status === 'skipped') return []
    // A message is what an ok task such as a debug exists for.
    if (verbosity < 1 && brief === true && event.status === 'ok' && event.message === undefined) return []
    return taskLines(event, this.#look())
  }

  // What is well is told when the task is through; what is not, now.
  #ofMany(event: TaskEvent, seen: number): readonly string[] {
    if (event.status === 'ignored' || event.status === 'rescued') return [taskLine(event, this.#look())]
    if (seen === 0 || seen > ALIKE_SHOWN + 1) return []
    if (seen === 1) return taskLines(event, this.#look())
    const more = seen > ALIKE_SHOWN ? [this.#paint('dim', '    more of these are listed at the end')] : []
    return [taskLine(event, this.#look()), ...more]
  }

  #look(): Look {
    return { ...this.#options, check: this.#check, width: this.#width }
  }

  #tallied(tally: TaskTally): readonly string[] {
    const { brief } = this.#options
    const quiet = brief === true && tally.outcomes.length === 0
    // A skipped task is nothing to tell; of a failed one each failure was.
    const lines = this.#aggregate && !quiet && tally.status !== 'skipped' ? tallyLines(tally, this.#look()) : []
    tally.release()
    return lines
  }

  #endPlay(): readonly string[] {
    const tally = this.#tally
    if (tally === undefined) return []
    const lines = tally.end().flatMap(one => this.#tallied(one))
    this.#digest.ended(tally)
    this.#tally = undefined
    this.#aggregate = false
    return lines
  }

  // A log that stands still for minutes looks like a run that hangs.
  #heartbeat(): readonly string[] {
    const tally = this.#tally
    if (tally === undefined || this.#options.brief === true || this.#now() - this.#spoke < HEARTBEAT_MS) return []
    const [slowest] = tally.longest(1)
    const longest =
      slowest === undefined
        ? ''
        : `, longest ${visibleLine(slowest.host)} (${visibleLine(slowest.task)}, ${duration(this.#now() - slowest.since)})`
    return [this.#paint('dim', `  ...          ${tally.done}/${tally.hosts} hosts, ${tally.running} at work${longest}`)]
  }

  #rollback({ host, because, undone, kept }: Of<'rollback'>): readonly string[] {
    const rest = kept.length === 0 ? '' : `, ${plural(kept.length, 'change')} could not be`
    const head = `${visibleLine(host)}  because '${visibleLine(because)}' failed: ${plural(undone.length, 'change')} put back${rest}`
    return [
      `  ${this.#paint('magenta', 'rollback'.padEnd(this.#check ? 12 : 11))}  ${head}`,
      ...undone.map(what => `    ${this.#paint('green', 'put back:')} ${visibleLine(what)}`),
      ...kept.map(what => `    ${this.#paint('red', 'could not be put back:')} ${visibleLine(what)}`),
    ]
  }

  #owed({ host, handler }: Of<'notified'>): readonly string[] {
    const word = this.#paint('yellow', 'owed'.padEnd(this.#check ? 12 : 11))
    const name = pad(visibleLine(host), this.#width)
    return [`  ${word}  ${name}  ${visibleLine(handler)}  (handler notified, not run)`]
  }
}
