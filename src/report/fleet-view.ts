import type { Event, Status } from '../model/event.ts'
import { visibleLine } from '../text/visible.ts'
import { elapsed } from './duration.ts'
import { deferredEnd, type LiveRow, type LiveView } from './live-view.ts'
import type { PlayTally } from './play-tally.ts'
import type { TaskTally } from './task-tally.ts'
import { cut, pad, textWidth } from './text-width.ts'

interface FleetViewOptions {
  readonly check: boolean
  readonly now: () => number
}

const MAX_TASKS = 10
const MAX_HOSTS = 5
// Screen rows left free: a few lines of the transcript above the view, and the cursor's own row.
const RESERVED_ROWS = 6
const NAME_WIDTH = 40

/** The live view of many hosts: one row for all, below it the tasks with counts and the longest running hosts. */
export class FleetView implements LiveView {
  readonly rows: readonly LiveRow[]
  readonly #tally: PlayTally
  readonly #options: FleetViewOptions
  readonly #all = deferredEnd()
  readonly #title: string
  readonly #began: number

  constructor(
    play: Extract<Event, { readonly event: 'play' }>,
    { tally, ...options }: FleetViewOptions & { readonly tally: PlayTally },
  ) {
    this.#tally = tally
    this.#options = options
    this.#began = options.now()
    const batch = play.batch === undefined ? '' : ` (batch ${play.batch[0]} of ${play.batch[1]})`
    this.#title = `${visibleLine(play.play)}${batch}`
    this.rows = [{ title: () => this.#total(), output: size => this.#below(size), settled: this.#all.ended }]
  }

  // The transcript feeds the shared tally, so each event is counted once.
  on(): void {}

  end(): void {
    this.#all.end(this.#tally.failed === 0)
  }

  #total(): string {
    const { done, hosts, failed, running } = this.#tally
    const failures = failed > 0 ? `  ${failed} failed` : ''
    const ms = this.#options.now() - this.#began
    return `${this.#title}  ${done}/${hosts} hosts${failures}  ${running} running${elapsed(ms)}`
  }

  #below({ columns, rows }: { readonly columns: number; readonly rows: number }): readonly string[] {
    const free = Math.max(0, rows - RESERVED_ROWS)
    // A host that started less than a second ago would be replaced in the next redraw.
    const slowest = this.#tally
      .longestRunning(Math.min(MAX_HOSTS, Math.floor(free / 3)))
      .filter(({ since }) => this.#options.now() - since >= 1000)
    return [...this.#tasks(Math.min(MAX_TASKS, free - slowest.length), columns), ...this.#slowest(slowest)]
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
      ['unreachable', 'unreachable'],
      ['ignored', 'ignored'],
      ['rescued', 'rescued'],
      ['skipped', 'skipped'],
    ]
    return [
      ...words.flatMap(([status, word]) => (counts[status] > 0 ? [`${word} ${counts[status]}`] : [])),
      ...(running > 0 ? [`running ${running}`] : []),
    ].join('  ')
  }

  #slowest(busy: ReturnType<PlayTally['longestRunning']>): readonly string[] {
    const now = this.#options.now()
    return busy.map(
      ({ host, task, since }) => `${pad(elapsed(now - since).trim(), 6)} ${visibleLine(host)}  ${visibleLine(task)}`,
    )
  }
}
