import type { Event } from '../model/event.ts'
import { visibleLine } from '../text/visible.ts'
import { duration } from './words.ts'

/** A row of the live view: what it says now, and how it ends. */
export interface Row {
  readonly title: () => string
  readonly output: () => readonly string[]
  /** Whether it went well. */
  readonly ended: Promise<boolean>
}

interface Busy {
  readonly task: string
  readonly since: number
}
interface Host {
  readonly name: string
  ok: number
  changed: number
  failed: number
  begun: boolean
  lost: boolean
  busy?: Busy
  readonly row: { readonly ended: Promise<boolean>; readonly end: (well: boolean) => void }
}
export interface BoardOptions {
  /** With more hosts than this, one row stands for all. */
  readonly most: number
  /** How many of the slowest hosts that row names. */
  readonly slowest: number
  readonly now: () => number
}

/** Where the hosts of one play (or batch) stand. */
export class Board {
  readonly rows: readonly Row[]
  readonly #title: string
  readonly #hosts: ReadonlyMap<string, Host>
  readonly #options: BoardOptions
  readonly #all = ending()
  readonly #check: boolean

  constructor(play: Extract<Event, { readonly event: 'play' }>, check: boolean, options: BoardOptions) {
    this.#options = options
    this.#check = check
    const batch = play.batch === undefined ? '' : ` (batch ${play.batch[0]} of ${play.batch[1]})`
    this.#title = `${visibleLine(play.play)}${batch}`
    const hosts = play.hosts.map(name => ({
      name: visibleLine(name),
      ...{ ok: 0, changed: 0, failed: 0, begun: false, lost: false, row: ending() },
    }))
    this.#hosts = new Map(play.hosts.map((name, i) => [name, hosts[i]!]))
    const width = Math.max(0, ...hosts.map(host => host.name.length))
    this.rows =
      hosts.length > options.most
        ? [{ title: () => this.#total(), output: () => this.#slowest(), ended: this.#all.ended }]
        : hosts.map(host => ({
            title: () => `${host.name.padEnd(width)}  ${this.#standing(host)}`,
            output: () => [],
            ended: host.row.ended,
          }))
  }

  on(event: Event): void {
    const host = 'host' in event ? this.#hosts.get(event.host) : undefined
    if (host === undefined) return
    host.begun = true
    if (event.event === 'start') host.busy = { task: visibleLine(event.task), since: this.#options.now() }
    if (event.event !== 'task') return
    host.busy = undefined
    if (event.status === 'ok' || event.status === 'changed') host[event.status]++
    if (event.status !== 'failed' && event.status !== 'unreachable') return
    host.failed++
    host.lost = true
    host.row.end(false)
  }

  /** Nothing more will come: every row ends. */
  end(): void {
    const hosts = [...this.#hosts.values()]
    for (const host of hosts) host.row.end(true)
    this.#all.end(!hosts.some(host => host.lost))
  }

  #standing(host: Host): string {
    const task = host.busy === undefined ? '' : `  ${host.busy.task}${this.#took(host.busy)}`
    return `${this.#counts(host)}${task}`
  }

  #counts({ ok, changed, failed }: Pick<Host, 'ok' | 'changed' | 'failed'>): string {
    return `ok ${ok}  ${this.#check ? 'would change' : 'changed'} ${changed}${failed > 0 ? `  failed ${failed}` : ''}`
  }

  // The first second is not worth a flickering number.
  #took({ since }: Busy): string {
    const ms = this.#options.now() - since
    return ms < 1000 ? '' : `  ${duration(Math.floor(ms / 1000) * 1000).replace('.0', '')}`
  }

  #total(): string {
    const hosts = [...this.#hosts.values()]
    // No event tells that a host is through; one that was met and does nothing now is.
    const done = hosts.filter(host => host.lost || (host.begun && host.busy === undefined)).length
    const sum = (key: 'ok' | 'changed' | 'failed') => hosts.reduce((all, host) => all + host[key], 0)
    const counts = this.#counts({ ok: sum('ok'), changed: sum('changed'), failed: sum('failed') })
    return `${this.#title}  ${done}/${hosts.length} hosts  ${counts}`
  }

  #slowest(): readonly string[] {
    return [...this.#hosts.values()]
      .flatMap(({ name, busy }) => (busy === undefined ? [] : [{ name, busy }]))
      .sort((a, b) => a.busy.since - b.busy.since)
      .slice(0, this.#options.slowest)
      .map(({ name, busy }) => `${name}  ${busy.task}${this.#took(busy)}`)
  }
}

function ending(): { readonly ended: Promise<boolean>; readonly end: (well: boolean) => void } {
  let end: (well: boolean) => void = () => {}
  const ended = new Promise<boolean>(resolve => {
    end = resolve
  })
  return { ended, end }
}
