import type { Report, ReportOptions } from './report.ts'

/** `answers` is how `mlplay exec` tells what its one command said. */
export type ReportKind = 'live' | 'plain' | 'json' | 'junit' | 'answers'

/** Each kind is loaded when it is chosen: a run into a pipe never pays for the live one. */
export async function chooseReport(kind: ReportKind, options: ReportOptions): Promise<Report> {
  switch (kind) {
    case 'live':
      return (await import('./live.ts')).liveReport(options)
    case 'answers':
      return (await import('./exec.ts')).answersReport(options)
    case 'plain':
      return (await import('./plain.ts')).plainReport(options)
    case 'json':
      return (await import('./json.ts')).jsonReport(options)
    case 'junit':
      return (await import('./junit.ts')).junitReport(options)
  }
}
