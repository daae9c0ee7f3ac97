import { beforeFirst, comparePositions, isBefore, type Position, positionKey } from '../../model/position.ts'

interface Waiting {
  readonly position: Position
  readonly wakes: (() => void)[]
}

/** How far one host has come in a play, for those who wait for it. */
export class HostProgress {
  #position: Position = beforeFirst
  #left = false
  readonly #untilAt = new Map<string, Waiting>()
  readonly #untilPast = new Map<string, Waiting>()

  /** It will do nothing at this position any more. */
  isPast(position: Position): boolean {
    return this.#left || isBefore(position, this.#position)
  }

  /** It is on its way and has not come as far as the other. */
  isBehind(other: HostProgress): boolean {
    return !this.#left && isBefore(this.#position, other.#position)
  }

  arrive(position: Position): void {
    this.#position = position
    this.#wake()
  }

  leave(): void {
    this.#left = true
    this.#wake()
  }

  /** Resolves when it has come as far as the other. */
  async catchesUp(other: HostProgress): Promise<void> {
    if (this.isBehind(other)) await waitingAt(this.#untilAt, other.#position)
  }

  /** Resolves when it is past the position. */
  async passes(position: Position): Promise<void> {
    if (!this.isPast(position)) await waitingAt(this.#untilPast, position)
  }

  #wake(): void {
    const has = (least: number) => (awaited: Position) =>
      this.#left || comparePositions(this.#position, awaited) >= least
    wakeThose(this.#untilAt, has(0))
    wakeThose(this.#untilPast, has(Number.MIN_VALUE))
  }
}

const waitingAt = (all: Map<string, Waiting>, position: Position): Promise<void> =>
  new Promise(resolve => {
    const key = positionKey(position)
    const waiting = all.get(key) ?? { position, wakes: [] }
    waiting.wakes.push(resolve)
    all.set(key, waiting)
  })

const wakeThose = (all: Map<string, Waiting>, reached: (awaited: Position) => boolean): void => {
  for (const [key, { position, wakes }] of all)
    if (reached(position)) {
      all.delete(key)
      for (const wake of wakes) wake()
    }
}
