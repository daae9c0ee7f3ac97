import type { Event } from '../model/event.ts'
import { FleetView } from './fleet-view.ts'
import { HostView } from './host-view.ts'
import type { LiveView } from './live-view.ts'
import type { Report, ReportOptions } from './report.ts'
import { Screen } from './screen.ts'
import { showLiveView } from './show-live-view.ts'
import { Transcript } from './transcript.ts'

/** The report for a terminal: lines that stay, as in the plain report, and below them a live view of what is running. */
export function liveReport(options: ReportOptions): Report {
  const transcript = new Transcript({ ...options, brief: true })
  const screen = new Screen(options)
  let view: LiveView | undefined
  let check = false
  // Views are shown one after the other: a play may be over before listr2 is loaded.
  let shown: Promise<void> = Promise.resolve()

  const begin = (play: Extract<Event, { readonly event: 'play' }>) => {
    view?.end()
    const { tally } = transcript
    const next =
      tally === undefined
        ? new HostView(play.hosts, { check, now: Date.now })
        : new FleetView(play, { tally, check, now: Date.now })
    view = next
    shown = shown.then(() => showLiveView(next, { screen, options }))
    // The run goes on without its live view; `close` throws the error.
    shown.catch(() => {})
  }

  return {
    on: event => {
      screen.print(transcript.lines(event))
      if (event.event === 'run') {
        check = event.check
        // Preload while the first connections are opened; an import error surfaces when the module is used.
        import('listr2').catch(() => {})
      }
      if (event.event === 'play') begin(event)
      else if (event.event === 'summary') view?.end()
      else view?.on(event)
    },
    pause: () => screen.pause(),
    resume: () => screen.resume(),
    close: async () => {
      view?.end()
      try {
        await shown
      } finally {
        screen.hide()
      }
    },
  }
}
