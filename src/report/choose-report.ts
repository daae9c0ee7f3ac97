import type { Report, ReportOptions } from './report.ts'

/** `exec` is the report of `mlplay exec`. */
export type ReportKind = 'live' | 'plain' | 'json' | 'junit' | 'exec'

/** Loads only the chosen report, so that a run into a pipe does not load the live view. */
export async function chooseReport(kind: ReportKind, options: ReportOptions): Promise<Report> {
  switch (kind) {
    case 'live':
      return (await import('./live.ts')).liveReport(options)
    case 'exec':
      return (await import('./exec.ts')).execReport(options)
    case 'plain':
      return (await import('./plain.ts')).plainReport(options)
    case 'json':
      return (await import('./json.ts')).jsonReport(options)
    case 'junit':
      return (await import('./junit.ts')).junitReport(options)
  }
}
