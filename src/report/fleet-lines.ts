import type { Event, TaskEvent } from '../model/event.ts'
import { paintWith } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { duration } from './duration.ts'
import { PlayTally } from './play-tally.ts'
import type { RunDigest } from './run-digest.ts'
import { tallyLines } from './tally-lines.ts'
import { type Look, taskLine, taskLines } from './task-lines.ts'
import type { TaskTally } from './task-tally.ts'

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

  /** Each host has lines of its own: there is but one, or all are wanted. */
  get #each(): boolean {
    return this.tally.hosts === 1 || this.#options.look.verbosity >= 1
  }

  /** What the event itself says, then the tasks that it completed. */
  after(event: Event, own: readonly string[]): readonly string[] {
    const completed = this.tally.on(event)
    // Nothing to say is the most frequent case by far.
    if (completed.length === 0 && own.length === 0) return this.heartbeat()
    this.#spoke = this.#options.now()
    return completed.length === 0 ? own : [...own, ...completed.flatMap(tally => this.#completed(tally))]
  }

  /** What is well is told when the task is through; what is not, now. `seen`: how often, this failure included. */
  task(event: TaskEvent, seen: number): readonly string[] {
    const { look } = this.#options
    if (seen === 0 || seen > ALIKE_SHOWN + 1) return []
    if (seen === 1) return taskLines(event, look)
    // What was forgiven is worth its reason once; how often, the task's own line tells.
    if (event.status === 'ignored' || event.status === 'rescued') return []
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
    const told = tally.outcomes.length > 0
    const worth = !this.#each && (told || (!brief && tally.status !== 'skipped') || tally.forgiven > 0)
    const lines = worth ? tallyLines(tally, look) : []
    tally.release()
    return lines
  }

  /** Where the play stands, when nothing else was said for a while: a log that stands still looks like a run that hangs. */
  heartbeat(): readonly string[] {
    const { brief, look, now } = this.#options
    if (brief || this.tally.running === 0 || now() - this.#spoke < HEARTBEAT_MS) return []
    this.#spoke = now()
    const { done, hosts, running } = this.tally
    const [only] = hosts === 1 ? this.tally.longest(1) : []
    if (only !== undefined) {
      const since = `${visibleLine(only.host)}  ${visibleLine(only.task)}  at work for ${duration(now() - only.since)}`
      return [paintWith(look.colour)('dim', `  ...          ${since}`)]
    }
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
