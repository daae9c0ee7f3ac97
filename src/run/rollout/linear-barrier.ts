interface Step {
  readonly released: Promise<void>
  readonly release: () => void
  hosts: number
}

/** `strategy: linear`: a step begins when every host of the batch has come to it, is on its way past it, or has left. */
export class Lockstep {
  #running: number
  readonly #waiting = new Map<number, Step>()

  constructor(hosts: number) {
    this.#running = hosts
  }

  /** Waits until this place's turn has come. Places rise for each host. */
  async reach(place: number): Promise<void> {
    const step = this.#waiting.get(place) ?? newStep()
    this.#waiting.set(place, step)
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
    if (this.#running > 0 || this.#waiting.size === 0) return
    const first = Math.min(...this.#waiting.keys())
    const step = this.#waiting.get(first)
    this.#waiting.delete(first)
    this.#running += step?.hosts ?? 0
    step?.release()
  }
}

const newStep = (): Step => {
  let release = () => {}
  const released = new Promise<void>(resolve => {
    release = resolve
  })
  return { released, release, hosts: 0 }
}
