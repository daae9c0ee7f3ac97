import type { Report, ReportOptions } from './report.ts'
import { Transcript } from './transcript.ts'

const BEAT_MS = 1000

/** Plain lines, printed as tasks finish: for logs, pipes and terminals that cannot move the cursor. */
export function plainReport(options: ReportOptions): Report {
  const transcript = new Transcript(options)
  const say = (lines: readonly string[]) => {
    if (lines.length > 0) options.write(`${lines.join('\n')}\n`)
  }
  // A long task emits no events; the heartbeat says that it still runs.
  const beat = setInterval(() => say(transcript.heartbeat()), BEAT_MS).unref()
  return {
    on: event => {
      say(transcript.lines(event))
      if (event.event === 'summary') clearInterval(beat)
    },
    close: async () => clearInterval(beat),
  }
}
