import type { Event } from '../model/event.ts'
import { Board } from './board.ts'
import type { Report, ReportOptions } from './report.ts'
import { Screen } from './screen.ts'
import { showBoard } from './show-board.ts'
import { Transcript } from './transcript.ts'

const MOST_ROWS = 10
const SLOWEST_HOSTS = 5
// Above the rows, a few of the lines that stay should be seen.
const ROWS_KEPT_FREE = 3

/** What happens now in a few rows that move, and above them what matters afterwards, as the plain report says it. */
export function liveReport(options: ReportOptions): Report {
  const transcript = new Transcript({ ...options, brief: true })
  const screen = new Screen(options)
  let board: Board | undefined
  let check = false
  // Boards are shown one after the other: a play may be over before listr2 is loaded.
  let shown: Promise<void> = Promise.resolve()

  const begin = (play: Extract<Event, { readonly event: 'play' }>) => {
    board?.end()
    const free = Math.max(1, (options.stream?.rows ?? options.rows) - ROWS_KEPT_FREE)
    const limits = { most: Math.min(MOST_ROWS, free), slowest: Math.min(SLOWEST_HOSTS, free - 1) }
    const next = new Board(play, check, { ...limits, now: Date.now })
    board = next
    shown = shown.then(() => showBoard(next, { screen, options }))
    // The run goes on without its rows; `close` tells what went wrong.
    shown.catch(() => {})
  }

  return {
    on: event => {
      screen.print(transcript.lines(event))
      if (event.event === 'run') {
        check = event.check
        // Loaded while the first connections are made; a failure shows when it is needed.
        import('listr2').catch(() => {})
      }
      if (event.event === 'play') begin(event)
      else if (event.event === 'summary') board?.end()
      else board?.on(event)
    },
    close: async () => {
      board?.end()
      try {
        await shown
      } finally {
        screen.hide()
      }
    },
  }
}
