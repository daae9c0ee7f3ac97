import type { At } from './position.ts'

/** The line of a fault with the one before it, and a caret under the place. */
export function codeFrame(source: string, at: At): string {
  const lines = source.split('\n')
  const width = String(at.line).length
  const row = (number: number) =>
    `  ${String(number).padStart(width)} | ${(lines[number - 1] ?? '').replaceAll('\t', ' ').slice(0, 160)}`
  const first = Math.max(1, at.line - 1)
  const shown = first === at.line ? [row(at.line)] : [row(first), row(at.line)]
  const caret = `  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, at.column - 1))}${'^'.repeat(Math.max(1, Math.min(at.length ?? 1, 80)))}`
  return [...shown, caret].join('\n')
}
