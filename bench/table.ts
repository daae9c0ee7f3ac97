import { median } from './median.ts'

export interface Row {
  readonly name: string
  readonly wallMs: readonly number[]
  readonly cpuMs: readonly number[]
  /** Further cells. */
  readonly more?: readonly string[]
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2)

/** A Markdown table of medians, and of their ratio to the row that `to` names. */
export function table(title: string, rows: readonly Row[], to = 'mlplay', more: readonly string[] = []): string {
  const base = rows.find(({ name }) => name === to)
  const ratio = (row: Row): string => (base === undefined ? '' : (median(row.wallMs) / median(base.wallMs)).toFixed(2))
  const cells = rows.map(row => [
    row.name,
    seconds(median(row.wallMs)),
    `${seconds(Math.min(...row.wallMs))} to ${seconds(Math.max(...row.wallMs))}`,
    seconds(median(row.cpuMs)),
    ratio(row),
    ...(row.more ?? []),
  ])
  const heads = [title, 'wall s', 'least to most', 'CPU s here', `ratio to ${to}`, ...more]
  return [heads, heads.map(() => '---'), ...cells].map(line => `| ${line.join(' | ')} |`).join('\n')
}
