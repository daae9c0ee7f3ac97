import { writeSync } from 'node:fs'

/**
 * stdout for a report. A reader that has seen enough (`| head`), a full disk and a closed terminal end the report, not the
 * run: hosts are not left half-way because nobody reads on. That is said once, on stderr.
 */
export class Outlet {
  readonly #stream: NodeJS.WriteStream
  #lost: string | undefined
  /** What waits while a question is on the screen. */
  #held: string[] | undefined

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
    stream.on('error', error => this.#lose(error))
  }

  readonly write = (text: string): void => {
    if (this.#held !== undefined) this.#held.push(text)
    else this.#put(text)
  }

  /** Keeps what is written until `release`. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    if (held.length > 0) this.#put(held.join(''))
  }

  #put(text: string): void {
    // A full disk may have room again, and the end of the report is worth the try; what is closed stays closed.
    if (this.#lost !== undefined && this.#lost !== 'ENOSPC') return
    try {
      if (this.#lost === undefined) this.#stream.write(text)
      else writeSync(1, text)
    } catch (error) {
      this.#lose(error as NodeJS.ErrnoException)
    }
  }

  #lose({ code, message }: NodeJS.ErrnoException): void {
    if (this.#lost !== undefined) return
    this.#lost = code ?? message
    const why = code === 'EPIPE' ? 'nobody reads stdout any more' : `stdout cannot be written to (${message})`
    try {
      process.stderr.write(`mlplay: ${why}: the run goes on without its report\n`)
    } catch {
      // Then nobody is there to be told.
    }
  }
}
