import { stripVTControlCharacters } from 'node:util'
import type { ReportOptions } from './report.ts'
import { textWidth } from './text-width.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}
/** The rows to show now. Each must fit in a row of the screen. */
export type Frame = (size: Size) => readonly string[]

const REDRAW_MS = 100
// A row that turns out wider than it was counted (wide characters) is cut by the terminal and does not wrap.
const NO_WRAP = '\x1b[?7l'
const WRAP = '\x1b[?7h'

/** Lines that stay, and below them a few rows that are redrawn in place. */
export class Screen {
  readonly #options: ReportOptions
  #frame: Frame | undefined
  #timer: NodeJS.Timeout | undefined
  #waiting: string[] = []
  #paused = false
  /** Columns of each row of the last frame, which stands just above the cursor. */
  #drawn: readonly number[] = []

  constructor(options: ReportOptions) {
    this.#options = options
  }

  /** Lines that stay. While rows are shown they wait for the next redraw, so that a flood of events costs ten redraws a second. */
  print(lines: readonly string[]): void {
    if (lines.length === 0) return
    this.#waiting.push(...lines)
    if (this.#frame === undefined) this.#flush()
  }

  show(frame: Frame): void {
    this.#frame = frame
    this.#timer ??= setInterval(() => this.#flush(), REDRAW_MS).unref()
  }

  /** Takes the rows away until `resume`; what is printed meanwhile waits. */
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
    // The cursor's own row is the one below the last; a frame that fills the screen would scroll.
    this.#draw(this.#frame?.(this.#size).slice(0, Math.max(0, this.#size.rows - 1)) ?? [])
  }

  get #size(): Size {
    const { stream, columns, rows } = this.#options
    // A terminal that does not know its size says 0.
    return { columns: stream?.columns || columns, rows: stream?.rows || rows }
  }

  #draw(frame: readonly string[]): void {
    const { write } = this.#options
    const size = this.#size
    // A window that was made narrower has broken the rows that no longer fit.
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
