import type { At } from './position.ts'
import { withoutSecrets } from './secret-lines.ts'

const WIDTH = 160

/** The line of a fault and the one before it, with carets under the position. Values that look like secrets are masked. */
export function codeFrame(source: string, at: At): string {
  const lines = linesOf(source)
  const width = String(at.line).length
  // A long line is cut around the position, so that the text above the caret is visible.
  const end = at.column + Math.min(at.length ?? 1, 40)
  const from = end <= WIDTH ? 0 : Math.max(0, at.column - 60)
  const cut = (line: string) =>
    `${from > 0 && line.length > 0 ? '...' : ''}${line.slice(from, from + WIDTH)}${line.length > from + WIDTH ? '...' : ''}`
  const row = (number: number) =>
    `  ${String(number).padStart(width)} | ${cut(
      withoutSecrets(lines, number - 1, from + WIDTH)
        .replace(/\r$/, '')
        .replaceAll('\t', ' '),
    )}`.trimEnd()
  const first = Math.max(1, at.line - 1)
  const shown = first === at.line ? [row(at.line)] : [row(first), row(at.line)]
  const room = WIDTH - (at.column - 1 - from)
  const caret = `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, at.column - 1 - from + (from > 0 ? 3 : 0)))}${'^'.repeat(Math.max(1, Math.min(at.length ?? 1, 80, room)))}`
  return [...shown, caret].join('\n')
}

// Cached, so that a file with a thousand faults is split once.
let last: { readonly source: string; readonly lines: readonly string[] } | undefined
const linesOf = (source: string): readonly string[] => {
  if (last?.source !== source) last = { source, lines: source.split('\n') }
  return last.lines
}
