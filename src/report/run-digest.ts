import type { Event, TaskEvent } from '../model/event.ts'
import { withoutHost } from './host-placeholder.ts'
import type { PlayTally } from './play-tally.ts'

/** Failures of one kind: the first tells what. */
export interface Trouble {
  readonly event: Pick<TaskEvent, 'task' | 'status' | 'message' | 'at' | 'stdout' | 'stderr'>
  readonly hosts: string[]
}
export interface Slow {
  readonly host: string
  readonly ms: number
}

// A fleet where each host fails in its own words must not fill the memory.
const MOST_KINDS = 100
const MOST_MESSAGE = 2000
const SLOWEST = 3
// The cause of a failure stands at the end of what a command said.
const LINES_ALIKE = 10
const TROUBLE: ReadonlySet<string> = new Set(['failed', 'unreachable', 'ignored', 'rescued'])

/** What the end of a run looks back on: failures by kind, and who was slow. Its size follows their kinds, not the events. */
export class RunDigest {
  readonly #kinds = new Map<string, Trouble>()
  /** Of hosts whose failures were of too many kinds. */
  readonly others: string[] = []
  #slowest: readonly Slow[] = []

  /** How often this kind of failure was seen, this one included; 0 for what is no failure. */
  note(event: Event): number {
    if (event.event !== 'task' || !TROUBLE.has(event.status)) return 0
    const key = kindOf(event)
    const known = this.#kinds.get(key)
    if (known !== undefined) return known.hosts.push(event.host)
    if (this.#kinds.size >= MOST_KINDS) return this.others.push(event.host)
    const { task, status, at } = event
    const text = (its: string | undefined) => its?.slice(-MOST_MESSAGE)
    const message = event.message?.slice(0, MOST_MESSAGE)
    const told = { task, status, message, at, stdout: text(event.stdout), stderr: text(event.stderr) }
    this.#kinds.set(key, { event: told, hosts: [event.host] })
    return 1
  }

  /** Tasks that were cut off on hosts that did not say that they are gone. */
  readonly running = new Map<string, string[]>()
  readonly #tries = new Set<string>()

  cancelled({ task, host, confirmed }: Extract<Event, { readonly event: 'cancelled' }>): void {
    if (confirmed) return
    const hosts = this.running.get(task) ?? []
    this.running.set(task, hosts)
    hosts.push(host)
  }

  /** Whether no other host has told of this try of the task. */
  firstTry({ id, item, attempt }: Extract<Event, { readonly event: 'retry' }>): boolean {
    const key = JSON.stringify([id, item, attempt])
    if (this.#tries.has(key)) return false
    if (this.#tries.size < MOST_KINDS) this.#tries.add(key)
    return true
  }

  /** A play ended: who took long in it? */
  ended(play: PlayTally): void {
    const times = [...play.times()].map(([host, ms]) => ({ host, ms }))
    this.#slowest = [...this.#slowest, ...times].sort((a, b) => b.ms - a.ms).slice(0, SLOWEST)
  }

  get troubles(): readonly Trouble[] {
    return [...this.#kinds.values()]
  }

  get slowest(): readonly Slow[] {
    return this.#slowest
  }
}

// A refused connection is the same trouble on each host, though the message names the host and its address; what a command
// printed says why it failed, and often when.
const kindOf = ({ task, id, status, message = '', host, at, ...said }: TaskEvent): string => {
  const alike = (text: string) => withoutHost(text, host).replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '')
  const output = [said.stderr, said.stdout].map(text => alike(lastLines(text ?? '')).replace(TIMES, ''))
  // Which task found a host gone says nothing about the reason.
  return JSON.stringify(
    status === 'unreachable'
      ? [status, alike(message)]
      : [status, id, task, alike(message), at?.file, at?.line, ...output],
  )
}

const TIMES = /\b\d{4}-\d\d-\d\d\b|\b\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?|\b0x[0-9a-f]+\b|\[\d+\]|\bpid \d+/gi

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-LINES_ALIKE).join('\n')
