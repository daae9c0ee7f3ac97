/** Lets at most so many in at once, in all and to each address, first come first served. */
export class KeyedSemaphore {
  readonly #limit: number
  readonly #limitPerKey: number
  readonly #inside = new Map<string, number>()
  #total = 0
  #waiting: { readonly address: string; readonly enter: () => void }[] = []

  constructor(most: number, each: number) {
    this.#limit = most
    this.#limitPerKey = each
  }

  /** Runs the action once there is room for it. */
  async run<T>(address: string, action: () => Promise<T>): Promise<T> {
    if (this.#room(address)) this.#count(address, 1)
    else await new Promise<void>(enter => this.#waiting.push({ address, enter }))
    try {
      return await action()
    } finally {
      this.#count(address, -1)
      this.#admit()
    }
  }

  #room(address: string): boolean {
    return this.#total < this.#limit && (this.#inside.get(address) ?? 0) < this.#limitPerKey
  }

  #count(address: string, by: number): void {
    const inside = (this.#inside.get(address) ?? 0) + by
    this.#total += by
    if (inside === 0) this.#inside.delete(address)
    else this.#inside.set(address, inside)
  }

  // Who waits for a busy address does not hold up those behind.
  #admit(): void {
    this.#waiting = this.#waiting.filter(({ address, enter }) => {
      if (!this.#room(address)) return true
      this.#count(address, 1)
      enter()
      return false
    })
  }
}
