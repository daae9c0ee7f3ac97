import { isBefore, type Position, positionKey } from '../../model/position.ts'

interface Step {
  readonly position: Position
  readonly released: Promise<void>
  readonly release: () => void
  hosts: number
}

/** `strategy: linear`: a step begins when every host of the batch has come to it, is on its way past it, or has left. */
export class LinearBarrier {
  #running: number
  readonly #waiting = new Map<string, Step>()

  constructor(hosts: number) {
    this.#running = hosts
  }

  /** Waits until this position's turn has come. Positions rise for each host. */
  async reach(position: Position): Promise<void> {
    const key = positionKey(position)
    const step = this.#waiting.get(key) ?? newStep(position)
    this.#waiting.set(key, step)
    step.hosts++
    this.#running--
    this.#release()
    await step.released
  }

  leave(): void {
    this.#running--
    this.#release()
  }

  #release(): void {
    if (this.#running > 0) return
    let first: Step | undefined
    for (const step of this.#waiting.values())
      if (first === undefined || isBefore(step.position, first.position)) first = step
    if (first === undefined) return
    this.#waiting.delete(positionKey(first.position))
    this.#running += first.hosts
    first.release()
  }
}

const newStep = (position: Position): Step => {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  return { position, released, release, hosts: 0 }
}
