import type { Event, TaskEvent } from '../model/event.ts'
import { paintWith } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { PlayTally } from './play-tally.ts'
import type { RunDigest } from './run-digest.ts'
import { tallyLines } from './tally-lines.ts'
import { type Look, taskLine, taskLines } from './task-lines.ts'
import type { TaskTally } from './task-tally.ts'
import { duration } from './words.ts'

// Of one and the same failure: once in full, then as a line, then as a number at the end.
const ALIKE_SHOWN = 4
const HEARTBEAT_MS = 15_000

interface FleetOptions {
  readonly look: Look
  readonly now: () => number
  /** Leaves out what changed nothing: other rows count it. */
  readonly brief: boolean
}

/** A play with more hosts than a person follows one by one: a line stands for a task, not for each of its hosts. */
export class FleetLines {
  readonly tally: PlayTally
  readonly #options: FleetOptions
  #spoke: number

  constructor(play: Extract<Event, { readonly event: 'play' }>, options: FleetOptions) {
    this.#options = options
    this.#spoke = options.now()
    this.tally = new PlayTally(play, options.now)
  }

  /** What the event itself says, then the tasks that it completed. */
  after(event: Event, own: readonly string[]): readonly string[] {
    const completed = this.tally.on(event)
    // Nothing to say is the most frequent case by far.
    if (completed.length === 0 && own.length === 0) return this.#heartbeat()
    this.#spoke = this.#options.now()
    return completed.length === 0 ? own : [...own, ...completed.flatMap(tally => this.#completed(tally))]
  }

  /** What is well is told when the task is through; what is not, now. `seen`: how often, this failure included. */
  task(event: TaskEvent, seen: number): readonly string[] {
    const { look } = this.#options
    if (event.status === 'ignored' || event.status === 'rescued') return [taskLine(event, look)]
    if (seen === 0 || seen > ALIKE_SHOWN + 1) return []
    if (seen === 1) return taskLines(event, look)
    const more = seen > ALIKE_SHOWN ? [paintWith(look.colour)('dim', '    more of these are listed at the end')] : []
    return [taskLine(event, look), ...more]
  }

  /** The play is over: the tasks that not every host came to. */
  end(digest: RunDigest): readonly string[] {
    const lines = this.tally.end().flatMap(tally => this.#completed(tally))
    digest.ended(this.tally)
    return lines
  }

  #completed(tally: TaskTally): readonly string[] {
    const { brief, look } = this.#options
    const worth = look.verbosity < 1 && tally.status !== 'skipped' && (!brief || tally.outcomes.length > 0)
    const lines = worth ? tallyLines(tally, look) : []
    tally.release()
    return lines
  }

  // A log that stands still for minutes looks like a run that hangs.
  #heartbeat(): readonly string[] {
    const { brief, look, now } = this.#options
    if (brief || now() - this.#spoke < HEARTBEAT_MS) return []
    this.#spoke = now()
    const { done, hosts, running } = this.tally
    const longest = this.tally
      .longest(1)
      .map(
        ({ host, task, since }) => `, longest ${visibleLine(host)} (${visibleLine(task)}, ${duration(now() - since)})`,
      )
    return [
      paintWith(look.colour)('dim', `  ...          ${done}/${hosts} hosts, ${running} at work${longest.join('')}`),
    ]
  }
}
