/** So many may be at it at once; who comes later waits in line. */
export class Slots {
  #free: number
  readonly #line: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  async use<T>(action: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>(resolve => this.#line.push(resolve))
    try {
      return await action()
    } finally {
      this.#leave()
    }
  }

  /** Lets others have the slot while `action` waits for them; then this one is the next to get one. */
  async yielding<T>(action: () => Promise<T>): Promise<T> {
    this.#leave()
    try {
      return await action()
    } finally {
      if (this.#free > 0) this.#free--
      else await new Promise<void>(resolve => this.#line.unshift(resolve))
    }
  }

  // The slot goes from hand to hand: nobody can slip in between.
  #leave(): void {
    const next = this.#line.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
