import type { Event, Status } from '../model/event.ts'
import { visibleLine } from '../text/visible.ts'
import { tookLong } from './duration.ts'
import { type Board, ending, type Row } from './live-view.ts'
import type { PlayTally } from './play-tally.ts'
import type { TaskTally } from './task-tally.ts'
import { cut, pad, textWidth } from './text-width.ts'

interface FleetBoardOptions {
  readonly check: boolean
  readonly now: () => number
}

const MOST_TASKS = 10
const MOST_HOSTS = 5
// Above the rows, some of the lines that stay should be seen; below them is the cursor.
const KEPT_FREE = 6
const NAME_WIDTH = 40

/** Many hosts: one row for all, and below it their tasks with counts and the hosts that are at work longest. */
export class FleetBoard implements Board {
  readonly rows: readonly Row[]
  readonly #tally: PlayTally
  readonly #options: FleetBoardOptions
  readonly #all = ending()
  readonly #title: string
  readonly #began: number

  constructor(
    play: Extract<Event, { readonly event: 'play' }>,
    { tally, ...options }: FleetBoardOptions & { readonly tally: PlayTally },
  ) {
    this.#tally = tally
    this.#options = options
    this.#began = options.now()
    const batch = play.batch === undefined ? '' : ` (batch ${play.batch[0]} of ${play.batch[1]})`
    this.#title = `${visibleLine(play.play)}${batch}`
    this.rows = [{ title: () => this.#total(), output: size => this.#below(size), ended: this.#all.ended }]
  }

  // The transcript tells the tally: each event is counted once for all.
  on(): void {}

  end(): void {
    this.#all.end(this.#tally.lost === 0)
  }

  #total(): string {
    const { done, hosts, lost, running } = this.#tally
    const trouble = lost > 0 ? `  ${lost} failed` : ''
    const elapsed = this.#options.now() - this.#began
    return `${this.#title}  ${done}/${hosts} hosts${trouble}  ${running} at work${tookLong(elapsed)}`
  }

  #below({ columns, rows }: { readonly columns: number; readonly rows: number }): readonly string[] {
    const free = Math.max(0, rows - KEPT_FREE)
    // Who began just now is no news, and would be another host in the next picture.
    const slowest = this.#tally
      .longest(Math.min(MOST_HOSTS, Math.floor(free / 3)))
      .filter(({ since }) => this.#options.now() - since >= 1000)
    return [...this.#tasks(Math.min(MOST_TASKS, free - slowest.length), columns), ...this.#slowest(slowest)]
  }

  // Tasks that failed on some host come first, then running ones, then the newest; shown in the order of the play.
  #tasks(most: number, columns: number): readonly string[] {
    const { tasks } = this.#tally
    const worth = ({ running, counts }: TaskTally) => (counts.failed + counts.unreachable > 0 ? 2 : running > 0 ? 1 : 0)
    const chosen = new Set(
      tasks
        .map((task, i) => [worth(task), i, task] as const)
        .sort((a, b) => b[0] - a[0] || b[1] - a[1])
        .slice(0, Math.max(0, most))
        .map(([, , task]) => task),
    )
    const shown = tasks.filter(task => chosen.has(task))
    const limit = Math.min(NAME_WIDTH, Math.max(10, Math.floor(columns / 2)))
    const names = shown.map(task => cut(visibleLine(task.name), limit))
    const width = names.reduce((all, name) => Math.max(all, textWidth(name)), 0)
    return shown.map((task, i) => `${pad(names[i] ?? '', width)}  ${this.#counts(task)}`)
  }

  #counts({ counts, running }: TaskTally): string {
    const words: readonly (readonly [Status, string])[] = [
      ['ok', 'ok'],
      ['changed', this.#options.check ? 'would change' : 'changed'],
      ['unknown', 'not known yet'],
      ['failed', 'failed'],
      ['unreachable', 'not reached'],
      ['ignored', 'ignored'],
      ['rescued', 'rescued'],
      ['skipped', 'skipped'],
    ]
    return [
      ...words.flatMap(([status, word]) => (counts[status] > 0 ? [`${word} ${counts[status]}`] : [])),
      ...(running > 0 ? [`running ${running}`] : []),
    ].join('  ')
  }

  #slowest(busy: ReturnType<PlayTally['longest']>): readonly string[] {
    const now = this.#options.now()
    return busy.map(
      ({ host, task, since }) => `${pad(tookLong(now - since).trim(), 6)} ${visibleLine(host)}  ${visibleLine(task)}`,
    )
  }
}
