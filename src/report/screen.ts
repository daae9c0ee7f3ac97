import { stripVTControlCharacters } from 'node:util'
import type { ReportOptions } from './report.ts'
import { textWidth } from './text-width.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}
/** Renders the rows to show now. Each must fit into one row of the screen. */
export type ScreenRows = (size: Size) => readonly string[]

const REDRAW_MS = 100
// Without wrapping, a row that is wider than computed (wide characters) is cut by the terminal.
const NO_WRAP = '\x1b[?7l'
const WRAP = '\x1b[?7h'

/** Permanent lines, and below them a few rows that are redrawn in place. */
export class Screen {
  readonly #options: ReportOptions
  #frame: ScreenRows | undefined
  #timer: NodeJS.Timeout | undefined
  #waiting: string[] = []
  #paused = false
  /** Widths of the rows last drawn, which are just above the cursor. */
  #drawn: readonly number[] = []

  constructor(options: ReportOptions) {
    this.#options = options
  }

  /** Prints permanent lines. While rows are shown they wait for the next redraw, so there are at most ten redraws a second. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return
    this.#waiting.push(...lines)
    if (this.#frame === undefined) this.#flush()
  }

  show(frame: ScreenRows): void {
    this.#frame = frame
    this.#timer ??= setInterval(() => this.#flush(), REDRAW_MS).unref()
  }

  /** Removes the rows until `resume`; lines printed meanwhile wait. */
  pause(): void {
    this.#draw([])
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#flush()
  }

  hide(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#frame = undefined
    this.#flush()
  }

  #flush(): void {
    if (this.#paused) return
    // One row is left for the cursor: rows that fill the whole screen would scroll.
    this.#draw(this.#frame?.(this.#size).slice(0, Math.max(0, this.#size.rows - 1)) ?? [])
  }

  get #size(): Size {
    const { stream, columns, rows } = this.#options
    // A terminal that does not know its size reports 0.
    return { columns: stream?.columns || columns, rows: stream?.rows || rows }
  }

  #draw(frame: readonly string[]): void {
    const { write } = this.#options
    const size = this.#size
    // After the window was made narrower, the old rows occupy more lines.
    const above = this.#drawn.reduce((all, width) => all + Math.max(1, Math.ceil(width / size.columns)), 0)
    const erase = above === 0 ? '' : `\x1b[${above}A\r\x1b[0J`
    const lines = this.#waiting.map(line => `${line}\n`).join('')
    const drawing = frame.length === 0 ? '' : `${NO_WRAP}${frame.join('\n')}\n${WRAP}`
    this.#waiting = []
    this.#drawn = frame.map(row => textWidth(stripVTControlCharacters(row)))
    const text = erase + lines + drawing
    if (text !== '') write(text)
  }
}
