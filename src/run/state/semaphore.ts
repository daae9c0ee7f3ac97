/** At most so many are inside at once; who comes later waits in line. */
export class Semaphore {
  #free: number
  readonly #line: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  async enter(): Promise<void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#line.push(resolve))
  }

  // The place goes from hand to hand: nobody can slip in between.
  exit(): void {
    const next = this.#line.shift()
    if (next === undefined) this.#free++
    else next()
  }

  async use<T>(action: () => Promise<T>): Promise<T> {
    await this.enter()
    try {
      return await action()
    } finally {
      this.exit()
    }
  }

  /** Lets others inside while `action` waits for them; then this one is the next to get in. */
  async yielding<T>(action: () => Promise<T>): Promise<T> {
    this.exit()
    try {
      return await action()
    } finally {
      if (this.#free > 0) this.#free--
      else await new Promise<void>(resolve => this.#line.unshift(resolve))
    }
  }
}
