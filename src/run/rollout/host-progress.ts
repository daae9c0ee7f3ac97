import type { Host } from '../../model/inventory.ts'

// Less than what two places are apart.
const NEXT_TO_NOTHING = 1e-9

/** How far one host has come, for those who wait for it. */
export class Walker {
  readonly host: Host
  #place = -1
  #waiting: Map<number, (() => void)[]> | undefined

  constructor(host: Host) {
    this.host = host
  }

  /** It will do nothing at this place any more. */
  past(place: number): boolean {
    return this.#place > place
  }

  get place(): number {
    return this.#place
  }

  arrive(place: number): void {
    this.#place = place
    if (this.#waiting === undefined) return
    for (const [awaited, wake] of this.#waiting)
      if (place > awaited) {
        this.#waiting.delete(awaited)
        for (const one of wake) one()
      }
  }

  leave(): void {
    this.arrive(Number.POSITIVE_INFINITY)
  }

  /** Resolves when it has come to the place, or is past it. */
  async reaches(place: number): Promise<void> {
    if (this.#place < place) await this.passes(place - NEXT_TO_NOTHING)
  }

  /** Resolves when it is past the place. */
  passes(place: number): Promise<void> {
    if (this.past(place)) return Promise.resolve()
    return new Promise(resolve => {
      this.#waiting ??= new Map()
      const others = this.#waiting.get(place)
      if (others === undefined) this.#waiting.set(place, [resolve])
      else others.push(resolve)
    })
  }
}
