import type { Report, ReportOptions } from './report.ts'
import { Transcript } from './transcript.ts'

const BEAT_MS = 1000

/** Lines for a person, as things end: for logs, pipes and terminals that cannot move the cursor. */
export function plainReport(options: ReportOptions): Report {
  const transcript = new Transcript(options)
  const say = (lines: readonly string[]) => {
    if (lines.length > 0) options.write(`${lines.join('\n')}\n`)
  }
  // A long task sends no events: who reads a log is told that it still runs.
  const beat = setInterval(() => say(transcript.heartbeat()), BEAT_MS).unref()
  return {
    on: event => {
      say(transcript.lines(event))
      if (event.event === 'summary') clearInterval(beat)
    },
    close: async () => clearInterval(beat),
  }
}
