const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130

/**
 * Signals that stop a run: after the first, running tasks may finish; the second kills them; the third exits at once.
 */
export class Stop {
  readonly #first = new AbortController()
  readonly #second = new AbortController()
  readonly #onSignal = (signal: string) => this.raise(signal)

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
  }

  /** Aborted by the first signal: start nothing new. */
  get signal(): AbortSignal {
    return this.#first.signal
  }

  /** Aborted by the second signal: kill what is running. */
  get now(): AbortSignal {
    return this.#second.signal
  }

  /** Handles a signal, or a Ctrl-C typed in raw mode, where the terminal sends no signal. */
  raise(why: string): void {
    if (!this.#first.signal.aborted) this.#first.abort(why)
    // A terminal that closes sends more than one SIGHUP.
    else if (why === 'SIGHUP') return
    else if (!this.#second.signal.aborted) this.#second.abort(why)
    else process.exit(INTERRUPTED)
  }

  /** Removes the signal handlers. */
  leave(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
  }
}
