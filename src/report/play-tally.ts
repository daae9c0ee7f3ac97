import type { Event } from '../model/event.ts'
import { TaskTally } from './task-tally.ts'

type Of<Name extends Event['event']> = Extract<Event, { readonly event: Name }>

/** A host at work. */
export interface Busy {
  readonly host: string
  readonly task: string
  readonly since: number
}

interface Seat {
  readonly host: string
  /** Its place in the play's list. */
  readonly place: number
  tally: TaskTally | undefined
  begun: number
  last: number
  lost: boolean
}

/** Where many hosts stand in a play: constant work for an event, and nothing kept of it but counts. */
export class PlayTally {
  readonly hosts: number
  /** Every task met so far, in order. */
  readonly tasks: TaskTally[] = []
  lost = 0
  begun = 0
  readonly #seats: ReadonlyMap<string, Seat>
  readonly #open = new Map<string, TaskTally>()
  // In the order of their beginning: the first have been at it longest.
  readonly #busy = new Map<string, Busy>()
  readonly #now: () => number

  constructor(play: Of<'play'>, now: () => number) {
    this.#now = now
    this.hosts = play.hosts.length
    this.#seats = new Map(
      play.hosts.map((host, place) => [
        host,
        { host, place, tally: undefined, begun: -1, last: 0, lost: false } satisfies Seat,
      ]),
    )
  }

  /** Gives the tasks that every host has now left behind. */
  on(event: Event): readonly TaskTally[] {
    if (event.event !== 'start' && event.event !== 'task') return []
    const seat = this.#seats.get(event.host)
    if (seat === undefined) return []
    const tally = this.#tallyOf(event)
    const left = seat.tally === tally ? undefined : this.#leave(seat)
    seat.tally = tally
    seat.last = this.#now()
    if (seat.begun < 0) {
      seat.begun = seat.last
      this.begun++
    }
    if (event.event === 'start') this.#begin(seat, tally)
    else {
      this.#rest(seat)
      tally.note(seat.place, event)
      if ((event.status === 'failed' || event.status === 'unreachable') && !seat.lost) return this.#lose(seat)
    }
    return left?.complete === true ? this.#take([left]) : []
  }

  /** Nothing more will come: gives the tasks that were not complete. */
  end(): readonly TaskTally[] {
    this.#busy.clear()
    for (const tally of this.tasks) tally.running = 0
    return this.#take([...this.#open.values()])
  }

  /** Hosts at work, the longest first. */
  longest(most: number): readonly Busy[] {
    const found: Busy[] = []
    for (const busy of this.#busy.values()) if (found.push(busy) >= most) break
    return found
  }

  get running(): number {
    return this.#busy.size
  }

  /** No event tells that a host is through; one that was met and does nothing now is. */
  get done(): number {
    return this.begun - this.#busy.size
  }

  /** How long each host took, in milliseconds. */
  *times(): Iterable<readonly [host: string, ms: number]> {
    for (const { host, begun, last } of this.#seats.values()) if (begun >= 0) yield [host, last - begun]
  }

  #tallyOf({ id, task, handler = false }: Of<'start'> | Of<'task'>): TaskTally {
    // Two tasks may have one name, and a task's name may differ from host to host.
    const key = keyOf({ id, handler })
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const made = new TaskTally({ id, name: task, handler, hosts: this.hosts, missed: this.lost })
    this.#open.set(key, made)
    this.tasks.push(made)
    return made
  }

  #begin(seat: Seat, tally: TaskTally): void {
    if (this.#busy.delete(seat.host)) tally.running--
    this.#busy.set(seat.host, { host: seat.host, task: tally.name, since: seat.last })
    tally.running++
  }

  #rest(seat: Seat): void {
    if (this.#busy.delete(seat.host) && seat.tally !== undefined) seat.tally.running--
  }

  #leave(seat: Seat): TaskTally | undefined {
    this.#rest(seat)
    if (seat.tally !== undefined) seat.tally.closed++
    return seat.tally
  }

  // A host that is lost leaves its task, and will come to none that are still open.
  #lose(seat: Seat): readonly TaskTally[] {
    seat.lost = true
    this.lost++
    this.#leave(seat)
    seat.tally = undefined
    for (const tally of this.#open.values()) if (!tally.has(seat.place)) tally.missed++
    return this.#take([...this.#open.values()].filter(tally => tally.complete))
  }

  #take(tallies: readonly TaskTally[]): readonly TaskTally[] {
    for (const tally of tallies) this.#open.delete(keyOf(tally))
    return tallies
  }
}

const keyOf = ({ id, handler }: { readonly id: string; readonly handler: boolean }): string =>
  `${handler ? 'handler' : 'task'} ${id}`
