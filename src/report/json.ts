import type { Report, ReportOptions } from './report.ts'

// JSON.stringify escapes C0 only; these characters would still control a terminal that shows the lines.
const UNSAFE = /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g

const spelt = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`

/** The events as they are, one JSON object per line. */
export const jsonReport = (options: ReportOptions): Report => ({
  on: event => options.write(`${JSON.stringify(event).replace(UNSAFE, spelt)}\n`),
  close: async () => {},
})
