const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const INTERRUPTED = 130

/**
 * How a person stops a run: the first signal lets what is under way come to its end, the second ends it at once, a third
 * ends the program without another word.
 */
export class Stop {
  readonly #first = new AbortController()
  readonly #second = new AbortController()
  readonly #onSignal = (signal: string) => this.raise(signal)

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.#onSignal)
  }

  /** Nothing new begins. */
  get signal(): AbortSignal {
    return this.#first.signal
  }

  /** What is under way ends now. */
  get now(): AbortSignal {
    return this.#second.signal
  }

  /** A signal, or Ctrl-C typed where the terminal makes no signal of it. */
  raise(why: string): void {
    if (!this.#first.signal.aborted) this.#first.abort(why)
    // A terminal that goes away sends more than one hangup.
    else if (why === 'SIGHUP') return
    else if (!this.#second.signal.aborted) this.#second.abort(why)
    else process.exit(INTERRUPTED)
  }

  /** Signals have their usual effect again. */
  leave(): void {
    for (const signal of SIGNALS) process.off(signal, this.#onSignal)
  }
}
