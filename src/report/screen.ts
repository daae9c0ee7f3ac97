import type { ReportOptions } from './report.ts'

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
  /** Rows of the last frame, which stand just above the cursor. */
  #drawn = 0

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

  hide(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#frame = undefined
    this.#flush()
  }

  #flush(): void {
    const { stream, columns, rows, write } = this.#options
    const size = { columns: stream?.columns ?? columns, rows: stream?.rows ?? rows }
    // The cursor's own row is the one below the last; a frame that fills the screen would scroll.
    const frame = this.#frame?.(size).slice(0, Math.max(0, size.rows - 1)) ?? []
    const erase = this.#drawn === 0 ? '' : `\x1b[${this.#drawn}A\r\x1b[0J`
    const lines = this.#waiting.map(line => `${line}\n`).join('')
    const drawing = frame.length === 0 ? '' : `${NO_WRAP}${frame.join('\n')}\n${WRAP}`
    this.#waiting = []
    this.#drawn = frame.length
    const text = erase + lines + drawing
    if (text !== '') write(text)
  }
}
