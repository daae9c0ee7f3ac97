import { writeSync } from 'node:fs'
import { rethrowBug } from '../text/rethrow-bug.ts'

/**
 * stdout for a report. A closed pipe (`| head`), a full disk and a closed terminal end the report, not the run: no host may
 * be left half-configured because nobody reads the output. stderr says so once.
 */
export class ReportOutput {
  readonly #stream: NodeJS.WriteStream
  #error: string | undefined
  /** Output that waits while a question is on the screen. */
  #buffer: string[] | undefined

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', error => this.#fail(error))
  }

  readonly write = (text: string): void => {
    if (this.#buffer !== undefined) this.#buffer.push(text)
    else this.#put(text)
  }

  /** Buffers output until `release`. */
  hold(): void {
    this.#buffer ??= []
  }

  release(): void {
    const held = this.#buffer ?? []
    this.#buffer = undefined
    if (held.length > 0) this.#put(held.join(''))
  }

  #put(text: string): void {
    // After ENOSPC later writes are tried, as the disk may have room again; other errors are final.
    if (this.#error !== undefined && this.#error !== 'ENOSPC') return
    try {
      if (this.#error === undefined) this.#stream.write(text)
      else writeSync(1, text)
    } catch (error) {
      this.#fail(error as NodeJS.ErrnoException)
    }
  }

  #fail({ code, message }: NodeJS.ErrnoException): void {
    if (this.#error !== undefined) return
    this.#error = code ?? message
    const why = code === 'EPIPE' ? 'nobody reads stdout any more' : `stdout cannot be written to (${message})`
    try {
      process.stderr.write(`mlplay: ${why}: the run goes on without its report\n`)
    } catch (error) {
      rethrowBug(error)
      // stderr is closed as well: nobody can be told.
    }
  }
}
