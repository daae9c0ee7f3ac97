import type { Event, TaskEvent } from '../model/event.ts'
import { paintWith } from '../text/colour.ts'
import { visibleLine } from '../text/visible.ts'
import { duration } from './duration.ts'
import { PlayTally } from './play-tally.ts'
import type { RunDigest } from './run-digest.ts'
import { tallyLines } from './tally-lines.ts'
import { type DisplayOptions, taskLine, taskLines } from './task-lines.ts'
import type { TaskTally } from './task-tally.ts'

// The first failure of a kind is shown in full, this many more as one line each, the rest only in the recap.
const SIMILAR_SHOWN = 4
const HEARTBEAT_MS = 15_000

interface FleetOptions {
  readonly look: DisplayOptions
  readonly now: () => number
  /** Leaves out tasks that changed nothing; the live view counts them. */
  readonly brief: boolean
}

/** Lines for a play with many hosts: one line for each task instead of one for each host. */
export class FleetLines {
  readonly tally: PlayTally
  readonly #options: FleetOptions
  #lastOutputAt: number

  constructor(play: Extract<Event, { readonly event: 'play' }>, options: FleetOptions) {
    this.#options = options
    this.#lastOutputAt = options.now()
    this.tally = new PlayTally(play, options.now)
  }

  /** True when each host gets its own lines: with a single host, or with -v. */
  get #linePerHost(): boolean {
    return this.tally.hosts === 1 || this.#options.look.verbosity >= 1
  }

  /** The lines of the event itself, then those of the tasks that it completed. */
  after(event: Event, own: readonly string[]): readonly string[] {
    const completed = this.tally.on(event)
    // By far the most frequent case.
    if (completed.length === 0 && own.length === 0) return this.heartbeat()
    this.#lastOutputAt = this.#options.now()
    return completed.length === 0 ? own : [...own, ...completed.flatMap(tally => this.#completed(tally))]
  }

  /** Lines shown at once for a failure; successes wait until the task is complete. `seen`: how many failures of this kind so far. */
  task(event: TaskEvent, seen: number): readonly string[] {
    const { look } = this.#options
    if (seen === 0 || seen > SIMILAR_SHOWN + 1) return []
    if (seen === 1) return taskLines(event, look)
    // The reason of an ignored or rescued failure is shown once; the task's line has the count.
    if (event.status === 'ignored' || event.status === 'rescued') return []
    const more = seen > SIMILAR_SHOWN ? [paintWith(look.colour)('dim', '    more of these are listed at the end')] : []
    return [taskLine(event, look), ...more]
  }

  /** The play is over: the lines of tasks that not every host reached. */
  end(digest: RunDigest): readonly string[] {
    const lines = this.tally.end().flatMap(tally => this.#completed(tally))
    digest.addPlay(this.tally)
    return lines
  }

  #completed(tally: TaskTally): readonly string[] {
    const { brief, look } = this.#options
    const told = tally.outcomes.length > 0
    const worth = !this.#linePerHost && (told || (!brief && tally.status !== 'skipped') || tally.tolerated > 0)
    const lines = worth ? tallyLines(tally, look) : []
    tally.release()
    return lines
  }

  /** Progress of the play when nothing was printed for a while: without it a long task looks like a run that hangs. */
  heartbeat(): readonly string[] {
    const { brief, look, now } = this.#options
    if (brief || this.tally.running === 0 || now() - this.#lastOutputAt < HEARTBEAT_MS) return []
    this.#lastOutputAt = now()
    const { done, hosts, running } = this.tally
    const [only] = hosts === 1 ? this.tally.longestRunning(1) : []
    if (only !== undefined) {
      const since = `${visibleLine(only.host)}  ${visibleLine(only.task)}  running for ${duration(now() - only.since)}`
      return [paintWith(look.colour)('dim', `  ...          ${since}`)]
    }
    const longest = this.tally
      .longestRunning(1)
      .map(
        ({ host, task, since }) => `, longest ${visibleLine(host)} (${visibleLine(task)}, ${duration(now() - since)})`,
      )
    return [
      paintWith(look.colour)('dim', `  ...          ${done}/${hosts} hosts, ${running} running${longest.join('')}`),
    ]
  }
}
