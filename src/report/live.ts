import type { Event } from '../model/event.ts'
import { FleetBoard } from './fleet-view.ts'
import { HostBoard } from './host-view.ts'
import type { Board } from './live-view.ts'
import type { Report, ReportOptions } from './report.ts'
import { Screen } from './screen.ts'
import { showBoard } from './show-live-view.ts'
import { Transcript } from './transcript.ts'

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
    const { tally } = transcript
    const next =
      tally === undefined
        ? new HostBoard(play.hosts, { check, now: Date.now })
        : new FleetBoard(play, { tally, check, now: Date.now })
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
    pause: () => screen.pause(),
    resume: () => screen.resume(),
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
