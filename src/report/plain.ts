import type { Report, ReportOptions } from './report.ts'
import { Transcript } from './transcript.ts'

/** Lines for a person, as things end: for logs, pipes and terminals that cannot move the cursor. */
export function plainReport(options: ReportOptions): Report {
  const transcript = new Transcript(options)
  return {
    on: event => {
      const lines = transcript.lines(event)
      if (lines.length > 0) options.write(`${lines.join('\n')}\n`)
    },
    close: async () => {},
  }
}
