/** Limits how many actions run at once, in total and for each address. First come, first served. */
export class KeyedSemaphore {
  readonly #limit: number
  readonly #limitPerKey: number
  readonly #active = new Map<string, number>()
  #total = 0
  #waiting: { readonly address: string; readonly enter: () => void }[] = []

  constructor(most: number, each: number) {
    this.#limit = most
    this.#limitPerKey = each
  }

  /** Runs the action when both limits allow it. */
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
    return this.#total < this.#limit && (this.#active.get(address) ?? 0) < this.#limitPerKey
  }

  #count(address: string, by: number): void {
    const active = (this.#active.get(address) ?? 0) + by
    this.#total += by
    if (active === 0) this.#active.delete(address)
    else this.#active.set(address, active)
  }

  // An action that waits for a busy address does not block the ones behind it.
  #admit(): void {
    this.#waiting = this.#waiting.filter(({ address, enter }) => {
      if (!this.#room(address)) return true
      this.#count(address, 1)
      enter()
      return false
    })
  }
}
